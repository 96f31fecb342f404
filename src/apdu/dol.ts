import { hexNumber } from "./bytes.js"
import { InputError } from "./errors.js"

/** One entry of a data object list: which value, in how many bytes. */
export interface DolEntry {
  readonly tag: number
  readonly length: number
}

/** A value for a data object list, and how it is shortened or padded. */
export interface DolValue {
  readonly value: Uint8Array
  /** `n` numeric, `cn` compressed numeric, anything else `other`. */
  readonly format: "n" | "cn" | "other"
}

/**
 * Reads a data object list: PDOL, CDOL, DDOL (EMV Book 3 §5.4).
 *
 * @throws {InputError} when it ends inside an entry or holds a tag of more than three bytes
 * @example parseDol(hex("9F02069505")) // [{ tag: 0x9F02, length: 6 }, { tag: 0x95, length: 5 }]
 */
export function parseDol(bytes: Uint8Array): DolEntry[] {
  const entries: DolEntry[] = []
  let at = 0
  while (at < bytes.length) {
    const start = at
    let tag = bytes[at++]!
    if ((tag & 0x1f) === 0x1f) {
      do {
        if (at - start === 3) throw wrong(start, "a tag of more than 3 bytes")
        if (at >= bytes.length) throw wrong(start, "half a tag")
        tag = tag * 256 + bytes[at]!
      } while ((bytes[at++]! & 0x80) !== 0)
    }
    if (at >= bytes.length) throw wrong(start, `no length after tag ${hexNumber(tag)}`)
    entries.push({ tag, length: bytes[at++]! })
  }
  return entries
}

function wrong(offset: number, what: string): InputError {
  return new InputError("dol", `expected a list of tags and lengths, got ${what} at offset ${offset}`)
}

/**
 * Builds the data that a data object list asks for, without tags (EMV Book 3 §5.4).
 *
 * A value that is too long loses its leftmost bytes when it is `n`, else its rightmost; one that is too short gets
 * leading zeros (`n`), trailing FF (`cn`) or trailing zeros. What `lookup` does not know becomes zeros.
 *
 * @example buildDol(parseDol(pdol), (tag) => values.get(tag))
 */
export function buildDol(entries: readonly DolEntry[], lookup: (tag: number) => DolValue | undefined): Uint8Array {
  const data = new Uint8Array(dolLength(entries))
  let at = 0
  for (const { tag, length } of entries) {
    const found = lookup(tag)
    if (found) writeValue(data, at, length, found)
    at += length
  }
  return data
}

function writeValue(data: Uint8Array, at: number, length: number, { value, format }: DolValue): void {
  const missing = length - value.length
  if (format === "n") {
    for (let i = Math.max(missing, 0); i < length; i++) data[at + i] = value[i - missing]!
    return
  }
  for (let i = 0; i < length && i < value.length; i++) data[at + i] = value[i]!
  if (format === "cn") for (let i = value.length; i < length; i++) data[at + i] = 0xff
}

/**
 * Cuts data into the values of a list. A tag that stands twice keeps its last value.
 *
 * @returns views of `data` by tag; `undefined` when its length is not the sum of the lengths
 */
export function splitDol(entries: readonly DolEntry[], data: Uint8Array): Map<number, Uint8Array> | undefined {
  if (data.length !== dolLength(entries)) return undefined
  const values = new Map<number, Uint8Array>()
  let at = 0
  for (const { tag, length } of entries) {
    values.set(tag, data.subarray(at, at + length))
    at += length
  }
  return values
}

/** How many bytes of data a list asks for. */
export function dolLength(entries: readonly DolEntry[]): number {
  return entries.reduce((sum, entry) => sum + entry.length, 0)
}
