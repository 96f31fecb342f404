import { assertBytes, concat, InputError, isBcd, toHex } from "../../apdu/index.js"
import { type DataElement, dataElements } from "./fields.js"
import type { Message, MessageFields } from "./message.js"

const MAC_LENGTH = 8
/** D, the only letter that a checked text of packed characters can hold. */
const SEPARATOR_NIBBLE = 0x0d

/**
 * Writes a message: type, bitmap of 8 or 16 bytes, data elements (host-iso8583 §1).
 *
 * @throws {InputError} naming the data element (`DE4`) that does not fit its format; `DE0` is the message type, `DE1` the bitmap
 * @example encodeMessage({ messageType: "0800", fields: { 11: "000001", 41: "ATM00001", 42: "SHEBAO000000001" } })
 */
export function encodeMessage(message: Message): Uint8Array {
  if (!/^\d{4}$/.test(message.messageType)) throw new InputError("DE0", "expected a message type of 4 digits")
  // Keys that are integers come in rising order.
  const numbers = Object.keys(message.fields)
    .map(Number)
    .filter((number) => message.fields[number as keyof MessageFields] !== undefined)
  const isLong = numbers.some((number) => number > 64)
  if (isLong && numbers.includes(64))
    throw new InputError("DE64", "expected the MAC in DE128, since there are elements above 64")
  // Only DE53 tells a reader that a PIN block has 16 bytes (host-iso8583 §4.4).
  if (message.fields[52]?.length === 16 && message.fields[53]?.[1] !== "3")
    throw new InputError("DE53", "expected SM4 as cipher of a PIN block of 16 bytes")
  const bitmap = new Uint8Array(isLong ? 16 : 8)
  if (isLong) bitmap[0] = 0x80
  const parts = numbers.map((number) => {
    bitmap[(number - 1) >> 3]! |= 0x80 >> ((number - 1) & 7)
    const element = dataElements.get(number)
    if (!element) throw new InputError(`DE${number}`, "expected one of the data elements in use")
    return encodeElement(element, message.fields[number as keyof MessageFields]!)
  })
  return concat(packNibbles(message.messageType, true), bitmap, ...parts)
}

/**
 * Reads a message. What it accepts, {@link encodeMessage} writes back byte for byte.
 *
 * @throws {InputError} naming the data element that is malformed; nothing else, whatever the bytes are
 */
export function decodeMessage(bytes: Uint8Array): Message {
  assertBytes("bytes", bytes)
  const reader = { bytes, at: 0 }
  const type = take(reader, 2, 0)
  if (!isBcd(type)) throw new InputError("DE0", "expected a message type of 4 digits")
  const numbers = readBitmap(reader)
  const fields: Record<number, string | Uint8Array> = {}
  for (const number of numbers) {
    const element = dataElements.get(number)
    if (!element) throw new InputError(`DE${number}`, "is not one of the data elements in use")
    fields[number] = decodeElement(element, reader, numbers)
  }
  if (reader.at < bytes.length)
    throw new InputError(
      `DE${numbers.at(-1) ?? 1}`,
      `expected the end of the message, got ${bytes.length - reader.at} bytes`,
    )
  return { messageType: toHex(type), fields: fields as MessageFields }
}

/**
 * The bytes a MAC is made over: everything before the MAC, which is the last element (host-iso8583 §9).
 *
 * @param bytes an encoded message that ends with DE64 or DE128
 */
export function macInput(bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, Math.max(0, bytes.length - MAC_LENGTH))
}

/** The MAC of a decoded message, from DE64 or DE128. */
export function messageMac(message: Message): Uint8Array | undefined {
  return message.fields[64] ?? message.fields[128]
}

/**
 * Writes a message with its MAC in DE64, or in DE128 when there are elements above 64.
 *
 * @param computeMac makes 8 bytes of the bytes before the MAC; see `lineMac` in crypto
 */
export function encodeWithMac(message: Message, computeMac: (input: Uint8Array) => Uint8Array): Uint8Array {
  const { 64: _short, 128: _long, ...fields } = message.fields
  const isLong = Object.entries(fields).some(([number, value]) => Number(number) > 64 && value !== undefined)
  const empty = new Uint8Array(MAC_LENGTH)
  const bytes = encodeMessage({
    messageType: message.messageType,
    fields: isLong ? { ...fields, 128: empty } : { ...fields, 64: empty },
  })
  const mac = computeMac(macInput(bytes))
  assertBytes("mac", mac, MAC_LENGTH)
  bytes.set(mac, bytes.length - MAC_LENGTH)
  return bytes
}

interface Reader {
  readonly bytes: Uint8Array
  at: number
}

function take(reader: Reader, length: number, number: number): Uint8Array {
  const left = reader.bytes.length - reader.at
  if (length > left) throw new InputError(`DE${number}`, `expected ${length} bytes, only ${left} are left`)
  const part = reader.bytes.slice(reader.at, reader.at + length)
  reader.at += length
  return part
}

function readBitmap(reader: Reader): number[] {
  const first = take(reader, 8, 1)
  const isLong = (first[0]! & 0x80) !== 0
  const bitmap = isLong ? concat(first, take(reader, 8, 1)) : first
  const numbers: number[] = []
  for (let number = 2; number <= 8 * bitmap.length; number++)
    if (bitmap[(number - 1) >> 3]! & (0x80 >> ((number - 1) & 7))) numbers.push(number)
  if (isLong && !numbers.some((number) => number > 64))
    throw new InputError("DE1", "expected a bitmap of 8 bytes, since there is no element above 64")
  if (isLong && numbers.includes(64))
    throw new InputError("DE64", "expected the MAC in DE128, since there are elements above 64")
  return numbers
}

function encodeElement(element: DataElement, value: string | Uint8Array): Uint8Array {
  const { number, format, length } = element
  const field = `DE${number}`
  if (format === "b" || format === "bVar" || format === "pinBlock") {
    if (!(value instanceof Uint8Array)) throw new InputError(field, "expected bytes")
    if (format === "bVar") return concat(lengthPrefix(element, value.length), value)
    const lengths = format === "pinBlock" ? [8, 16] : [length]
    if (!lengths.includes(value.length))
      throw new InputError(field, `expected ${lengths.join(" or ")} bytes, got ${value.length}`)
    return value
  }
  if (typeof value !== "string") throw new InputError(field, "expected text")
  checkText(element, value)
  switch (format) {
    case "n":
    case "nLeft":
      if (value.length !== length) throw new InputError(field, `expected ${length} digits, got ${value.length}`)
      return packNibbles(value, format === "n")
    case "nVar":
    case "z":
      return concat(lengthPrefix(element, value.length), packNibbles(value, false))
    case "nVarRight":
      return concat(lengthPrefix(element, value.length), packNibbles(value, true))
    case "an":
    case "ans":
      if (value.length > length)
        throw new InputError(field, `expected at most ${length} characters, got ${value.length}`)
      return ascii(value.padEnd(length, " "))
    case "anVar":
    case "ansVar":
      return concat(lengthPrefix(element, value.length), ascii(value))
  }
}

function decodeElement(element: DataElement, reader: Reader, numbers: readonly number[]): string | Uint8Array {
  const { number, format, length } = element
  const count = element.lengthDigits ? readLength(element, reader) : length
  switch (format) {
    case "b":
    case "bVar":
      return take(reader, count, number)
    case "pinBlock":
      return take(reader, numbers.includes(53) ? pinBlockLength(reader) : 8, number)
    case "an":
    case "ans":
    case "anVar":
    case "ansVar": {
      const text = String.fromCharCode(...take(reader, count, number))
      checkText(element, text)
      return element.lengthDigits ? text : text.replace(/ +$/, "")
    }
    default: {
      const isRight = format === "n" || format === "nVarRight"
      const nibbles = toHex(take(reader, Math.ceil(count / 2), number))
      const value = isRight ? nibbles.slice(nibbles.length - count) : nibbles.slice(0, count)
      const padding = isRight ? nibbles.slice(0, nibbles.length - count) : nibbles.slice(count)
      if (padding !== "" && padding !== "0") throw new InputError(`DE${number}`, "expected a zero as padding")
      checkText(element, value)
      return value
    }
  }
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

const PATTERNS: Readonly<Partial<Record<DataElement["format"], readonly [pattern: RegExp, expected: string]>>> = {
  n: [/^\d*$/, "decimal digits"],
  nLeft: [/^\d*$/, "decimal digits"],
  nVar: [/^\d*$/, "decimal digits"],
  nVarRight: [/^\d*$/, "decimal digits"],
  z: [/^[\dD]*$/, "digits and the separator D"],
  an: [/^[0-9A-Za-z ]*$/, "letters and digits"],
  anVar: [/^[0-9A-Za-z ]*$/, "letters and digits"],
  ans: [/^[ -~]*$/, "printable ASCII"],
  ansVar: [/^[ -~]*$/, "printable ASCII"],
}

function checkText({ number, format }: DataElement, text: string): void {
  const [pattern, expected] = PATTERNS[format]!
  if (!pattern.test(text)) throw new InputError(`DE${number}`, `expected ${expected}`)
}

function lengthPrefix({ number, length, lengthDigits }: DataElement, count: number): Uint8Array {
  if (count > length) throw new InputError(`DE${number}`, `expected a length of at most ${length}, got ${count}`)
  return packNibbles(String(count).padStart(lengthDigits === 2 ? 2 : 4, "0"), true)
}

function readLength({ number, length, lengthDigits }: DataElement, reader: Reader): number {
  const bytes = take(reader, lengthDigits === 2 ? 1 : 2, number)
  if (!isBcd(bytes)) throw new InputError(`DE${number}`, `expected a decimal length, got ${toHex(bytes)}`)
  const count = Number(toHex(bytes))
  if (count > length) throw new InputError(`DE${number}`, `expected a length of at most ${length}, got ${count}`)
  return count
}

// Plain loops: these two run for every element of every message.
function packNibbles(nibbles: string, isRight: boolean): Uint8Array {
  const bytes = new Uint8Array((nibbles.length + 1) >> 1)
  const shift = isRight ? nibbles.length % 2 : 0
  for (let i = 0; i < nibbles.length; i++) {
    const code = nibbles.charCodeAt(i)
    const nibble = code > 0x39 ? SEPARATOR_NIBBLE : code & 15
    bytes[(i + shift) >> 1]! |= (i + shift) % 2 === 0 ? nibble << 4 : nibble
  }
  return bytes
}

function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
