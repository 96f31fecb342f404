import { InputError, toHex } from "../../apdu/index.js"
import { checkText } from "./characters.js"
import type { DataElement } from "./fields.js"

/** Bytes of a message and how far they are read. */
export interface Reader {
  readonly bytes: Uint8Array
  /** The same bytes. */
  readonly characters: Buffer
  at: number
}

export function readerOf(bytes: Uint8Array): Reader {
  return { bytes, characters: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), at: 0 }
}

/** Takes the next bytes, as a copy. @throws {InputError} naming the element that there are too few for */
export function take(reader: Reader, length: number, number: number): Uint8Array {
  const start = advance(reader, length, number)
  return reader.bytes.slice(start, reader.at)
}

function advance(reader: Reader, length: number, number: number): number {
  const start = reader.at
  const left = reader.bytes.length - start
  if (length > left) throw new InputError(`DE${number}`, `expected ${length} bytes, only ${left} are left`)
  reader.at = start + length
  return start
}

/**
 * Reads one data element.
 *
 * @param hasSecurityControl DE53 stands behind it, which tells the size of a PIN block
 * @throws {InputError} naming the element when it is malformed
 */
export function readElement(element: DataElement, reader: Reader, hasSecurityControl: boolean): string | Uint8Array {
  const { number, format, length } = element
  const count = element.lengthDigits ? readLength(element, reader) : length
  switch (format) {
    case "b":
    case "bVar":
      return take(reader, count, number)
    case "pinBlock":
      return take(reader, hasSecurityControl ? pinBlockLength(reader) : 8, number)
    case "an":
    case "ans":
    case "anVar":
    case "ansVar":
      return readAscii(element, reader, count)
    default:
      return readPacked(element, reader, count, format === "n" || format === "nVarRight")
  }
}

function readAscii(element: DataElement, reader: Reader, count: number): string {
  const start = advance(reader, count, element.number)
  const text = reader.characters.toString("latin1", start, reader.at)
  checkText(element, text)
  if (element.lengthDigits) return text
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end--
  return text.slice(0, end)
}

function readPacked(element: DataElement, reader: Reader, count: number, isRight: boolean): string {
  const start = advance(reader, (count + 1) >> 1, element.number)
  const nibbles = toHex(reader.bytes.subarray(start, reader.at))
  if (nibbles.length === count) {
    checkText(element, nibbles)
    return nibbles
  }
  const value = isRight ? nibbles.slice(1) : nibbles.slice(0, count)
  if (nibbles.charCodeAt(isRight ? 0 : count) !== 0x30)
    throw new InputError(`DE${element.number}`, "expected a zero as padding")
  checkText(element, value)
  return value
}

/**
 * DE53 says by which cipher the PIN block in front of it was made; SM4 gives 16 bytes (host-iso8583 §4.4). Its 14 last
 * digits are zeros, so that the right place is found by looking.
 */
function pinBlockLength({ bytes, at }: Reader): 8 | 16 {
  const isControl = (offset: number, isCipher: (digit: number) => boolean) =>
    bytes.length >= offset + 8 &&
    bytes[offset]! >> 4 <= 9 &&
    isCipher(bytes[offset]! & 15) &&
    bytes.subarray(offset + 1, offset + 8).every((byte) => byte === 0)
  if (isControl(at + 8, (digit) => digit <= 9 && digit !== 3)) return 8
  return isControl(at + 16, (digit) => digit === 3) ? 16 : 8
}

function readLength({ number, length, lengthDigits }: DataElement, reader: Reader): number {
  let count = 0
  for (let i = advance(reader, lengthDigits === 2 ? 1 : 2, number); i < reader.at; i++) {
    const [high, low] = [reader.bytes[i]! >> 4, reader.bytes[i]! & 15]
    if (high > 9 || low > 9) throw new InputError(`DE${number}`, "expected a decimal length")
    count = 100 * count + 10 * high + low
  }
  if (count > length) throw new InputError(`DE${number}`, `expected a length of at most ${length}, got ${count}`)
  return count
}
