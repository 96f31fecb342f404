import { assertBytes, InputError, isBcd, toHex } from "../../apdu/index.js"
import { type DataElement, dataElements } from "./fields.js"
import type { Message, MessageFields } from "./message.js"
import { type Reader, readElement, readerOf, take } from "./read-element.js"
import { packDigits, writeElement } from "./write-element.js"

const MAC_LENGTH = 8
const [SHORT_MAC, LONG_MAC] = [64, 128]
/** Elements that a third bitmap could announce are refused as well, not passed over. */
const HIGHEST_NUMBER = 192
const [TYPE_LENGTH, SHORT_BITMAP, LONG_BITMAP] = [2, 8, 16]
/** Where the first element is written; type and bitmap, of one length or the other, end here. */
const BODY_START = TYPE_LENGTH + LONG_BITMAP

const ELEMENTS: readonly (DataElement | undefined)[] = Array.from({ length: HIGHEST_NUMBER + 1 }, (_, number) =>
  dataElements.get(number),
)
const LONGEST = [...dataElements.values()].reduce((sum, { length }) => sum + length + 2, BODY_START)

/** Messages are written here and cut out: their length is known only at the end. */
const scratch = new Uint8Array(LONGEST)

type AnyFields = Readonly<Record<number, string | Uint8Array | undefined>>

/**
 * Writes a message: type, bitmap of 8 or 16 bytes, data elements (host-iso8583 §1).
 *
 * @throws {InputError} naming the data element (`DE4`) that does not fit its format; `DE0` is the message type, `DE1` the bitmap
 * @example encodeMessage({ messageType: "0800", fields: { 11: "000001", 41: "ATM00001", 42: "SHEBAO000000001" } })
 */
export function encodeMessage(message: Message): Uint8Array {
  return write(message, false)
}

/**
 * Writes a message with zeros in the place of its MAC: the last 8 bytes, DE64 or, with elements above it, DE128.
 *
 * @throws as {@link encodeMessage}
 */
export function encodeForMac(message: Message): Uint8Array {
  return write(message, true)
}

function write({ messageType, fields }: Message, isForMac: boolean): Uint8Array {
  if (!/^\d{4}$/.test(messageType)) throw new InputError("DE0", "expected a message type of 4 digits")
  // Only DE53 tells a reader that a PIN block has 16 bytes (host-iso8583 §4.4).
  if (fields[52]?.length === 16 && fields[53]?.[1] !== "3")
    throw new InputError("DE53", "expected SM4 as cipher of a PIN block of 16 bytes")
  const values = fields as AnyFields
  scratch.fill(0, 0, BODY_START)
  let highest = 0
  let at = BODY_START
  for (let number = 0; number <= HIGHEST_NUMBER; number++) {
    const value = values[number]
    if (value === undefined || (isForMac && isMac(number))) continue
    const element = ELEMENTS[number]
    if (!element) throw new InputError(`DE${number}`, "expected one of the data elements in use")
    announce(number)
    at = writeElement(element, value, scratch, at)
    highest = number
  }
  const isLong = highest > SHORT_MAC
  if (isLong && !isForMac && values[SHORT_MAC] !== undefined)
    throw new InputError("DE64", "expected the MAC in DE128, since there are elements above 64")
  if (isForMac) {
    announce(isLong ? LONG_MAC : SHORT_MAC)
    scratch.fill(0, at, at + MAC_LENGTH)
    at += MAC_LENGTH
  }
  if (isLong) announce(1)
  else scratch.copyWithin(BODY_START - SHORT_BITMAP, TYPE_LENGTH, TYPE_LENGTH + SHORT_BITMAP)
  const start = isLong ? 0 : BODY_START - SHORT_BITMAP - TYPE_LENGTH
  packDigits(messageType, true, scratch, start)
  return scratch.slice(start, at)
}

const isMac = (number: number) => number === SHORT_MAC || number === LONG_MAC

/** Sets the bit of an element in the bitmap. */
function announce(number: number): void {
  scratch[TYPE_LENGTH + ((number - 1) >> 3)]! |= 0x80 >> ((number - 1) & 7)
}

/**
 * Reads a message. What it accepts, {@link encodeMessage} writes back byte for byte.
 *
 * @throws {InputError} naming the data element that is malformed; nothing else, whatever the bytes are
 */
export function decodeMessage(bytes: Uint8Array): Message {
  assertBytes("bytes", bytes)
  const reader = readerOf(bytes)
  const type = take(reader, TYPE_LENGTH, 0)
  if (!isBcd(type)) throw new InputError("DE0", "expected a message type of 4 digits")
  const last = lastAnnounced(bytes, readBitmap(reader))
  const hasSecurityControl = isAnnounced(bytes, 53)
  const fields: Record<number, string | Uint8Array> = {}
  // The last place first: room for all is made once, instead of growing.
  if (last > 1) fields[last] = ""
  for (let number = 2; number <= last; number++) {
    if (!isAnnounced(bytes, number)) continue
    const element = ELEMENTS[number]
    if (!element) throw new InputError(`DE${number}`, "is not one of the data elements in use")
    fields[number] = readElement(element, reader, hasSecurityControl)
  }
  if (reader.at < bytes.length)
    throw new InputError(`DE${last}`, `expected the end of the message, got ${bytes.length - reader.at} bytes`)
  return { messageType: toHex(type), fields: fields as MessageFields }
}

function isAnnounced(bytes: Uint8Array, number: number): boolean {
  return (bytes[TYPE_LENGTH + ((number - 1) >> 3)]! & (0x80 >> ((number - 1) & 7))) !== 0
}

/** The number of the last element, 1 when there is none. */
function lastAnnounced(bytes: Uint8Array, highest: number): number {
  for (let number = highest; number > 1; number--) if (isAnnounced(bytes, number)) return number
  return 1
}

/** @returns the highest number that the bitmap can announce */
function readBitmap(reader: Reader): 64 | 128 {
  const first = take(reader, SHORT_BITMAP, 1)
  if ((first[0]! & 0x80) === 0) return 64
  if (take(reader, SHORT_BITMAP, 1).every((byte) => byte === 0))
    throw new InputError("DE1", "expected a bitmap of 8 bytes, since there is no element above 64")
  if ((first[7]! & 1) !== 0)
    throw new InputError("DE64", "expected the MAC in DE128, since there are elements above 64")
  return 128
}

/**
 * The bytes a MAC is made over: everything before the MAC, which is the last element (host-iso8583 §9).
 *
 * @param bytes an encoded message that ends with DE64 or DE128
 * @returns a view of them
 */
export function macInput(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, Math.max(0, bytes.length - MAC_LENGTH))
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
  const bytes = encodeForMac(message)
  const mac = computeMac(macInput(bytes))
  assertBytes("mac", mac, MAC_LENGTH)
  bytes.set(mac, bytes.length - MAC_LENGTH)
  return bytes
}
