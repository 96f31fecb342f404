import { wrongInput } from "./errors.js"

const HEX_DIGITS = "0123456789ABCDEF"
const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => HEX_DIGITS[byte >> 4]! + HEX_DIGITS[byte & 15]!)
/** Value of a digit by its character code, 16 for what is none. */
const HEX_VALUES = new Uint8Array(128).fill(16)
for (let value = 0; value < 16; value++) {
  HEX_VALUES[HEX_DIGITS.charCodeAt(value)] = value
  HEX_VALUES[HEX_DIGITS.toLowerCase().charCodeAt(value)] = value
}

/**
 * Reads hexadecimal text; spaces, tabs and line breaks between digits are allowed.
 *
 * @param field what to call the text in an error message
 * @throws {InputError} when a character is not a hex digit or the number of digits is odd
 * @example hex("00 A4 0400") // Uint8Array [0, 0xa4, 4, 0]
 */
export function hex(text: string, field = "hex"): Uint8Array {
  return plainHex(text) ?? spacedHex(text, field)
}

/** Digits and nothing else, as nearly always. */
function plainHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    const [high, low] = [HEX_VALUES[text.charCodeAt(2 * i)], HEX_VALUES[text.charCodeAt(2 * i + 1)]]
    if (!(high! < 16 && low! < 16)) return undefined
    bytes[i] = (high! << 4) | low!
  }
  return bytes
}

function spacedHex(text: string, field: string): Uint8Array {
  const digits = text.replace(/\s+/g, "")
  const wrong = /[^0-9a-fA-F]/.exec(digits)
  if (wrong)
    throw wrongInput(
      field,
      `只能是十六进制数字,收到${JSON.stringify(wrong[0])}`,
      `expected hexadecimal digits, got ${JSON.stringify(wrong[0])}`,
    )
  if (digits.length % 2 !== 0)
    throw wrongInput(
      field,
      `十六进制数字应成对,收到${digits.length}个`,
      `expected an even number of hex digits, got ${digits.length}`,
    )
  const bytes = new Uint8Array(digits.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/**
 * Writes bytes as upper-case hexadecimal text.
 *
 * @example toHex(Uint8Array.of(0x90, 0)) // "9000"
 */
export function toHex(bytes: Uint8Array, separator = ""): string {
  let text = ""
  for (let i = 0; i < bytes.length; i++) text += (i > 0 ? separator : "") + HEX_PAIRS[bytes[i]!]
  return text
}

/** Writes a non-negative integer as upper-case hex with at least `digits` digits. @example hexNumber(0x61, 4) // "0061" */
export function hexNumber(value: number, digits = 2): string {
  return value.toString(16).toUpperCase().padStart(digits, "0")
}

/** Copying by a loop is faster than `set` up to about this many bytes. */
const LOOP_LIMIT = 48

/** Joins byte strings. Numbers stand for single bytes. @example concat(0x83, value.length, value) */
export function concat(...parts: (Uint8Array | number)[]): Uint8Array {
  let length = 0
  for (const part of parts) length += typeof part === "number" ? 1 : part.length
  const joined = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    if (typeof part === "number") joined[at++] = part
    else if (part.length > LOOP_LIMIT) {
      joined.set(part, at)
      at += part.length
    } else for (let i = 0; i < part.length; i++) joined[at++] = part[i]!
  }
  return joined
}

/** True when both have the same bytes. Not for secrets: see `constantTimeEqual` in crypto. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Bitwise exclusive or of two byte strings of one length. @throws {RangeError} when the lengths differ */
export function xorBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length !== b.length) throw new RangeError(`b: expected ${a.length} bytes like a, got ${b.length}`)
  const mixed = new Uint8Array(a.length)
  for (let i = 0; i < a.length; i++) mixed[i] = a[i]! ^ b[i]!
  return mixed
}

/** Bitwise NOT of every byte. */
export function notBytes(bytes: Uint8Array): Uint8Array {
  const inverse = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) inverse[i] = ~bytes[i]!
  return inverse
}

/** Two bytes, big endian. @throws {RangeError} outside 0..65535 */
export function uint16(value: number): Uint8Array {
  assertInteger("value", value, 0, 0xffff)
  return Uint8Array.of(value >> 8, value & 0xff)
}

/** Four bytes, big endian. @throws {RangeError} outside 0..2^32-1 */
export function uint32(value: number): Uint8Array {
  assertInteger("value", value, 0, 0xffff_ffff)
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)
}

/** Reads two bytes, big endian. */
export function readUint16(bytes: Uint8Array, offset = 0): number {
  return (bytes[offset]! << 8) | bytes[offset + 1]!
}

/** Reads four bytes, big endian, as an unsigned number. */
export function readUint32(bytes: Uint8Array, offset = 0): number {
  return bytes[offset]! * 0x100_0000 + ((bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!)
}

/**
 * Checks that an argument is a byte string, of one of the given lengths where there are any.
 *
 * @throws {TypeError} when it is no Uint8Array
 * @throws {RangeError} when its length is none of those
 */
export function assertBytes(name: string, value: Uint8Array, ...lengths: number[]): void {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name}: expected a Uint8Array, got ${typeof value}`)
  if (lengths.length > 0 && !lengths.includes(value.length))
    throw new RangeError(`${name}: expected ${lengths.join(" or ")} bytes, got ${value.length}`)
}

/** Checks that an argument is an integer in min..max. @throws {RangeError} otherwise */
export function assertInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new RangeError(`${name}: expected an integer in ${min}..${max}, got ${value}`)
}
