import { assertInteger } from "./bytes.js"
import { InputError, wrongInput } from "./errors.js"

const F = 0x46

/**
 * Packs decimal digits two a byte, right aligned with leading zeros (format `n`, EMV Book 3 §4.3).
 *
 * @param length size of the result in bytes
 * @param field what to call the digits in an error message
 * @throws {InputError} when a character is no decimal digit or the digits do not fit
 * @example bcdRight("50000", 6) // 000000050000
 */
export function bcdRight(digits: string, length: number, field = "digits"): Uint8Array {
  assertDigits(digits, length, field)
  return pack(digits.padStart(2 * length, "0"))
}

/**
 * Packs decimal digits two a byte, left aligned with trailing F nibbles (format `cn`, card-structure §1.1).
 *
 * @param length size of the result in bytes
 * @param field what to call the digits in an error message
 * @throws {InputError} when a character is no decimal digit or the digits do not fit
 * @example bcdLeft("6217000000000000046", 10) // 6217000000000000046F
 */
export function bcdLeft(digits: string, length: number, field = "digits"): Uint8Array {
  assertDigits(digits, length, field)
  return pack(digits.padEnd(2 * length, "F"))
}

/**
 * Reads packed digits up to the first F nibble; all bytes FF give the empty string.
 *
 * @param field what to call the bytes in an error message
 * @throws {InputError} when a nibble before that is A..E
 * @example bcdDigits(hex("12345F")) // "12345"
 */
export function bcdDigits(bytes: Uint8Array, field = "digits"): string {
  let digits = ""
  for (let i = 0; i < 2 * bytes.length; i++) {
    const nibble = nibbleAt(bytes, i)
    if (nibble === 15) break
    if (nibble > 9) throw new InputError(field, `expected packed decimal digits, got nibble ${i} outside 0..9`)
    digits += nibble
  }
  return digits
}

/** True when every nibble is a decimal digit: a date, a time or an amount, but no F padding. */
export function isBcd(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >> 4 > 9 || (bytes[i]! & 15) > 9) return false
  return true
}

/** True for digits followed by nothing but F nibbles: what {@link bcdLeft} writes. */
export function isPaddedBcd(bytes: Uint8Array): boolean {
  let padding = false
  for (let i = 0; i < 2 * bytes.length; i++) {
    const nibble = nibbleAt(bytes, i)
    if (nibble === 15) padding = true
    else if (padding || nibble > 9) return false
  }
  return true
}

function nibbleAt(bytes: Uint8Array, index: number): number {
  const byte = bytes[index >> 1]!
  return index % 2 === 0 ? byte >> 4 : byte & 15
}

function pack(nibbles: string): Uint8Array {
  const bytes = new Uint8Array(nibbles.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = (nibble(nibbles, 2 * i) << 4) | nibble(nibbles, 2 * i + 1)
  return bytes
}

/** A digit, or the letter F. */
function nibble(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code === F ? 15 : code & 15
}

function assertDigits(digits: string, length: number, field: string): void {
  assertInteger("length", length, 0, 0xffff)
  if (!/^\d*$/.test(digits)) throw wrongInput(field, "只能是十进制数字", "expected decimal digits only")
  if (digits.length > 2 * length)
    throw wrongInput(
      field,
      `最多${2 * length}位数字,收到${digits.length}位`,
      `expected at most ${2 * length} digits, got ${digits.length}`,
    )
}
