import { buildDol, type DolEntry, hex } from "../../apdu/index.js"
import { sha1 } from "../../crypto/index.js"
import { TVR } from "../../dictionary/index.js"
import { parseDolOf } from "./processing-options.js"
import type { TransactionState } from "./transaction-state.js"

const [TC_HASH, TDOL] = [0x98, 0x97]
/** Used when the card has none (financial-emv §26). */
const DEFAULT_TDOL = hex("9F02069F03069F1A0295055F2A029A039C019F3704")

/**
 * Hashes what the TDOL names when a list of the card asks for the TC hash, tag 98 (EMV Book 3 §9.2.2). A default TDOL is
 * noted in the TVR.
 *
 * @throws {CardDataError} when the card's TDOL is malformed
 */
export function hashTransaction({ data, verification }: TransactionState, list: readonly DolEntry[]): void {
  if (!list.some(({ tag }) => tag === TC_HASH)) return
  const own = data.get(TDOL)
  if (!own) verification.set(TVR.defaultTdol)
  data.set(TC_HASH, sha1(buildDol(parseDolOf(own ?? DEFAULT_TDOL, TDOL), data.lookup)))
}
