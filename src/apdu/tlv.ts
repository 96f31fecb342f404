import { assertInteger, concat, hexNumber } from "./bytes.js"
import { InputError } from "./errors.js"

/** One BER-TLV data object (ISO 7816-4 §5.2.2). */
export interface Tlv {
  /** The tag bytes as one big-endian number: 0x84, 0x9F38, 0xBF0C, 0xDF8121. */
  readonly tag: number
  /** A view of the bytes that were parsed, not a copy. */
  readonly value: Uint8Array
  /** The objects inside, of a constructed tag only. */
  readonly children?: Tlv[]
}

/** How much {@link parseTlv} puts up with. */
export interface ParseTlvOptions {
  /**
   * `strict` (default) refuses trailing bytes, padding, indefinite and non-minimal lengths, tags of more than
   * three bytes and nesting deeper than 16.
   *
   * `lenient` is for what real cards send: it skips bytes 00 and FF between objects, takes lengths that are longer
   * than needed, gives the objects before the first broken one, and leaves `children` away (or short) where the inside
   * of a constructed tag does not parse. It never throws.
   */
  mode?: "strict" | "lenient"
}

const MAXIMUM_DEPTH = 16
const MAXIMUM_TAG_BYTES = 3

/**
 * Reads a list of BER-TLV data objects.
 *
 * Values are views of `bytes`. First bytes 00 and FF are padding, never a tag (ISO 7816-4 §5.2.2.1).
 *
 * @throws {InputError} in strict mode, with the offset where it goes wrong
 * @example findTlv(parseTlv(hex("6F088406A00000033301")), 0x84)?.value
 */
export function parseTlv(bytes: Uint8Array, options: ParseTlvOptions = {}): Tlv[] {
  return parseList(bytes, 0, bytes.length, options.mode !== "lenient", 1)
}

function parseList(bytes: Uint8Array, start: number, end: number, strict: boolean, depth: number): Tlv[] {
  const list: Tlv[] = []
  let at = start
  while (at < end) {
    const first = bytes[at]!
    if (!strict && (first === 0x00 || first === 0xff)) {
      at++
      continue
    }
    const tagEnd = endOfTag(bytes, at, end, strict)
    const valueStart = tagEnd === undefined ? undefined : endOfLength(bytes, tagEnd, end, strict)
    if (tagEnd === undefined || valueStart === undefined) return list
    const valueEnd = valueStart + readLength(bytes, tagEnd)
    if (valueEnd > end) {
      if (strict) throw wrong(at, `a value of ${valueEnd - valueStart} bytes, only ${end - valueStart} are left`)
      return list
    }
    const tag = readNumber(bytes, at, tagEnd)
    const value = bytes.subarray(valueStart, valueEnd)
    if ((first & 0x20) === 0) list.push({ tag, value })
    else if (depth < MAXIMUM_DEPTH)
      list.push({ tag, value, children: parseList(bytes, valueStart, valueEnd, strict, depth + 1) })
    else if (strict) throw wrong(at, `nesting deeper than ${MAXIMUM_DEPTH}`)
    else list.push({ tag, value })
    at = valueEnd
  }
  return list
}

function endOfTag(bytes: Uint8Array, start: number, end: number, strict: boolean): number | undefined {
  const first = bytes[start]!
  if (strict && (first === 0x00 || first === 0xff)) throw wrong(start, `padding byte ${hexNumber(first)}`)
  let at = start + 1
  if ((first & 0x1f) !== 0x1f) return at
  if (strict && bytes[at] === 0x80) throw wrong(start, "a tag number with leading zeros")
  while (at < end && at - start < MAXIMUM_TAG_BYTES) if ((bytes[at++]! & 0x80) === 0) return at
  if (strict) throw wrong(start, at < end ? `a tag of more than ${MAXIMUM_TAG_BYTES} bytes` : "half a tag")
  return undefined
}

function endOfLength(bytes: Uint8Array, start: number, end: number, strict: boolean): number | undefined {
  const first = bytes[start]!
  if (start < end && first < 0x80) return start + 1
  const valueStart = start + 1 + (first & 0x7f)
  if (start >= end || first === 0x80 || first > 0x84 || valueStart > end) {
    if (strict) throw wrong(start, start < end ? `length byte ${hexNumber(first)}` : "no length")
    return undefined
  }
  // ISO 8825-1 §10.1: the shortest form of a length is the only one.
  if (strict && (bytes[start + 1] === 0 || (first === 0x81 && bytes[start + 1]! < 0x80)))
    throw wrong(start, "a length that is longer than needed")
  return valueStart
}

function readLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!
  return first < 0x80 ? first : readNumber(bytes, at + 1, at + 1 + (first & 0x7f))
}

function readNumber(bytes: Uint8Array, start: number, end: number): number {
  let number = 0
  for (let i = start; i < end; i++) number = number * 256 + bytes[i]!
  return number
}

function wrong(offset: number, what: string): InputError {
  return new InputError("tlv", `expected well-formed BER-TLV, got ${what} at offset ${offset}`)
}

/** Finds the first object with a tag, depth first. */
export function findTlv(list: readonly Tlv[], tag: number): Tlv | undefined {
  for (const object of list) {
    if (object.tag === tag) return object
    const inside = object.children && findTlv(object.children, tag)
    if (inside) return inside
  }
  return undefined
}

/**
 * Writes one data object. An array is a list of encoded parts, joined.
 *
 * @throws {RangeError} when the tag is no well-formed BER tag of one to three bytes
 * @example encodeTlv(0x70, [encodeTlv(0x5A, pan), encodeTlv(0x5F34, Uint8Array.of(1))])
 */
export function encodeTlv(tag: number, value: Uint8Array | readonly Uint8Array[]): Uint8Array {
  const body = value instanceof Uint8Array ? value : concat(...value)
  return concat(tagBytes(tag), lengthBytes(body.length), body)
}

/** The one to three bytes of a tag. @throws {RangeError} when they are no well-formed BER tag */
export function tagBytes(tag: number): Uint8Array {
  assertInteger("tag", tag, 1, 0xffffff)
  const bytes =
    tag < 0x100
      ? Uint8Array.of(tag)
      : tag < 0x10000
        ? Uint8Array.of(tag >> 8, tag)
        : Uint8Array.of(tag >> 16, tag >> 8, tag)
  const last = bytes.length - 1
  const wellFormed =
    bytes[0] !== 0xff &&
    (last === 0) === ((bytes[0]! & 0x1f) !== 0x1f) &&
    (last === 0 || bytes[last]! < 0x80) &&
    (last < 2 || bytes[1]! > 0x80)
  if (!wellFormed) throw new RangeError(`tag: expected the bytes of a BER tag, got ${hexNumber(tag)}`)
  return bytes
}

/** A length in the shortest BER form, one to five bytes. @throws {RangeError} outside 0..2^32-1 */
export function lengthBytes(length: number): Uint8Array {
  assertInteger("length", length, 0, 0xffff_ffff)
  if (length < 0x80) return Uint8Array.of(length)
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Uint8Array.of(0x80 | bytes.length, ...bytes)
}
