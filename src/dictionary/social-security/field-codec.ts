import {
  assertInteger,
  bcdDigits,
  bcdLeft,
  concat,
  decodeText,
  encodeText,
  hex,
  InputError,
  toHex,
  wrongInput,
} from "../../apdu/index.js"
import { roundYuan } from "../money.js"
import { packRecord, unpackRecord } from "./fixed-layout.js"
import type { FieldDefinition, FixedFile } from "./types.js"

/**
 * A field's value outside the card, as it stands in a profile or in JSON: text (AN), digits (CN), hexadecimal text (B), an
 * integer (DEC, HEX4 and counts; money in fen), or the items of a list by id. An item that is not written is missing.
 */
export type FieldValue = string | number | { readonly [item: string]: FieldValue | undefined }

/** How a blank card is filled where the specification leaves it open. */
export interface CodecOptions {
  /** Byte of an unwritten CN field, default FF (card-structure §1.1). */
  readonly blankCn?: "FF" | "00"
  /** Prefix of field names in error messages, for example `files.SSSE.holder`. */
  readonly path?: string
}

/**
 * Writes the value of a field as the card stores it (card-structure §1.1): AN left aligned in GBK with 00 behind, CN with
 * F nibbles behind, integers with 00 in front, B-TLV as its items in order.
 *
 * A number for a money field is fen; text is yuan and rounds half up at the second decimal (card-structure §9.5).
 *
 * @param value `undefined` for a field that is not written
 * @returns exactly `field.length` bytes
 * @throws {InputError} naming the field and what does not fit; the value itself is not repeated, it may be personal
 * @example encodeField(findField(tables, "nation")!.field, "01") // 01
 */
export function encodeField(
  field: FieldDefinition,
  value: FieldValue | undefined,
  options: CodecOptions = {},
): Uint8Array {
  const name = options.path ? `${options.path}.${field.id}` : field.id
  if (value === undefined || value === "") return emptyField(field, options)
  if (field.items) return encodeItems(field, field.items, value, { ...options, path: name })
  if (field.type === "DEC" || field.type === "HEX4" || field.format === "count")
    return encodeInteger(field, value, name)
  if (typeof value !== "string") throw wrongInput(name, "应为文本", `expected text, got ${typeof value}`)
  if (field.type === "AN") return encodeText(value, field.length, { field: name })
  if (field.type === "CN") return bcdLeft(value, field.length, name)
  const bytes = hex(value, name)
  if (bytes.length > field.length)
    throw wrongInput(
      name,
      `最多${field.length}字节,收到${bytes.length}字节`,
      `expected at most ${field.length} bytes, got ${bytes.length}`,
    )
  return concat(bytes, new Uint8Array(field.length - bytes.length))
}

/**
 * Reads the value of a field. Its length need not be the defined one: real cards differ.
 *
 * @returns `undefined` when the field was never written: all 00 or all FF; for integers all FF alone
 * @throws {InputError} when CN has a nibble A..E before its padding, or a list does not parse
 */
export function decodeField(field: FieldDefinition, bytes: Uint8Array): FieldValue | undefined {
  const isInteger = field.type === "DEC" || field.type === "HEX4" || field.format === "count"
  if (bytes.every((byte) => byte === 0xff)) return undefined
  if (isInteger) return decodeInteger(field, bytes)
  if (bytes.every((byte) => byte === 0)) return undefined
  if (field.items) return decodeItems(field, field.items, bytes)
  if (field.type === "AN") return decodeText(bytes) || undefined
  if (field.type === "CN") return bcdDigits(bytes, field.id) || undefined
  return toHex(bytes)
}

/** The bytes of a field that nobody has written: 00, for CN FF or 00; a list with all its items empty. */
export function emptyField(field: FieldDefinition, options: CodecOptions = {}): Uint8Array {
  if (field.items) return concat(...field.items.map((item) => tagged(item, emptyField(item, options))))
  const bytes = new Uint8Array(field.length)
  return field.type === "CN" && options.blankCn !== "00" ? bytes.fill(0xff) : bytes
}

/** A record of a variable-length file: tag, length, value. @throws {RangeError} when the field has no tag */
export function encodeRecord(
  field: FieldDefinition,
  value: FieldValue | undefined,
  options: CodecOptions = {},
): Uint8Array {
  return tagged(field, encodeField(field, value, options))
}

/**
 * Takes a record of a variable-length file apart. The tag is one plain byte and so is the length (card-structure §1.2).
 *
 * @returns `undefined` when the bytes are no such record
 */
export function splitRecord(record: Uint8Array): { tag: number; value: Uint8Array } | undefined {
  if (record.length < 2 || record[1] !== record.length - 2) return undefined
  return { tag: record[0]!, value: record.subarray(2) }
}

/**
 * Writes a record of fixed length from the values of its fields.
 *
 * @throws {InputError} naming a field that does not fit, or one that the record does not have
 */
export function encodeFixedRecord(
  file: FixedFile,
  values: Readonly<Record<string, FieldValue | undefined>>,
  options: CodecOptions = {},
): Uint8Array {
  refuseUnknown(file.fields, values, options.path ?? file.id)
  const parts = file.fields.map((field) => [field.id, encodeField(field, values[field.id], options)] as const)
  return packRecord(file, Object.fromEntries(parts))
}

/**
 * Reads the fields of a record of fixed length.
 *
 * @returns values by field id; `undefined` when the whole record was never written
 * @throws {InputError} when it is shorter than the record, or a field does not parse
 */
export function decodeFixedRecord(
  file: FixedFile,
  record: Uint8Array,
): Record<string, FieldValue | undefined> | undefined {
  if (record.length < file.recordLength)
    throw new InputError(file.id, `expected a record of ${file.recordLength} bytes, got ${record.length}`)
  if (record.every((byte) => byte === 0) || record.every((byte) => byte === 0xff)) return undefined
  const parts = unpackRecord(file, record)
  return Object.fromEntries(file.fields.map((field) => [field.id, decodeField(field, parts[field.id]!)]))
}

function encodeItems(
  field: FieldDefinition,
  items: readonly FieldDefinition[],
  value: FieldValue,
  options: CodecOptions,
): Uint8Array {
  if (typeof value !== "object") {
    const ids = items.map((item) => item.id)
    throw wrongInput(options.path!, `应为对象,字段有${ids.join("、")}`, `expected an object with ${ids.join(", ")}`)
  }
  refuseUnknown(items, value, options.path!)
  const bytes = concat(...items.map((item) => tagged(item, encodeField(item, value[item.id], options))))
  assertInteger(`${field.id}.length`, bytes.length, field.length, field.length)
  return bytes
}

function decodeItems(field: FieldDefinition, items: readonly FieldDefinition[], bytes: Uint8Array) {
  const values: Record<string, FieldValue> = {}
  let at = 0
  while (at < bytes.length) {
    // Behind a shorter list the rest of the record is padding.
    if (bytes.subarray(at).every((byte) => byte === 0) || bytes.subarray(at).every((byte) => byte === 0xff)) break
    const end = at + 2 + (bytes[at + 1] ?? 0)
    if (at + 2 > bytes.length || end > bytes.length)
      throw new InputError(field.id, `expected a list of tag, length, value, got half an item at offset ${at}`)
    const item = items.find((candidate) => candidate.tag === bytes[at])
    const value = item && decodeField(item, bytes.subarray(at + 2, end))
    if (value !== undefined) values[item!.id] = value
    at = end
  }
  // An amount of 0 alone is what an unwritten list holds.
  return Object.values(values).some((value) => value !== 0) ? values : undefined
}

function encodeInteger(field: FieldDefinition, value: FieldValue, name: string): Uint8Array {
  const integer =
    typeof value === "number"
      ? value
      : typeof value !== "string"
        ? Number.NaN
        : field.format === "money"
          ? roundYuan(value, name)
          : /^\d{1,15}$/.test(value)
            ? Number(value)
            : Number.NaN
  const maximum = 256 ** field.length - 1
  if (!Number.isInteger(integer) || integer < 0 || integer > maximum)
    throw wrongInput(name, `应为0至${maximum}的整数`, `expected an integer in 0..${maximum}`)
  return Uint8Array.from({ length: field.length }, (_, i) => Math.floor(integer / 256 ** (field.length - 1 - i)) % 256)
}

function decodeInteger(field: FieldDefinition, bytes: Uint8Array): number {
  if (bytes.length > 6) throw new InputError(field.id, `expected an integer of at most 6 bytes, got ${bytes.length}`)
  return bytes.reduce((value, byte) => value * 256 + byte, 0)
}

function tagged(field: FieldDefinition, value: Uint8Array): Uint8Array {
  if (field.tag === undefined) throw new RangeError(`field: expected a field with a tag, got ${field.id}`)
  return concat(field.tag, value.length, value)
}

function refuseUnknown(
  fields: readonly FieldDefinition[],
  values: Readonly<Record<string, FieldValue | undefined>>,
  path: string,
): void {
  for (const id of Object.keys(values))
    if (!fields.some((field) => field.id === id)) {
      const ids = fields.map((field) => field.id)
      throw wrongInput(`${path}.${id}`, `应为${ids.join("、")}之一`, `expected one of ${ids.join(", ")}`)
    }
}
