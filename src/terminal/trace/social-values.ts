import { type ByteRange, type CommandApdu, readUint32, toHex } from "../../apdu/index.js"
import {
  describeFieldBytes,
  type FieldDefinition,
  type FileDefinition,
  formatYuan,
  type Label,
  splitRecord,
} from "../../dictionary/index.js"
import { say, type TraceValue, type ValueStyle } from "./values.js"

const NOT_WRITTEN: Label = { en: "(not written)", zh: "(未写入)" }

/** The fields of a record, or of a transparent file's content, by the file that is selected. */
export function fileValues(file: FileDefinition, bytes: Uint8Array, style: ValueStyle): TraceValue[] {
  if (bytes.length === 0) return []
  if (file.structure === "transparent") return [fieldValue(file.field, bytes, style)]
  if (file.structure === "variable") {
    const record = splitRecord(bytes)
    const field = record && fieldByTag(file, record.tag)
    return field ? [fieldValue(field, record.value, style)] : []
  }
  return file.fields.map((field) =>
    fieldValue(field, bytes.subarray(field.offset!, field.offset! + field.length), style),
  )
}

function fieldByTag(file: FileDefinition, tag: number): FieldDefinition | undefined {
  return file.structure === "variable" ? file.records.find((record) => record.field.tag === tag)?.field : undefined
}

function fieldValue(field: FieldDefinition, bytes: Uint8Array, style: ValueStyle): TraceValue {
  const isHidden = style.masked && field.mask === "hidden"
  const text = isHidden ? "***" : describeFieldBytes(field, bytes, style.language, { masked: style.masked })
  return { name: say(style, field.name), value: text || say(style, NOT_WRITTEN), depth: 0 }
}

/**
 * Which bytes of a record or of file content the tables call personal. What a mask shows of a value in words, it shows
 * of the bytes: an identity number 6 and 4 characters, a card number 2 and 2, of all else nothing.
 */
export function personalBytes(file: FileDefinition, bytes: Uint8Array): ByteRange[] {
  if (file.structure === "transparent") return file.field.mask ? [{ start: 0, end: bytes.length }] : []
  if (file.structure === "variable") {
    // By its announced length: the rest of a record may still be on its way.
    const field = bytes.length > 0 ? fieldByTag(file, bytes[0]!) : undefined
    return field ? fieldRanges(field, 2, 2 + (bytes[1] ?? 0)) : []
  }
  return file.fields.flatMap((field) => fieldRanges(field, field.offset!, field.offset! + field.length))
}

function fieldRanges({ mask, items }: FieldDefinition, start: number, end: number): ByteRange[] {
  switch (mask) {
    case undefined:
      return items?.some((item) => item.mask) ? [{ start, end }] : []
    case "id":
      return [{ start: start + 6, end: end - 4 }]
    case "cardNumber":
      return [{ start: start + 2, end: end - 2 }]
    default:
      return [{ start, end }]
  }
}

/** GET BALANCE of the medical account: amount, and for the sums of a year the year (card-commands §10.1). */
export function medicalBalanceValues(data: Uint8Array, style: ValueStyle): TraceValue[] {
  if (data.length < 4) return []
  const amount = { name: say(style, { en: "amount", zh: "金额" }), value: formatYuan(readUint32(data)), depth: 0 }
  if (data.length < 6) return [amount]
  const year = { name: say(style, { en: "year", zh: "年度" }), value: toHex(data.subarray(4, 6)), depth: 0 }
  return [amount, year]
}

/** Which records a READ RECORD or UPDATE RECORD names: `record 2`, `tag 09`. */
export function recordName({ p1, p2 }: CommandApdu, style: ValueStyle): string {
  const byNumber = (p2 & 0x07) === 0x04 || (p1 === 0 && (p2 & 0x07) === 0x03)
  const what = byNumber ? { en: "record", zh: "记录" } : { en: "tag", zh: "标签" }
  const which = byNumber ? String(p1) : toHex(Uint8Array.of(p1))
  return `${say(style, what)} ${which}`
}
