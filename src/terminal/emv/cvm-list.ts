import { readUint32 } from "../../apdu/index.js"
import { CardDataError } from "./card-data-error.js"

/** Cardholder verification methods, low six bits of a rule's first byte (EMV Book 3 annex C3, financial-emv §26). */
export const CVM = {
  FAIL: 0x00,
  PLAIN_PIN: 0x01,
  ONLINE_PIN: 0x02,
  PLAIN_PIN_AND_SIGNATURE: 0x03,
  ENCIPHERED_PIN: 0x04,
  ENCIPHERED_PIN_AND_SIGNATURE: 0x05,
  SIGNATURE: 0x1e,
  NONE: 0x1f,
  /** PBOC: the holder shows the identity document that tags 9F61 and 9F62 name. */
  SHOW_DOCUMENT: 0x20,
} as const

/** One rule of a cardholder verification list. */
export interface CvmRule {
  /** First byte as the card gives it, for tag 9F34. */
  readonly code: number
  /** Low six bits of the code: one of {@link CVM}, or something unknown. */
  readonly method: number
  /** Go on with the next rule when this one fails. */
  readonly continueOnFailure: boolean
  readonly condition: number
}

/** Tag 8E taken apart. */
export interface CvmList {
  /** X and Y, in units of the application currency. */
  readonly amountX: number
  readonly amountY: number
  readonly rules: readonly CvmRule[]
}

/**
 * Reads a cardholder verification list, tag 8E (EMV Book 3 §10.5).
 *
 * @throws {CardDataError} when it is shorter than 10 bytes or of odd length (financial-emv §27)
 */
export function parseCvmList(bytes: Uint8Array): CvmList {
  if (bytes.length < 10 || bytes.length % 2 !== 0)
    throw new CardDataError(0x8e, `expected an even number of bytes, at least 10, got ${bytes.length}`)
  const rules: CvmRule[] = []
  for (let i = 8; i < bytes.length; i += 2) {
    const code = bytes[i]!
    rules.push({
      code,
      method: code & 0x3f,
      continueOnFailure: (code & 0x40) !== 0,
      condition: bytes[i + 1]!,
    })
  }
  return { amountX: readUint32(bytes, 0), amountY: readUint32(bytes, 4), rules }
}
