import { answerType, encodeMessage, type Message, type MessageFields } from "../../dictionary/index.js"
import type { Answer } from "./context.js"
import { type BankTime, referenceNumber } from "./time.js"

/** Data elements of the request that its answer repeats (host-iso8583 §3). */
type Echoed = 2 | 3 | 4 | 7 | 11 | 12 | 13 | 25 | 32 | 33 | 41 | 42 | 49 | 90 | 102 | 103
const ECHOED: readonly Echoed[] = [2, 3, 4, 7, 11, 25, 32, 33, 41, 42, 49, 102, 103]
/** An answer to an advice repeats also what tells which request it was about. */
const ECHOED_ADVICE: readonly Echoed[] = [...ECHOED, 12, 13, 90]
const ECHOED_NETWORK: readonly Echoed[] = [11, 41, 42]

/** Type, batch and network code of DE60; what the terminal can do is not repeated. */
const PRIVATE_DIGITS = 11

function echoedNumbers({ messageType }: Message): readonly Echoed[] {
  if (messageType === "0800") return ECHOED_NETWORK
  return messageType === "0200" ? ECHOED : ECHOED_ADVICE
}

/** When an answer is given and what it is filed under. */
export interface AnswerStamp {
  readonly time: BankTime
  readonly reference: string
  /** YYYYMMDD; DE15. */
  readonly businessDate: string
}

export const stampNow = ({ fields }: Message, time: BankTime): AnswerStamp => ({
  time,
  reference: referenceNumber(time, fields[11] ?? "000000"),
  businessDate: time.businessDate,
})

/** The answer to a request, without a MAC. */
export function buildAnswer(request: Message, { code, fields }: Answer, stamp: AnswerStamp): Message {
  const { time, reference, businessDate } = stamp
  const answer: MessageFields = { 12: time.time, 13: time.day.slice(4) }
  for (const number of echoedNumbers(request)) {
    const value = request.fields[number]
    if (value !== undefined) answer[number] = value
  }
  const privateDigits = request.fields[60]
  if (privateDigits !== undefined) answer[60] = privateDigits.slice(0, PRIVATE_DIGITS)
  if (request.messageType !== "0800") answer[15] = businessDate.slice(4)
  answer[37] = reference
  answer[39] = code
  return { messageType: answerType(request.messageType), fields: Object.assign(answer, fields) }
}

/** Last byte of a bitmap of 8 and of 16 bytes, behind the message type; its last bit announces the MAC. */
const [SHORT_END, LONG_END, HAS_SECOND_BITMAP] = [9, 17, 0x80]

/** The bytes of an answer that its MAC is made over: what is kept, since a repeat may need the MAC of a newer key. */
export function encodeUnsigned(answer: Message): Uint8Array {
  const bytes = encodeMessage(answer)
  bytes[bytes[2]! & HAS_SECOND_BITMAP ? LONG_END : SHORT_END]! |= 1
  return bytes
}
