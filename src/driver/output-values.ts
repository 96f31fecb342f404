import { bcdDigits, decodeText, isPaddedBcd, toHex } from "../apdu/index.js"
import { decodeField, type FieldDefinition, type FixedFile, formatYuan } from "../dictionary/index.js"

/** Bytes of a field as the driver gives them: one part, or several of a list or record. */
type Part = readonly [field: FieldDefinition, bytes: Uint8Array]

/**
 * Writes the bytes of a field as text (driver-api §3.4): AN without the zeros behind it, CN as digits without F, B as
 * hexadecimal digits, money in yuan, the items of a list joined with `,`. A field that was never written is empty.
 *
 * @example outputValue(findField(tables, "birthDate")!.field, hex("19900101")) // "19900101"
 */
export function outputValue(field: FieldDefinition, bytes: Uint8Array): string {
  if (!field.items) return plainValue(field, bytes)
  const parts = itemsOf(field.items, bytes)
  return parts ? joinParts(parts) : toHex(bytes)
}

/** Writes a record of fixed length: its fields joined with `,`; empty when it was never written. */
export function outputRecord(file: FixedFile, record: Uint8Array): string {
  if (isBlank(record)) return ""
  const parts = file.fields.map((field): Part => [field, record.subarray(field.offset, field.offset! + field.length)])
  return joinParts(parts)
}

/** Writes a part of a record of fixed length. */
export function outputPart(file: FixedFile, record: Uint8Array, id: string): string {
  const field = file.fields.find((candidate) => candidate.id === id)!
  return plainValue(field, record.subarray(field.offset, field.offset! + field.length))
}

/** Joined with `,`, or with `^` where a part holds a comma: both are read back (driver-api §3.3). */
function joinParts(parts: readonly Part[]): string {
  const texts = parts.map(([field, bytes]) => plainValue(field, bytes))
  if (texts.every((text) => text === "")) return ""
  return texts.join(texts.some((text) => text.includes(",")) ? "^" : ",")
}

function plainValue(field: FieldDefinition, bytes: Uint8Array): string {
  // Any number is one, 0 and the largest too.
  if (field.format === "count" && field.type === "B") return toHex(bytes)
  if (bytes.every((byte) => byte === 0xff)) return ""
  if (field.type === "DEC" || field.type === "HEX4") {
    const value = decodeField(field, bytes) as number
    return field.format === "money" ? formatYuan(value) : String(value)
  }
  if (isBlank(bytes)) return ""
  if (field.type === "AN") return withoutSeparators(decodeText(bytes))
  return field.type === "CN" && isPaddedBcd(bytes) ? bcdDigits(bytes) : toHex(bytes)
}

/** Nobody has written here (card-structure §1.1). */
const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 0xff)

/** The items of a list by their tags; undefined when the bytes are no list of tag, length, value. */
function itemsOf(items: readonly FieldDefinition[], bytes: Uint8Array): Part[] | undefined {
  const found = new Map<number, Uint8Array>()
  for (let at = 0; at < bytes.length; ) {
    const rest = bytes.subarray(at)
    if (isBlank(rest)) break
    const end = 2 + (rest[1] ?? 0)
    if (rest.length < 2 || end > rest.length) return undefined
    if (!found.has(rest[0]!)) found.set(rest[0]!, rest.subarray(2, end))
    at += end
  }
  return items.map((item): Part => [item, found.get(item.tag!) ?? new Uint8Array(0)])
}

/** What a card holds must not look like two values to whoever takes the output apart. */
function withoutSeparators(text: string): string {
  return text.replaceAll("|", "｜").replaceAll("$", "＄")
}
