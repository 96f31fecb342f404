import type { Argv } from "yargs"
import { hexNumber, maskCommand, statusWord, type Transport, toHex } from "../../apdu/index.js"
import { formatExchange, type KeyFacts, readIdentity, type TraceEntry, traceTransport } from "../../terminal/index.js"
import { givenSteps, isExpected, parseScript, type ScriptStep } from "../apdu-script.js"
import { complete } from "../apdu-shell/completion.js"
import { mayBeKept, openHistory } from "../apdu-shell/history.js"
import { type LineSource, pipedLines, terminalLines } from "../apdu-shell/lines.js"
import { runShell, type ShellSetting } from "../apdu-shell/shell.js"
import { type OpenedCard, withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { readText } from "../files.js"
import { inputError } from "../input-error.js"
import { type KeyArguments, keyOptions, keySourceKind, withKeys } from "../key-source.js"
import { type CardArguments, cardOptions, flag, homeFolder, type Say, value } from "../options.js"
import type { Output } from "../output.js"

interface ApduArguments extends CardArguments, KeyArguments {
  readonly hex?: readonly string[]
  readonly script?: string
  readonly expect?: boolean
  readonly decode?: boolean
}

export function builder(parser: Argv, say: Say) {
  return keyOptions(cardOptions(parser, say), say)
    .positional("hex", {
      type: "string",
      array: true,
      describe: say({
        en: "commands in hexadecimal; without any, and without a script, a shell (or lines from standard input)",
        zh: "十六进制指令;不给指令和脚本时进入交互环境(或读取标准输入)",
      }),
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
  const isShell = steps.length === 0 && args.script === undefined
  return withCard(args, output, async (card) => {
    const exchange = exchanger(card, { ...args, decode: isShell || (args.decode ?? false) }, output)
    const asExpected = isShell ? await shell(card, exchange, args, output) : await sendAll(steps, exchange)
    output.document({ ok: asExpected, exchanges: exchange.done })
    return asExpected ? EXIT.DONE : EXIT.REFUSED
  })
}

/** Sends steps, shows what comes, and keeps it for the document. */
interface Exchanger {
  /** The session with the decoder on it. */
  readonly card: Transport
  readonly done: object[]
  /** The card was reset. */
  forget(): void
  /** @returns true when the answer is as expected */
  send(step: ScriptStep, transport: Transport): Promise<boolean>
}

function exchanger(
  { session }: OpenedCard,
  { unsafeTrace = false, decode = false, expect = false }: ApduArguments,
  output: Output,
): Exchanger {
  const shown = (command: Uint8Array) => (unsafeTrace ? toHex(command) : maskCommand(command))
  const showDecoded = (entry: TraceEntry) => {
    for (const text of formatExchange(entry, output.language)) output.line(text)
  }
  const done: object[] = []
  const kept: Transport = {
    async transmit(command) {
      const response = await session.transmit(command)
      done.push({ command: shown(command), response, statusWord: hexNumber(statusWord(response), 4) })
      return response
    },
    close: () => session.close(),
  }
  const traced = decode ? traceTransport(kept, showDecoded, { unsafe: unsafeTrace }) : undefined
  return {
    card: traced ?? kept,
    done,
    forget: () => traced?.forget(),
    async send(step, transport) {
      const response = await transport.transmit(step.command)
      if (!decode) {
        output.line(`> ${shown(step.command)}`)
        output.line(`< ${toHex(response)}`)
      }
      const asExpected = isExpected(response, step, expect)
      done.push({ ...done.pop(), asExpected })
      if (!asExpected) output.remark(output.say(unexpected(step, response)))
      return asExpected
    },
  }
}

async function sendAll(steps: readonly ScriptStep[], exchange: Exchanger): Promise<boolean> {
  for (const step of steps) if (!(await exchange.send(step, exchange.card))) return false
  return true
}

async function shell(card: OpenedCard, exchange: Exchanger, args: ApduArguments, output: Output): Promise<boolean> {
  if (keySourceKind(args, card) === undefined) return runLines(card, exchange, args, output)
  return withKeys(args, card, output, async ({ service }) => {
    const facts = await factsOf(card)
    return runLines(card, exchange, args, output, facts && { keys: service, facts })
  })
}

/** What the keys of the card are found by; undefined for a card that is no social security card. */
async function factsOf({ session }: OpenedCard): Promise<KeyFacts | undefined> {
  const found = await readIdentity(session, session.atr)
  await session.reset()
  return found.ok ? found.identity : undefined
}

async function runLines(
  card: OpenedCard,
  exchange: Exchanger,
  args: ApduArguments,
  output: Output,
  keyed?: ShellSetting["keyed"],
): Promise<boolean> {
  let directory = ""
  const lines = shellLines(args, () => directory)
  try {
    return await runShell({
      session: card.session,
      card: exchange.card,
      lines,
      output,
      sendStep: exchange.send,
      readPin: () => readPin(lines, output),
      onReset: exchange.forget,
      onDirectory: (name) => {
        directory = name
      },
      ...(keyed && { keyed }),
    })
  } finally {
    lines.close()
  }
}

function shellLines(args: ApduArguments, directory: () => string): LineSource {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return pipedLines(process.stdin)
  const history = openHistory(homeFolder(args))
  return terminalLines({
    input: process.stdin,
    output: process.stdout,
    history: history.lines,
    complete: (line) => complete(line, directory()),
    onLine(line) {
      const kept = mayBeKept(line)
      if (kept) history.add(line)
      return kept
    },
  })
}

async function readPin(lines: LineSource, output: Output): Promise<string | undefined> {
  if (lines.interactive) return lines.secret(`${output.say({ en: "PIN", zh: "密码" })}: `)
  if (process.env.SHEBAO_PIN) return process.env.SHEBAO_PIN
  throw inputError("pin", { en: "no terminal to ask on: set SHEBAO_PIN", zh: "没有可输入的终端:请设置 SHEBAO_PIN" })
}

function unexpected({ line, pattern = "*9000" }: ScriptStep, response: Uint8Array) {
  const got = hexNumber(statusWord(response), 4)
  const where = line === undefined ? { en: "", zh: "" } : { en: `script line ${line}: `, zh: `脚本第 ${line} 行:` }
  return {
    en: `${where.en}expected ${pattern}, got an answer of ${response.length} bytes with status word ${got}`,
    zh: `${where.zh}应为 ${pattern},收到 ${response.length} 字节应答,状态字 ${got}`,
  }
}
