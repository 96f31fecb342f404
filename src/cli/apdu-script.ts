import { hex, isOk, toHex } from "../apdu/index.js"
import { inputError } from "./input-error.js"

/** A command to send, and the answer that it must have. */
export interface ScriptStep {
  /** Line of the script; undefined for a command from the command line. */
  readonly line: number | undefined
  readonly command: Uint8Array
  /** Hex digits, `.` for any digit, `*` for any number of digits. */
  readonly pattern: string | undefined
}

/**
 * Reads an APDU script: a command a line, `# comment`, `command = pattern` where an answer is expected.
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
    if (rest.length > 0) throw inputError(field, { en: "expected one `=`, got several", zh: "应只有一个 `=`" })
    if (pattern !== undefined && !/^[0-9A-Fa-f.*]+$/.test(pattern))
      throw inputError(field, {
        en: `expected hex digits, \`.\` and \`*\` behind \`=\`, got ${JSON.stringify(pattern)}`,
        zh: `\`=\` 之后应为十六进制数字、\`.\` 和 \`*\`,收到 ${JSON.stringify(pattern)}`,
      })
    steps.push({ line: index + 1, command: checkedCommand(command, field), pattern: pattern?.toUpperCase() })
  }
  return steps
}

/** A command in hex from the command line. @throws {InputError} naming the field */
export function checkedCommand(text: string, field: string): Uint8Array {
  const command = hex(text, field)
  if (command.length >= 4) return command
  throw inputError(field, {
    en: `expected a command of at least 4 bytes, got ${command.length}`,
    zh: `指令至少 4 字节,收到 ${command.length} 字节`,
  })
}

/** Commands from the command line as steps. @throws {InputError} naming the command by its place */
export function givenSteps(words: readonly string[]): ScriptStep[] {
  return words.map((text, index) => ({
    line: undefined,
    command: checkedCommand(text, `command ${index + 1}`),
    pattern: undefined,
  }))
}

/** True when an answer is what a step expects; without a pattern that is 9000, where `strict`, else anything. */
export function isExpected(response: Uint8Array, { pattern }: ScriptStep, strict: boolean): boolean {
  return pattern === undefined ? !strict || isOk(response) : fitsPattern(toHex(response), pattern)
}

/** True when an answer in hex fits the pattern. */
function fitsPattern(answer: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll(".", "[0-9A-F]").replaceAll("*", "[0-9A-F]*")}$`).test(answer)
}
