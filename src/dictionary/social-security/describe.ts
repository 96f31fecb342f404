import { maskCardNumber, maskId, maskName, maskPhone, toHex } from "../../apdu/index.js"
import { findCode, INSURED_KINDS, regionCodes } from "../codes/index.js"
import type { Language } from "../label.js"
import { formatYuan } from "../money.js"
import { decodeField, type FieldValue } from "./field-codec.js"
import type { FieldDefinition } from "./types.js"

/** How a value is to be shown. */
export interface DescribeOptions {
  /** Hides personal values as a log or trace must: identity numbers 6+4, names but for their last character. */
  readonly masked?: boolean
}

/**
 * Writes a value for people: codes by name, dates as 1990-01-01, money in yuan. A code outside its table is shown as it
 * is (card-structure §18.6).
 *
 * @returns the empty string for a field that is not written
 * @example describeFieldValue(findField(tables, "sex")!.field, "1", "zh") // "男"
 */
export function describeFieldValue(
  field: FieldDefinition,
  value: FieldValue | undefined,
  language: Language,
  options: DescribeOptions = {},
): string {
  if (value === undefined) return ""
  if (options.masked && field.mask) return maskValue(field.mask, String(value))
  if (typeof value === "object")
    return (field.items ?? [])
      .filter((item) => value[item.id] !== undefined)
      .map((item) => `${item.name[language]} ${describeFieldValue(item, value[item.id], language, options)}`)
      .join(language === "zh" ? "," : ", ")
  if (field.format === "money" && typeof value === "number") return formatYuan(value)
  const text = String(value)
  if (field.codes) return describeCodeOf(field.codes, text, language)
  return field.format === "insuredKinds" ? describeInsuredKinds(text, language) : formatDate(field.format, text)
}

/** The kinds whose character is 1; anything else than ten characters 0 and 1 as it is (card-structure §18.6). */
function describeInsuredKinds(text: string, language: Language): string {
  if (!/^[01]{10}$/.test(text)) return text
  const kinds = INSURED_KINDS.filter((_, index) => text[index] === "1").map((kind) => kind[language])
  return kinds.length > 0 ? kinds.join(language === "zh" ? "、" : ", ") : text
}

/**
 * Writes the bytes of a field for people, whatever they are: what does not decode is shown in hexadecimal. Never throws.
 */
export function describeFieldBytes(
  field: FieldDefinition,
  bytes: Uint8Array,
  language: Language,
  options: DescribeOptions = {},
): string {
  let value: FieldValue | undefined
  try {
    value = decodeField(field, bytes)
  } catch {
    return options.masked && field.mask ? "**".repeat(bytes.length) : toHex(bytes)
  }
  return describeFieldValue(field, value, language, options)
}

function maskValue(mask: NonNullable<FieldDefinition["mask"]>, text: string): string {
  switch (mask) {
    case "id":
      return maskId(text)
    case "name":
      return maskName(text)
    case "cardNumber":
      return maskCardNumber(text)
    case "phone":
      return maskPhone(text)
    case "hidden":
      return "***"
  }
}

// A region that is not listed shows its province's name: only with the number beside it is that true.
function describeCodeOf(codes: NonNullable<FieldDefinition["codes"]>, code: string, language: Language): string {
  const label = findCode(codes, code)?.[language]
  if (label === undefined) return code
  return codes === regionCodes ? `${code} ${label}` : label
}

function formatDate(format: FieldDefinition["format"], digits: string): string {
  if (!/^\d+$/.test(digits)) return digits
  const part = (start: number, end: number) => digits.slice(start, end)
  if (format === "date" && digits.length === 8) return `${part(0, 4)}-${part(4, 6)}-${part(6, 8)}`
  if (format === "month" && digits.length === 6) return `${part(0, 4)}-${part(4, 6)}`
  if (format === "dateTime" && digits.length === 14)
    return `${part(0, 4)}-${part(4, 6)}-${part(6, 8)} ${part(8, 10)}:${part(10, 12)}:${part(12, 14)}`
  return digits
}
