import type { Argv } from "yargs"
import { hexNumber, maskCommand, statusWord, toHex } from "../../apdu/index.js"
import { formatExchange, type TraceEntry, traceTransport } from "../../terminal/index.js"
import { givenSteps, isExpected, parseScript, type ScriptStep } from "../apdu-script.js"
import { withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { readText } from "../files.js"
import { inputError } from "../input-error.js"
import { type CardArguments, cardOptions, flag, type Say, value } from "../options.js"
import type { Output } from "../output.js"

interface ApduArguments extends CardArguments {
  readonly hex?: readonly string[]
  readonly script?: string
  readonly expect?: boolean
  readonly decode?: boolean
}

export function builder(parser: Argv, say: Say) {
  return cardOptions(parser, say)
    .positional("hex", {
      type: "string",
      array: true,
      describe: say({ en: "commands in hexadecimal", zh: "十六进制指令" }),
    })
    .option(
      "script",
      value(
        say({
          en: "file with a command a line; `# comment`; `command = pattern` expects an answer: `.` any digit, `*` any number of them",
          zh: "脚本文件:每行一条指令;`# 注释`;`指令 = 模式` 校验应答,`.` 为任一数字,`*` 为任意多个",
        }),
      ),
    )
    .option("expect", flag(say({ en: "expect 9000 where no pattern stands", zh: "没有模式的指令应答须为 9000" })))
    .option("decode", flag(say({ en: "show names and values as well", zh: "同时显示名称和数值" })))
}

export async function handler(args: ApduArguments, output: Output): Promise<number> {
  const script = args.script === undefined ? [] : parseScript(readText(args.script, "script"))
  const steps = [...givenSteps(args.hex ?? []), ...script]
  if (steps.length === 0)
    throw inputError("hex", {
      en: "expected commands in hexadecimal, or --script FILE",
      zh: "请给出十六进制指令,或用 --script 指定脚本文件",
    })
  const { unsafeTrace = false, decode = false, expect = false } = args
  const shown = (command: Uint8Array) => (unsafeTrace ? toHex(command) : maskCommand(command))
  return withCard(args, output, async ({ session }) => {
    const exchanges: object[] = []
    const showDecoded = (entry: TraceEntry) => {
      for (const text of formatExchange(entry, output.language)) output.line(text)
    }
    const card = decode ? traceTransport(session, showDecoded, { unsafe: unsafeTrace }) : session
    let asExpected = true
    for (const step of steps) {
      const { command } = step
      const response = await card.transmit(command)
      if (!decode) {
        output.line(`> ${shown(command)}`)
        output.line(`< ${toHex(response)}`)
      }
      asExpected = isExpected(response, step, expect)
      exchanges.push({
        command: shown(command),
        response,
        statusWord: hexNumber(statusWord(response), 4),
        asExpected,
      })
      if (asExpected) continue
      output.remark(output.say(unexpected(step, response)))
      break
    }
    output.document({ ok: asExpected, exchanges })
    return asExpected ? EXIT.DONE : EXIT.REFUSED
  })
}

function unexpected({ line, pattern = "*9000" }: ScriptStep, response: Uint8Array) {
  const got = hexNumber(statusWord(response), 4)
  const where = line === undefined ? { en: "", zh: "" } : { en: `script line ${line}: `, zh: `脚本第 ${line} 行:` }
  return {
    en: `${where.en}expected ${pattern}, got an answer of ${response.length} bytes with status word ${got}`,
    zh: `${where.zh}应为 ${pattern},收到 ${response.length} 字节应答,状态字 ${got}`,
  }
}
