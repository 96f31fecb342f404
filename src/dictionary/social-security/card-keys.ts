import { assertBytes, concat, InputError, toHex } from "../../apdu/index.js"
import { type Algorithm, deriveCardKey, testMasterKey } from "../../crypto/index.js"
import { type KeyDefinition, keyNamed } from "./keys.js"

/**
 * Which bytes of the answer to reset make a key the card's own: manufacturer and serial, 8 bytes; or the serial alone, 6
 * bytes with 0000 behind, as some cities have it (card-commands §9.1).
 */
export type CardFactorForm = "atr8" | "serial6+0000"

/** What a card key is derived from, besides its master key (card-commands §9.1). */
export interface CardFactors {
  /** Answer to reset, of which the last 8 historical bytes are the card factor. */
  readonly atr: Uint8Array
  /** Six digits, GB/T 2260, as in the first three bytes of the card identification code. */
  readonly region: string
  /** Default `atr8`. */
  readonly form?: CardFactorForm
}

/** The factor that makes a key the card's own, of the last historical bytes of the ATR. @returns 8 bytes */
export function cardFactor(atr: Uint8Array, form: CardFactorForm = "atr8"): Uint8Array {
  assertBytes("atr", atr)
  if (atr.length < 10) throw new InputError("atr", `expected at least 10 bytes, got ${atr.length}`)
  return form === "atr8" ? serialBytes(atr, 8) : concat(serialBytes(atr, 6), 0, 0)
}

/** What a reader puts in front of the historical bytes of a contactless card, whatever their number (PC/SC part 3). */
const CONTACTLESS = [0x80, 0x01] as const

/** True for the answer to reset that a reader makes up for a contactless card (card-structure §3.3). */
export function isContactlessAtr(atr: Uint8Array): boolean {
  return atr[1]! >> 4 === 8 && atr[2] === CONTACTLESS[0] && atr[3] === CONTACTLESS[1]
}

/** The last historical bytes. A contactless answer to reset has its check byte behind them (card-structure §3.3). */
export function serialBytes(atr: Uint8Array, count: number): Uint8Array {
  return isContactlessAtr(atr) ? atr.slice(-count - 1, -1) : atr.slice(-count)
}

/** The factor of a city: six digits and "sx" in ASCII. @example cityFactor("320800") // 3332303830307378 */
export function cityFactor(region: string): Uint8Array {
  return ascii(`${checkRegion(region)}sx`)
}

/** The factor of a province: its two digits, "0000" and "sh" in ASCII. @example provinceFactor("320800") */
export function provinceFactor(region: string): Uint8Array {
  return ascii(`${checkRegion(region).slice(0, 2)}0000sh`)
}

/**
 * The factors of a key from its master key inwards: [province,] city, card. A SAM wants them the other way round.
 *
 * @param levels 2 or 3, see `KeyDefinition.levels`
 */
export function diversificationFactors(levels: 2 | 3, { atr, region, form }: CardFactors): Uint8Array[] {
  const inner = [cityFactor(region), cardFactor(atr, form)]
  return levels === 3 ? [provinceFactor(region), ...inner] : inner
}

/**
 * The key that a test card holds: the published test master key of that name, diversified for the card
 * (card-structure §16.6, card-commands §9.1). Worthless as a secret.
 *
 * @returns 16 bytes
 * @throws {InputError} for an unknown key name, a short ATR or a region that is not six digits
 */
export function deriveTestCardKey(
  algorithm: Algorithm,
  keyOrName: string | KeyDefinition,
  factors: CardFactors,
): Uint8Array {
  const key = typeof keyOrName === "string" ? keyNamed(keyOrName) : keyOrName
  return deriveCardKey(algorithm, testMasterKey(algorithm, key.testId), diversificationFactors(key.levels, factors))
}

/** The region of a card as its identification code tells it. @param cardId 16 bytes */
export function regionOfCardId(cardId: Uint8Array): string {
  assertBytes("cardId", cardId, 16)
  return toHex(cardId.subarray(0, 3)).toLowerCase()
}

// Some cities carry hexadecimal digits in this place; the factor is their lower-case text (card-commands §9.1).
function checkRegion(region: string): string {
  if (!/^[0-9a-fA-F]{6}$/.test(region))
    throw new InputError("region", `expected six digits, got ${JSON.stringify(region)}`)
  return region.toLowerCase()
}

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
