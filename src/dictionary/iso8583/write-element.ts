import { InputError } from "../../apdu/index.js"
import { checkText } from "./characters.js"
import type { DataElement } from "./fields.js"

/** D, the only letter that a checked text of packed characters can hold. */
const SEPARATOR_NIBBLE = 0x0d
const SPACE = 0x20

/** @throws {InputError} naming the element that `text` is too long or too short for */
function refuse({ number }: DataElement, expected: string): never {
  throw new InputError(`DE${number}`, expected)
}

/**
 * Writes one data element.
 *
 * @param at where in `target`
 * @returns where the next one stands
 * @throws {InputError} naming the element when the value does not fit its format
 */
export function writeElement(element: DataElement, value: string | Uint8Array, target: Uint8Array, at: number): number {
  const { format, length } = element
  if (format === "b" || format === "bVar" || format === "pinBlock") return writeBytes(element, value, target, at)
  if (typeof value !== "string") refuse(element, "expected text")
  checkText(element, value)
  switch (format) {
    case "n":
    case "nLeft":
      if (value.length !== length) refuse(element, `expected ${length} digits, got ${value.length}`)
      return packDigits(value, format === "n", target, at)
    case "nVar":
    case "z":
      return packDigits(value, false, target, writeLength(element, value.length, target, at))
    case "nVarRight":
      return packDigits(value, true, target, writeLength(element, value.length, target, at))
    case "an":
    case "ans":
      if (value.length > length) refuse(element, `expected at most ${length} characters, got ${value.length}`)
      target.fill(SPACE, writeAscii(value, target, at), at + length)
      return at + length
    case "anVar":
    case "ansVar":
      return writeAscii(value, target, writeLength(element, value.length, target, at))
  }
}

function writeBytes(element: DataElement, value: string | Uint8Array, target: Uint8Array, at: number): number {
  const { format, length } = element
  if (!(value instanceof Uint8Array)) refuse(element, "expected bytes")
  if (format === "bVar") {
    const start = writeLength(element, value.length, target, at)
    target.set(value, start)
    return start + value.length
  }
  const isOtherLength = format === "pinBlock" && value.length === 16
  if (value.length !== length && !isOtherLength)
    refuse(element, `expected ${format === "pinBlock" ? "8 or 16" : length} bytes, got ${value.length}`)
  target.set(value, at)
  return at + value.length
}

function writeLength(element: DataElement, count: number, target: Uint8Array, at: number): number {
  const { length, lengthDigits } = element
  if (count > length) refuse(element, `expected a length of at most ${length}, got ${count}`)
  let end = at
  if (lengthDigits === 3) target[end++] = Math.floor(count / 100)
  const rest = count % 100
  target[end++] = (Math.floor(rest / 10) << 4) | (rest % 10)
  return end
}

/**
 * Packs digits two a byte.
 *
 * @param isRight an odd count has its zero nibble in front, not behind
 */
export function packDigits(digits: string, isRight: boolean, target: Uint8Array, at: number): number {
  const shift = isRight ? digits.length & 1 : 0
  const end = at + ((digits.length + 1) >> 1)
  target.fill(0, at, end)
  for (let i = 0; i < digits.length; i++) {
    const code = digits.charCodeAt(i)
    const nibble = code > 0x39 ? SEPARATOR_NIBBLE : code & 15
    const place = i + shift
    target[at + (place >> 1)]! |= (place & 1) === 0 ? nibble << 4 : nibble
  }
  return end
}

function writeAscii(text: string, target: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) target[at + i] = text.charCodeAt(i)
  return at + text.length
}
