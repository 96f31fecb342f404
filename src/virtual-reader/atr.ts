import { InputError, type Protocol } from "../apdu/index.js"

/** What an answer to reset says about itself. */
export interface AtrFacts {
  /** Protocols offered, the first one first; `T=0` where none is named. */
  readonly protocols: readonly Protocol[]
  readonly historicalBytes: Uint8Array
}

/**
 * Checks an answer to reset (ISO 7816-3 §8.2): 2 to 33 bytes, structure complete, TCK there exactly when another
 * protocol than T=0 is offered, and right. pcscd checks none of it (readers §2.7).
 *
 * @throws {InputError} field `atr`
 * @example checkAtr(hex("3B6D00000081543100866011081600 0000")).protocols // ["T=0"]
 */
export function checkAtr(atr: Uint8Array): AtrFacts {
  const wrong = (message: string) => new InputError("atr", message)
  if (atr.length < 2 || atr.length > 33) throw wrong(`expected 2 to 33 bytes, got ${atr.length}`)
  if (atr[0] !== 0x3b && atr[0] !== 0x3f) throw wrong("expected 3B or 3F as first byte")
  const historicalLength = atr[1]! & 15
  const offered: number[] = []
  let indicators = atr[1]! >> 4
  let at = 2
  while (indicators !== 0) {
    at += [1, 2, 4].filter((bit) => indicators & bit).length
    if ((indicators & 8) === 0) break
    const td = atr[at++]
    if (td === undefined) throw wrong("interface bytes are cut short")
    offered.push(td & 15)
    indicators = td >> 4
  }
  const needsCheck = offered.some((protocol) => protocol !== 0)
  const length = at + historicalLength + (needsCheck ? 1 : 0)
  if (atr.length !== length) throw wrong(`expected ${length} bytes by its own structure, got ${atr.length}`)
  if (needsCheck && atr.subarray(1).reduce((sum, byte) => sum ^ byte, 0) !== 0)
    throw wrong("the check byte TCK is wrong")
  const protocols = [...new Set(offered)].filter((protocol) => protocol < 2).map((n): Protocol => (n ? "T=1" : "T=0"))
  return {
    protocols: protocols.length > 0 ? protocols : ["T=0"],
    historicalBytes: atr.slice(at, at + historicalLength),
  }
}
