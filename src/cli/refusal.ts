import { hexNumber } from "../apdu/index.js"
import { exitCodeOfRefusal } from "./exit-codes.js"
import type { Text } from "./language.js"
import type { Output } from "./output.js"
import { triesText } from "./tries.js"

/** What every refusal of a card, a bank or a rule has in common. */
export interface PrintableRefusal {
  readonly code: string
  readonly reason: Text
  readonly rule?: string
  readonly statusWord?: number
  readonly triesLeft?: number
}

/** Codes whose reason tells already how many tries are left. */
const TELLS_TRIES = new Set(["PIN_WRONG", "LAST_TRY", "C10"])

/** A refusal in a line: why, how many tries are left, and the code of whoever refused. */
export function refusalText(output: Output, { code, reason, rule, statusWord, triesLeft }: PrintableRefusal): string {
  const number = statusWord === undefined ? undefined : hexNumber(statusWord, 4)
  const where = [code, rule, number].filter((part) => part !== undefined).join(", ")
  const tries = triesLeft === undefined || TELLS_TRIES.has(code) ? "" : `, ${output.say(triesText(triesLeft))}`
  return `${output.say({ en: "Refused", zh: "拒绝" })}: ${output.say(reason)}${tries} (${where})`
}

/** The same, coloured, for a command that ends with it. */
export function refusalLine(output: Output, refusal: PrintableRefusal): string {
  return output.paint("red", refusalText(output, refusal))
}

/** The same for programs. */
export function refusalDocument(output: Output, { code, reason, rule, statusWord, triesLeft }: PrintableRefusal) {
  return {
    ok: false,
    refusal: {
      code,
      reason: output.say(reason),
      ...(rule !== undefined && { rule }),
      ...(statusWord !== undefined && { statusWord: hexNumber(statusWord, 4) }),
      ...(triesLeft !== undefined && { triesLeft }),
    },
  }
}

/** Prints a refusal and gives the exit code for it. */
export function printRefusal(output: Output, refusal: PrintableRefusal): number {
  output.line(refusalLine(output, refusal))
  output.document(refusalDocument(output, refusal))
  return exitCodeOfRefusal(refusal)
}
