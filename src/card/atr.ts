import type { Protocol } from "../apdu/index.js"

/** In T0 and TDi: bit n says that interface character n of the group follows; bit 8 stands for TD. */
const TD_FOLLOWS = 0x80

/**
 * The protocol of a card by its answer to reset (ISO 7816-3 §8.2.3): T=1 where any TD character offers it, as readers
 * then choose it; T=0 otherwise, also without a TD1.
 *
 * @example protocolOfAtr(hex("3B6D00000081543100866011081600 0001")) // "T=0"
 */
export function protocolOfAtr(atr: Uint8Array): Protocol {
  let indicator = atr[1] ?? 0
  let at = 2
  while ((indicator & TD_FOLLOWS) !== 0) {
    for (let bit = 0x10; bit < TD_FOLLOWS; bit <<= 1) if ((indicator & bit) !== 0) at++
    indicator = atr[at++] ?? 0
    if ((indicator & 0x0f) === 1) return "T=1"
  }
  return "T=0"
}
