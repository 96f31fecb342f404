import { concat, hex, wrongInput } from "../../apdu/index.js"
import type { AtrSection } from "./schema-parts.js"

/** TS, T0 (TB1 and TC1 follow, 13 historical bytes), TB1 00, TC1 00: T=0 only, so no check byte (card-structure §3.1). */
const INTERFACE_BYTES = hex("3B6D0000")

/** Historical bytes before the serial: chip vendor, COS, card manufacturer (card-structure §3.1, financial-emv §13). */
const PRESETS = { ssc: hex("00815431008660"), bank: hex("53815431008660") } as const

/**
 * The answer to reset that a profile asks for.
 *
 * @throws {InputError} when the profile gives no whole ATR and no preset with serial or historical bytes
 */
export function profileAtr({ atr }: { readonly atr: AtrSection }): Uint8Array {
  if (atr.hex !== undefined) {
    if (atr.preset ?? atr.serial ?? atr.historical ?? atr.contactless)
      throw wrongInput(
        "atr",
        "应只给出hex,或给出preset与serial、或historical",
        "expected either hex alone, or a preset with serial or historical",
      )
    return hex(atr.hex, "atr.hex")
  }
  const historical = givenHistorical(atr)
  return atr.contactless ? contactlessAtr(historical) : concat(INTERFACE_BYTES, historical)
}

function givenHistorical(atr: AtrSection): Uint8Array {
  if (atr.historical !== undefined) {
    if (atr.serial !== undefined)
      throw wrongInput("atr", "serial与historical只能给出一个", "expected serial or historical, got both")
    return hex(atr.historical, "atr.historical")
  }
  if (atr.preset === undefined || atr.serial === undefined)
    throw wrongInput("atr", "应给出hex,或historical,或preset与serial", "expected hex, historical, or preset and serial")
  return concat(PRESETS[atr.preset], hex(atr.serial, "atr.serial"))
}

/** TS, T0 (TD1 follows, 13 historical bytes), TD1 80, TD2 01: as PC/SC part 3 writes the ATR of a contactless card. */
const CONTACTLESS_BYTES = hex("3B8D8001")

/** The same historical bytes as on contact, so that who skips four bytes finds them there too (card-structure §3.3). */
function contactlessAtr(historical: Uint8Array): Uint8Array {
  const bytes = concat(CONTACTLESS_BYTES, historical)
  return concat(
    bytes,
    bytes.subarray(1).reduce((sum, byte) => sum ^ byte, 0),
  )
}

/** What is wrong with an answer to reset (ISO 7816-3 §8.2; readers §2.7). */
export type AtrFault = "length" | "initialCharacter" | "truncated" | "checkByteMissing" | "checkByteWrong" | "trailing"

/**
 * Checks an answer to reset: 2 to 33 bytes, TS 3B or 3F, as many interface and historical bytes as it announces, and the
 * check byte TCK exactly when a protocol other than T=0 is indicated.
 *
 * @returns `undefined` when all is well
 */
export function atrFault(atr: Uint8Array): AtrFault | undefined {
  if (atr.length < 2 || atr.length > 33) return "length"
  if (atr[0] !== 0x3b && atr[0] !== 0x3f) return "initialCharacter"
  const historical = atr[1]! & 15
  let announced = atr[1]! >> 4
  let at = 2
  let onlyT0 = true
  while (announced !== 0) {
    const hasTd = (announced & 8) !== 0
    at += bits(announced & 7)
    if (!hasTd) break
    if (at >= atr.length) return "truncated"
    if ((atr[at]! & 15) !== 0) onlyT0 = false
    announced = atr[at]! >> 4
    at++
  }
  at += historical
  if (at > atr.length) return "truncated"
  if (onlyT0) return at === atr.length ? undefined : "trailing"
  if (at === atr.length) return "checkByteMissing"
  if (at + 1 !== atr.length) return "trailing"
  return atr.subarray(1).reduce((sum, byte) => sum ^ byte, 0) === 0 ? undefined : "checkByteWrong"
}

/** The historical bytes of a well-formed answer to reset; empty when it is not well formed. */
export function historicalBytes(atr: Uint8Array): Uint8Array {
  if (atrFault(atr) !== undefined) return new Uint8Array(0)
  const count = atr[1]! & 15
  let announced = atr[1]! >> 4
  let at = 2
  while (announced !== 0) {
    at += bits(announced & 7)
    if ((announced & 8) === 0) break
    announced = atr[at]! >> 4
    at++
  }
  return atr.slice(at, at + count)
}

function bits(nibble: number): number {
  return (nibble & 1) + ((nibble >> 1) & 1) + ((nibble >> 2) & 1)
}
