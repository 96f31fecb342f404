import { concat, encodeText, hex, InputError, isPaddedBcd } from "../apdu/index.js"
import { emptyField, encodeField, type FieldDefinition, type FixedFile } from "../dictionary/index.js"
import { type Answer, fail } from "./codes.js"

type Bytes = Answer<{ readonly bytes: Uint8Array }>

const ok = (bytes: Uint8Array): Bytes => ({ ok: true, bytes })

/**
 * Writes the text of a field as the card stores it (driver-api §3.3).
 *
 * @param text empty for a field that is to be blank; of a list its items in order, joined with `^` or `,`
 * @returns exactly `field.length` bytes; −23 for a text that is too long or has another number of items, −41 for a
 *   character that the type does not have, −42 for bytes of another number
 * @example inputValue(findField(tables, "birthDate")!.field, "19900101")
 */
export function inputValue(field: FieldDefinition, text: string): Bytes {
  if (text === "") return ok(emptyField(field))
  if (!field.items) return plainBytes(field, text)
  const parts = inputParts(field.items, text)
  if (!parts.ok) return parts
  return ok(concat(...field.items.flatMap((item, at) => [item.tag!, item.length, parts.values[at]!])))
}

/** Writes a record of fixed length from its parts in order. */
export function inputRecord(file: FixedFile, text: string): Bytes {
  const parts = inputParts(file.fields, text)
  return parts.ok ? ok(concat(...parts.values)) : parts
}

/** Writes the content of a transparent file; what is shorter is filled up with 00. */
export function inputContent(field: FieldDefinition, text: string): Bytes {
  const content = hexBytes(text)
  if (!content.ok || content.bytes.length > field.length) return content.ok ? fail("UNLAWFUL_DATA") : content
  return ok(concat(content.bytes, new Uint8Array(field.length - content.bytes.length)))
}

function inputParts(
  fields: readonly FieldDefinition[],
  text: string,
): Answer<{ readonly values: readonly Uint8Array[] }> {
  const texts = text.split(text.includes("^") ? "^" : ",")
  if (texts.length !== fields.length) return fail("UNLAWFUL_DATA")
  const values: Uint8Array[] = []
  for (const [at, field] of fields.entries()) {
    const part = inputValue(field, texts[at]!)
    if (!part.ok) return part
    values.push(part.bytes)
  }
  return { ok: true, values }
}

function plainBytes(field: FieldDefinition, text: string): Bytes {
  switch (field.type) {
    case "AN":
      return textBytes(field, text)
    case "CN":
      return digitBytes(field, text)
    case "DEC":
    case "HEX4":
      return numberBytes(field, text)
    default: {
      const bytes = hexBytes(text)
      if (!bytes.ok || bytes.bytes.length === field.length) return bytes
      return fail(bytes.bytes.length > field.length ? "UNLAWFUL_DATA" : "LENGTH")
    }
  }
}

function textBytes(field: FieldDefinition, text: string): Bytes {
  let encoded: Uint8Array
  try {
    encoded = encodeText(text, undefined)
  } catch (error) {
    if (error instanceof InputError) return fail("CHARACTER")
    throw error
  }
  return encoded.length > field.length ? fail("UNLAWFUL_DATA") : ok(encodeText(text, field.length))
}

function digitBytes(field: FieldDefinition, text: string): Bytes {
  if (!/^\d+$/.test(text)) return fail("CHARACTER")
  if (text.length > 2 * field.length) return fail("UNLAWFUL_DATA")
  const bytes = encodeField(field, text)
  return isPaddedBcd(bytes) ? ok(bytes) : fail("CHARACTER")
}

/** Money in yuan, rounded at the second decimal as drivers do (card-structure §9.5); other numbers as they are. */
function numberBytes(field: FieldDefinition, text: string): Bytes {
  if (!(field.format === "money" ? /^\d+(\.\d+)?$/ : /^\d+$/).test(text)) return fail("CHARACTER")
  try {
    return ok(encodeField(field, text))
  } catch (error) {
    if (error instanceof InputError) return fail("UNLAWFUL_DATA")
    throw error
  }
}

function hexBytes(text: string): Bytes {
  if (!/^[0-9a-fA-F]*$/.test(text)) return fail("CHARACTER")
  return text.length % 2 === 0 ? ok(hex(text)) : fail("LENGTH")
}
