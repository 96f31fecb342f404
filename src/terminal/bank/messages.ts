import { bcdDigits, toHex } from "../../apdu/index.js"
import {
  type BatchTotals,
  type DispenseOutcome,
  encodeIcData,
  encodeOriginalData,
  encodePrivateData,
  encodePrivateDigits,
  encodeReplacementAmount,
  fenDigits,
  type Message,
  type MessageFields,
  NETWORK_CODE,
  type NoteCount,
  REQUEST_TAGS,
  REVERSAL_TAGS,
  SCRIPT_RESULT_TAGS,
  SECURITY_CONTROL,
} from "../../dictionary/index.js"
import type { DataStore } from "../emv/index.js"
import type { LocalTime } from "./local-time.js"

const MAC_LENGTH = 8

/** A copy of the bytes with the MAC in its place. */
export function withMac(bytes: Uint8Array, computeMac: (input: Uint8Array) => Uint8Array): Uint8Array {
  const whole = bytes.slice()
  whole.set(computeMac(bytes.subarray(0, -MAC_LENGTH)), bytes.length - MAC_LENGTH)
  return whole
}

/** What kind of place a terminal stands in. */
export type TerminalKind = "atm" | "kiosk" | "teller" | "pos"

/** Who sends: the same in every message of a terminal. */
export interface Sender {
  readonly kind: TerminalKind
  readonly terminalId: string
  readonly merchantId: string
  /** DE32. */
  readonly acquirer: string
  /** Cipher of PIN blocks. */
  readonly algorithm: "3des" | "sm4"
  /** DE60.2, six digits. */
  readonly batch: string
}

/** What one financial request says beyond what every message of the terminal says. */
export interface FinancialRequest {
  /** DE3, one of `PROCESSING_CODE`. */
  readonly processingCode: string
  /** Left out for inquiry and activation. */
  readonly amountFen?: number
  readonly card: CardIdentity
  readonly pinBlock?: Uint8Array
  /** DE55. */
  readonly icData?: Uint8Array
  /** DE48. */
  readonly privateData?: Uint8Array
  /** DE103. */
  readonly payee?: string
  /** DE61. */
  readonly original?: string
}

/** Number and times of a request. */
export interface RequestStamp {
  readonly stan: number
  /** Moment the transaction began, DE12 and DE13; equal to tags 9A and 9F21. */
  readonly begun: LocalTime
  /** Moment the message is sent, DE7. */
  readonly sent: LocalTime
}

/** What messages say of a card. */
export interface CardIdentity {
  readonly pan: string
  /** Three digits. */
  readonly sequenceNumber: string | undefined
  /** YYMM. */
  readonly expiry: string | undefined
  readonly track2: string | undefined
}

/** Takes the card's identity out of its data: 5A, 5F34, 5F24, 57. */
export function cardIdentity(data: Pick<DataStore, "get">): CardIdentity {
  const sequence = data.get(0x5f34)
  const expiry = data.get(0x5f24)
  const track2 = data.get(0x57)
  return {
    pan: bcdDigits(data.get(0x5a)!),
    sequenceNumber: sequence && `0${toHex(sequence)}`,
    expiry: expiry && toHex(expiry.subarray(0, 2)),
    track2: track2 && toHex(track2).replace(/F$/, ""),
  }
}

const CATEGORY = { atm: "6011", kiosk: "6011", teller: "6010", pos: "5411" } as const
const CONDITION = { atm: "02", kiosk: "02", teller: "00", pos: "00" } as const
const MESSAGE_KIND = { atm: "01", kiosk: "01", teller: "02", pos: "22" } as const
const CURRENCY = "156"
const LONGEST_PIN = "06"

const stanDigits = (stan: number) => String(stan).padStart(6, "0")

function privateDigits(sender: Sender): string {
  return encodePrivateDigits({
    type: MESSAGE_KIND[sender.kind],
    batch: sender.batch,
    networkCode: NETWORK_CODE.FINANCIAL,
    capability: "5",
    iccCondition: "0",
  })
}

/** Builds 0200 (host-iso8583 §3, §11). */
export function financialRequest(sender: Sender, request: FinancialRequest, stamp: RequestStamp): Message {
  const { card, amountFen } = request
  const fields: MessageFields = {
    2: card.pan,
    3: request.processingCode,
    7: stamp.sent.transmission,
    11: stanDigits(stamp.stan),
    12: stamp.begun.time,
    13: stamp.begun.monthDay,
    18: CATEGORY[sender.kind],
    22: request.pinBlock ? "051" : "052",
    25: CONDITION[sender.kind],
    32: sender.acquirer,
    41: sender.terminalId,
    42: sender.merchantId,
    49: CURRENCY,
    60: privateDigits(sender),
  }
  if (amountFen !== undefined) fields[4] = fenDigits(amountFen)
  if (card.expiry) fields[14] = card.expiry
  if (card.sequenceNumber) fields[23] = card.sequenceNumber
  if (card.track2) fields[35] = card.track2
  if (request.privateData) fields[48] = request.privateData
  if (request.original !== undefined) fields[61] = request.original
  if (request.payee !== undefined) fields[103] = request.payee
  if (request.icData) fields[55] = request.icData
  if (request.pinBlock) {
    fields[26] = LONGEST_PIN
    fields[52] = request.pinBlock
    fields[53] = SECURITY_CONTROL[sender.algorithm]
  }
  return { messageType: "0200", fields }
}

/** Elements of a 0200 that its reversal and advice repeat (host-iso8583 §12), and DE90 that points at it. */
export function followUpFields(request: Message, data: Pick<DataStore, "get">): MessageFields {
  const { fields } = request
  const repeated: MessageFields = {}
  // The last place first: room for all is made once, instead of growing.
  repeated[90] = encodeOriginalData({
    messageType: request.messageType,
    stan: fields[11]!,
    transmissionTime: fields[7]!,
    acquirer: fields[32]!,
  })
  repeated[60] = fields[60]!.slice(0, SHORT_PRIVATE_DIGITS)
  repeated[55] = encodeIcData(REVERSAL_TAGS, (tag) => data.get(tag))
  for (const number of REPEATED) if (fields[number] !== undefined) repeated[number] = fields[number]
  return repeated
}

const REPEATED = [2, 3, 4, 11, 12, 13, 14, 18, 22, 23, 25, 32, 41, 42, 49, 61, 103] as const
/** Followers leave capability and chip condition away (host-iso8583 §20). */
const SHORT_PRIVATE_DIGITS = 11

/** Why a request is taken back, DE39 of 0420 (host-iso8583 §12). */
export type ReversalReason = "98" | "A0" | "06" | "96"

/** Builds 0420. @param sent moment of the first attempt; repeats do not change it */
export function reversal(original: MessageFields, reason: ReversalReason, sent: LocalTime): Message {
  return { messageType: "0420", fields: { ...original, 7: sent.transmission, 39: reason } }
}

/** What became of the cash (host-iso8583 §17). */
export interface Advice {
  readonly outcome: DispenseOutcome
  /** DE95: what the customer kept of a withdrawal, what was stored of a deposit. Left out: the whole amount. */
  readonly actualFen?: number
  readonly notes?: readonly NoteCount[]
  /** DE55 with the TC; left out, the chip data of the reversal go along. */
  readonly icData?: Uint8Array
}

/** Builds 0220 (host-iso8583 §11.2 step 7). */
export function advice(original: MessageFields, told: Advice, sent: LocalTime): Message {
  const { outcome, notes, icData, actualFen } = told
  const fields: MessageFields = { ...original, 7: sent.transmission }
  fields[48] = encodePrivateData(notes ? { dispenseOutcome: outcome, notes } : { dispenseOutcome: outcome })
  if (icData) fields[55] = icData
  fields[95] = encodeReplacementAmount(actualFen ?? Number(original[4]))
  return { messageType: "0220", fields }
}

/** DE55 of a request. The product id is for electronic cash alone (host-iso8583 §5). */
export function requestIcData(data: Pick<DataStore, "get">): Uint8Array {
  return encodeIcData(REQUEST_TAGS, (tag) => (tag === 0x9f63 ? undefined : data.get(tag)))
}

/** DE55 of a script result, and of the advice that carries the TC. */
export function resultIcData(data: Pick<DataStore, "get">): Uint8Array {
  return encodeIcData(SCRIPT_RESULT_TAGS, (tag) => data.get(tag))
}

/** Builds 0620, which tells the host how its scripts went (host-iso8583 §11.2 step 8). It has a STAN of its own. */
export function scriptResult(
  sender: Sender,
  original: MessageFields,
  own: { readonly stan: number; readonly sent: LocalTime; readonly icData: Uint8Array },
): Message {
  const {
    2: pan,
    3: processing,
    22: entryMode,
    23: sequence,
    25: condition,
    32: acquirer,
    60: digits,
    90: pointer,
  } = original
  return {
    messageType: "0620",
    fields: {
      ...(pan && { 2: pan }),
      ...(processing && { 3: processing }),
      7: own.sent.transmission,
      11: stanDigits(own.stan),
      12: own.sent.time,
      13: own.sent.monthDay,
      ...(entryMode && { 22: entryMode }),
      ...(sequence && { 23: sequence }),
      ...(condition && { 25: condition }),
      ...(acquirer && { 32: acquirer }),
      41: sender.terminalId,
      42: sender.merchantId,
      55: own.icData,
      ...(digits && { 60: digits }),
      ...(pointer && { 90: pointer }),
    },
  }
}

/** Builds 0500: what the batch comes to (host-iso8583 §19). */
export function batchMessage(sender: Sender, stan: number, totals: BatchTotals, sent: LocalTime): Message {
  return {
    messageType: "0500",
    fields: {
      7: sent.transmission,
      11: stanDigits(stan),
      12: sent.time,
      13: sent.monthDay,
      32: sender.acquirer,
      41: sender.terminalId,
      42: sender.merchantId,
      48: encodePrivateData({ totals }),
      60: encodePrivateDigits({ type: "00", batch: sender.batch, networkCode: NETWORK_CODE.CUTOVER_BEGIN }),
    },
  }
}

const OPERATOR = "001"

/** Builds 0800 that asks for double-length keys (host-iso8583 §4.5, §11.1). */
export function signOnMessage(sender: Sender, stan: number): Message {
  return {
    messageType: "0800",
    fields: {
      11: stanDigits(stan),
      41: sender.terminalId,
      42: sender.merchantId,
      60: encodePrivateDigits({ type: "00", batch: sender.batch, networkCode: NETWORK_CODE.SIGN_ON }),
      63: OPERATOR,
    },
  }
}
