import { hexNumber } from "../apdu/index.js"
import { EXIT } from "./exit-codes.js"
import type { Text } from "./language.js"
import type { Output } from "./output.js"

/** What every refusal of a card, a bank or a rule has in common. */
export interface PrintableRefusal {
  readonly code: string
  readonly reason: Text
  readonly statusWord?: number
  readonly triesLeft?: number
}

/** Prints a refusal and gives the exit code for it. */
export function printRefusal(output: Output, refusal: PrintableRefusal, document: object = {}): number {
  const statusWord = refusal.statusWord === undefined ? undefined : hexNumber(refusal.statusWord, 4)
  const where = statusWord ? `${refusal.code}, ${statusWord}` : refusal.code
  output.line(
    output.paint("red", `${output.say({ en: "Refused", zh: "拒绝" })}: ${output.say(refusal.reason)} (${where})`),
  )
  output.document({
    ...document,
    ok: false,
    refusal: {
      code: refusal.code,
      reason: output.say(refusal.reason),
      ...(statusWord && { statusWord }),
      ...(refusal.triesLeft !== undefined && { triesLeft: refusal.triesLeft }),
    },
  })
  return EXIT.REFUSED
}
