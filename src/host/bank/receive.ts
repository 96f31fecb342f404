import { findTlv, InputError, isBcd, type Tlv, toHex } from "../../apdu/index.js"
import {
  decodeFrame,
  decodeIcData,
  decodeMessage,
  decodeOriginalData,
  decodePrivateData,
  decodePrivateDigits,
  decodeReplacementAmount,
  decodeScriptResults,
  type Frame,
  type FrameHead,
  type Message,
  type MessageFields,
  type PrivateData,
} from "../../dictionary/index.js"

/** A frame taken apart as far as it can be read. */
export interface Received {
  readonly head: FrameHead
  /** As much of the message as is needed to answer it. */
  readonly message: Message
  readonly data: PrivateData
  /** DE55, empty when there is none. */
  readonly chipData: readonly Tlv[]
  /** Message without head. */
  readonly bytes: Uint8Array
  /** What is wrong with its form; such a message is answered 30. */
  readonly fault?: string
}

/** Data elements without which a message is incomplete. Advices are asked for no more than they need: they must get through. */
const MANDATORY: Readonly<Record<string, readonly (keyof MessageFields)[]>> = {
  "0200": [2, 3, 7, 11, 12, 13, 18, 22, 25, 32, 41, 42, 49, 60],
  "0220": [2, 3, 4, 11, 13, 32, 41, 42, 48],
  "0420": [2, 3, 4, 11, 13, 32, 41, 42, 90],
  "0400": [2, 3, 4, 11, 13, 32, 41, 42],
  "0500": [11, 13, 32, 41, 42, 48, 60],
  "0620": [2, 11, 13, 32, 41, 42, 55],
  "0800": [11, 41, 42, 60],
}
const KEYED: readonly (keyof MessageFields)[] = [11, 41, 42]

const NOTHING_INSIDE: Pick<Received, "data" | "chipData"> = { data: {}, chipData: [] }

const DATE = /^(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/

/** Elements whose insides must be readable. @throws {InputError} naming the first that is not */
function readInsides({ fields }: Message): Pick<Received, "data" | "chipData"> {
  if (fields[13] !== undefined && !DATE.test(fields[13])) throw new InputError("DE13", "expected a date")
  if (fields[60] !== undefined) decodePrivateDigits(fields[60])
  if (fields[90] !== undefined) decodeOriginalData(fields[90])
  if (fields[95] !== undefined) decodeReplacementAmount(fields[95])
  const chipData = fields[55] === undefined ? [] : decodeIcData(fields[55])
  const scriptResults = findTlv(chipData, 0xdf31)
  if (scriptResults) decodeScriptResults(scriptResults.value)
  return { data: fields[48] === undefined ? {} : decodePrivateData(fields[48]), chipData }
}

/** Fixed widths in front of the STAN, in bytes: DE3, 4, 7, 11 (host-iso8583 §3). */
const HEAD_WIDTHS: readonly (readonly [number: 3 | 4 | 7 | 11, bytes: number])[] = [
  [3, 3],
  [4, 6],
  [7, 5],
  [11, 3],
]

/** Message type and STAN of a message that cannot be read as a whole, when at least these can. */
function readStart(bytes: Uint8Array): Message | undefined {
  const has = (number: number) => ((bytes[2 + ((number - 1) >> 3)] ?? 0) & (0x80 >> ((number - 1) & 7))) !== 0
  if (bytes.length < 10 || !isBcd(bytes.subarray(0, 2)) || !has(11)) return undefined
  let at = has(1) ? 18 : 10
  const fields: MessageFields = {}
  if (has(2)) {
    const length = bytes.subarray(at, at + 1)
    if (length.length === 0 || !isBcd(length)) return undefined
    at += 1 + Math.ceil(Number(toHex(length)) / 2)
  }
  for (const [number, width] of HEAD_WIDTHS) {
    if (!has(number)) continue
    const value = bytes.subarray(at, at + width)
    if (value.length < width || !isBcd(value)) return undefined
    fields[number] = toHex(value)
    at += width
  }
  return { messageType: toHex(bytes.subarray(0, 2)), fields }
}

/** A request has an even third digit: 0200, 0420; an answer an odd one. */
const isRequest = ({ messageType }: Message) => Number(messageType[2]) % 2 === 0

/**
 * Takes a frame apart and checks its form (duty 1 of host-iso8583 §14).
 *
 * @returns the reason when it cannot even be answered
 */
export function receive(frame: Uint8Array): Received | string {
  let head: Frame
  try {
    head = decodeFrame(frame)
  } catch (error) {
    return faultOf(error)
  }
  const bytes = head.message
  let message: Message | undefined
  try {
    message = decodeMessage(bytes)
    if (message.fields[11] === undefined) return "a message without a STAN"
    if (!isRequest(message)) return `a message of type ${message.messageType}, which is no request`
    const missing = missingElement(message)
    const { data, chipData } = readInsides(message)
    return missing === undefined
      ? { head, bytes, message, data, chipData }
      : { head, bytes, message, ...NOTHING_INSIDE, fault: `DE${missing}: is missing` }
  } catch (error) {
    const fault = faultOf(error)
    message ??= readStart(bytes)
    return message && isRequest(message) ? { head, bytes, message, ...NOTHING_INSIDE, fault } : fault
  }
}

function missingElement({ messageType, fields }: Message): keyof MessageFields | undefined {
  for (const number of MANDATORY[messageType] ?? KEYED) if (fields[number] === undefined) return number
  return undefined
}

function faultOf(error: unknown): string {
  if (error instanceof InputError) return error.message
  throw error
}
