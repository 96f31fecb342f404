import type { Argv } from "yargs"
import { hex, InputError, isOk, maskCommand, statusWord, toHex } from "../../apdu/index.js"
import { formatExchange, type TraceEntry, traceTransport } from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { readText } from "../files.js"
import { type CardArguments, cardOptions, outputOf } from "../options.js"

interface ApduArguments extends CardArguments {
  readonly hex?: readonly string[]
  readonly script?: string
  readonly expect: boolean
  readonly decode: boolean
}

export function builder(parser: Argv) {
  return cardOptions(parser)
    .positional("hex", { type: "string", array: true, describe: "commands in hexadecimal" })
    .option("script", {
      type: "string",
      describe: "file with a command a line; `# comment`; `command = pattern` expects an answer, `.` for any digit",
    })
    .option("expect", {
      type: "boolean",
      default: false,
      describe: "refuse any answer but 9000 where no pattern stands",
    })
    .option("decode", { type: "boolean", default: false, describe: "show names and values as well" })
}

/** A line of a script: a command, and the answer that it must have. */
export interface ScriptStep {
  readonly line: number
  readonly command: Uint8Array
  /** Hex digits, `.` for any digit, `*` for any number of digits. */
  readonly pattern: string | undefined
}

/**
 * Reads an APDU script.
 *
 * @throws {InputError} naming the line
 * @example parseScript("00A40000023F00 = *9000\n# comment") // one step
 */
export function parseScript(text: string): ScriptStep[] {
  const steps: ScriptStep[] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/#.*$/, "").trim()
    if (line === "") continue
    const [command = "", pattern, ...rest] = line.split("=").map((part) => part.replace(/\s+/g, ""))
    const field = `script line ${index + 1}`
    if (rest.length > 0) throw new InputError(field, "expected one `=`, got several")
    if (pattern !== undefined && !/^[0-9A-Fa-f.*]+$/.test(pattern))
      throw new InputError(field, `expected hex digits, \`.\` and \`*\` behind \`=\`, got ${JSON.stringify(pattern)}`)
    steps.push({ line: index + 1, command: checked(hex(command, field), field), pattern: pattern?.toUpperCase() })
  }
  return steps
}

function checked(command: Uint8Array, field: string): Uint8Array {
  if (command.length < 4) throw new InputError(field, `expected a command of at least 4 bytes, got ${command.length}`)
  return command
}

/** True when an answer in hex fits the pattern. */
export function fitsPattern(answer: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll("*", "[0-9A-F]*").replaceAll(".", "[0-9A-F]")}$`).test(answer)
}

export async function handler(args: ApduArguments): Promise<number> {
  const output = outputOf(args)
  const given = (args.hex ?? []).map((text, index) => ({
    line: index + 1,
    command: checked(hex(text, "hex"), "hex"),
    pattern: undefined,
  }))
  const steps = [...given, ...(args.script === undefined ? [] : parseScript(readText(args.script, "script")))]
  if (steps.length === 0) throw new InputError("hex", "expected commands in hex, or --script FILE")
  const shown = (command: Uint8Array) => (args.unsafeTrace ? toHex(command) : maskCommand(command))
  return withCard(args, output, async ({ session }) => {
    let decoded: TraceEntry | undefined
    const onEntry = (entry: TraceEntry) => {
      decoded = entry
    }
    const card = args.decode ? traceTransport(session, onEntry, { unsafe: args.unsafeTrace ?? false }) : session
    for (const { line, command, pattern } of steps) {
      const response = await card.transmit(command)
      const answer = toHex(response)
      const asExpected = pattern === undefined ? !args.expect || isOk(response) : fitsPattern(answer, pattern)
      if (decoded) for (const text of formatExchange(decoded, output.language)) output.line(text)
      else {
        output.line(`> ${shown(command)}`)
        output.line(`< ${answer}`)
      }
      output.document({ command: shown(command), response, statusWord: toHex(response.subarray(-2)), asExpected })
      if (!asExpected) {
        const wanted = pattern ?? "*9000"
        output.remark(
          output.say({
            en: `line ${line}: expected ${wanted}, got status word ${statusWord(response).toString(16).toUpperCase()}`,
            zh: `第 ${line} 行:应为 ${wanted},得到状态字 ${statusWord(response).toString(16).toUpperCase()}`,
          }),
        )
        return EXIT.REFUSED
      }
    }
    return EXIT.DONE
  })
}
