import { answerType, encodeWithMac, type Message, type MessageFields, macInput } from "../../dictionary/index.js"
import type { Answer } from "./context.js"
import { type BankTime, referenceNumber } from "./time.js"

/** Data elements of the request that its answer repeats (host-iso8583 §3). */
const ECHOED = [2, 3, 4, 7, 11, 25, 32, 33, 41, 42, 49, 102, 103] as const
/** An answer to an advice repeats also what tells which request it was about. */
const ECHOED_ADVICE = [...ECHOED, 12, 13, 90] as const
const ECHOED_NETWORK = [11, 41, 42] as const

/** Type, batch and network code of DE60; what the terminal can do is not repeated. */
const PRIVATE_DIGITS = 11

function echo(fields: Readonly<MessageFields>, numbers: readonly (keyof MessageFields)[]): MessageFields {
  return Object.fromEntries(
    numbers.flatMap((number) => (fields[number] === undefined ? [] : [[number, fields[number]]])),
  )
}

function echoOf({ messageType, fields }: Message): MessageFields {
  if (messageType === "0800") return echo(fields, ECHOED_NETWORK)
  return echo(fields, messageType === "0200" ? ECHOED : ECHOED_ADVICE)
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
  const isNetwork = request.messageType === "0800"
  return {
    messageType: answerType(request.messageType),
    fields: {
      12: time.time,
      13: time.day.slice(4),
      ...echoOf(request),
      ...(request.fields[60] !== undefined && { 60: request.fields[60].slice(0, PRIVATE_DIGITS) }),
      ...(!isNetwork && { 15: businessDate.slice(4) }),
      37: reference,
      39: code,
      ...fields,
    },
  }
}

/** The bytes of an answer that its MAC is made over: what is kept, since a repeat may need the MAC of a newer key. */
export function encodeUnsigned(answer: Message): Uint8Array {
  return macInput(encodeWithMac(answer, () => new Uint8Array(8)))
}
