import { concat, encodeTlv, type StatusWord, SW } from "../../../apdu/index.js"
import { signDynamicData } from "../../../crypto/index.js"
import { CTQ, hasBit, setBit, TTQ } from "../../../dictionary/index.js"
import type { Handler } from "../../application.js"
import { readRecord } from "../../commands/read-record.js"
import type { Context } from "../../context.js"
import { CRYPTOGRAM_VERSION, cryptogram, issuerApplicationData, transactionCounter } from "./cryptogram.js"
import { CRYPTOGRAM, type Cryptogram } from "./decision.js"
import { canPay, type Purse, payOut, purseFor } from "./electronic-cash.js"
import { currentHistory } from "./generate-ac.js"
import { amountBytes, amountFen, readAmount } from "./offline-limits.js"
import { placeInRecord } from "./record-values.js"
import { rulesOf } from "./rules.js"
import { stateOf } from "./state.js"
import type { TransactionData } from "./transaction-data.js"
import { CVR2, CVR4, scriptHistory } from "./verification-results.js"

const TERMINAL_QUALIFIERS = 0x9f66
/** The card's number in a signature of version 01 (fDDA), behind the version. */
const CARD_NUMBER_LENGTH = 4
const DYNAMIC_NUMBER_LENGTH = 8
const FDDA_VERSION = 1
/** 9F68 byte 1: the card approves low values itself; it tells what is left. */
const [LOW_VALUE_CHECK, TELLS_AVAILABLE] = [0x80, 0x01]
/** P1 and P2 of READ RECORD for the last record of the file locator: record 1 of SFI 3. */
const LAST_RECORD = { p1: 1, p2: 0x1c } as const

/** What a contactless payment came to, before anything is written. */
export interface QuickPayment {
  readonly data: TransactionData
  readonly given: Cryptogram
  /** Card transaction qualifiers 9F6C. */
  readonly qualifiers: Uint8Array
  /** The purse that pays, for a TC. */
  readonly purse: Purse | undefined
}

/** A payment that becomes final with the last record (financial-emv §24). */
export interface PendingPayment {
  readonly data: TransactionData
  readonly purse: Purse
  readonly record: Uint8Array
  readonly paid: boolean
}

/** Decides a qPBOC transaction; undefined when the terminal wants another kind (financial-emv §24, card decision). */
export function decideQuickPayment(context: Context, data: TransactionData): QuickPayment | undefined {
  const terminal = data.value(TERMINAL_QUALIFIERS)
  if (!hasBit(terminal, TTQ.qpboc)) return undefined
  const purse = hasBit(terminal, TTQ.onlineCryptogramRequired) ? undefined : quickPurse(context, data)
  const given = purse ? CRYPTOGRAM.tc : hasBit(terminal, TTQ.offlineOnly) ? CRYPTOGRAM.aac : CRYPTOGRAM.arqc
  return { data, given, purse, qualifiers: cardQualifiers(context, data, terminal, given) }
}

/** Without a signature no terminal could believe an off-line approval. */
function quickPurse(context: Context, data: TransactionData): Purse | undefined {
  const purse = purseFor(context, data)
  const allowed = rulesOf(context).signingKey !== undefined && (additionalProcesses(context) & LOW_VALUE_CHECK) !== 0
  return allowed && purse && canPay(context, purse, data) ? purse : undefined
}

function additionalProcesses({ memory, directory }: Context): number {
  const region = directory.elements.cardAdditionalProcesses
  return region ? memory.readByte(region.offset) : 0
}

function cardQualifiers(context: Context, data: TransactionData, terminal: Uint8Array, given: Cryptogram): Uint8Array {
  const qualifiers = new Uint8Array(2)
  const limit = context.directory.elements.cardVerificationLimit
  const aboveLimit = limit !== undefined && amountFen(data) > readAmount(context, limit)
  if (!hasBit(terminal, TTQ.cvmRequired) && !aboveLimit) return qualifiers
  if (given === CRYPTOGRAM.arqc && hasBit(terminal, TTQ.onlinePin)) setBit(qualifiers, CTQ.onlinePinRequired)
  else if (hasBit(terminal, TTQ.signature)) setBit(qualifiers, CTQ.signatureRequired)
  return qualifiers
}

/** The answer of GET PROCESSING OPTIONS, which ends the transaction but for the records: template 77, no 9F27. */
export function answerQuickPayment(context: Context, payment: QuickPayment): StatusWord {
  const { data, given, purse, qualifiers } = payment
  const state = stateOf(context)
  const rules = rulesOf(context)
  state.data = data
  const cvr2 = given === CRYPTOGRAM.arqc ? CVR2.firstArqc : purse ? CVR2.firstTc : 0
  const cvr4 = scriptHistory(context) | (purse ? CVR4.dynamicAuthenticationDone : 0)
  const results = Uint8Array.of(3, CVR2.secondNotRequested | cvr2, currentHistory(context), cvr4)
  state.cryptogram = cryptogram(context, data, results, CRYPTOGRAM_VERSION.short)
  state.phase = "done"
  const left = available(context, payment)
  const issuerData = issuerApplicationData(context, results, CRYPTOGRAM_VERSION.short, left)
  const answer = [
    encodeTlv(0x82, rules.interchangeProfile),
    ...(purse ? [encodeTlv(0x94, rules.quickFileLocator!)] : []),
    encodeTlv(0x9f36, transactionCounter(context)),
    encodeTlv(0x57, recordValue(context, 1, 1, 0x57)),
    encodeTlv(0x9f10, issuerData),
    encodeTlv(0x9f26, state.cryptogram),
    encodeTlv(0x5f34, recordValue(context, 2, 1, 0x5f34)),
    encodeTlv(0x9f6c, qualifiers),
    ...(left && (additionalProcesses(context) & TELLS_AVAILABLE) !== 0 ? [encodeTlv(0x9f5d, left)] : []),
    ...(purse ? [encodeTlv(0x9f4b, sign(context, data, purse, qualifiers))] : []),
  ]
  context.response.append(encodeTlv(0x77, answer))
  return SW.OK
}

function recordValue(context: Context, sfi: number, number: number, tag: number): Uint8Array {
  const place = placeInRecord(context, sfi, number, tag)
  return place ? context.memory.read(place) : new Uint8Array(0)
}

/** Balance of electronic cash as it will be when this payment is final. */
function available(context: Context, { data, purse }: QuickPayment): Uint8Array | undefined {
  const balance = context.directory.elements.electronicCashBalance
  if (!balance) return undefined
  const spent = purse?.balance === balance ? amountFen(data) : 0
  return amountBytes(readAmount(context, balance) - spent)
}

/** Signs the payment (fDDA), and makes the last record, which tells what else was signed and makes the payment final. */
function sign(context: Context, data: TransactionData, purse: Purse, qualifiers: Uint8Array): Uint8Array {
  const terminal = data.value(TERMINAL_QUALIFIERS)
  const related = hasBit(terminal, TTQ.fdda01)
    ? concat(FDDA_VERSION, context.random(CARD_NUMBER_LENGTH), qualifiers)
    : undefined
  const signed = related
    ? concat(data.value(0x9f37), data.value(0x9f02), data.value(0x5f2a), related)
    : data.value(0x9f37)
  const record = encodeTlv(0x70, [
    encodeTlv(0x9f74, recordValue(context, 3, 1, 0x9f74)),
    ...(related ? [encodeTlv(0x9f69, related)] : []),
  ])
  stateOf(context).pending = { data, purse, record, paid: false }
  const dynamicNumber = concat(DYNAMIC_NUMBER_LENGTH, context.random(DYNAMIC_NUMBER_LENGTH))
  return signDynamicData(rulesOf(context).signingKey!, dynamicNumber, signed)
}

/**
 * READ RECORD over the contactless interface. The last record of a payment takes the money and writes the log, once and
 * together; a card that left the field before it has paid nothing (financial-emv §24).
 */
export const readQuickRecord: Handler = (context, command) => {
  const state = stateOf(context)
  const { pending } = state
  if (!pending || command.p1 !== LAST_RECORD.p1 || command.p2 !== LAST_RECORD.p2) return readRecord(context, command)
  if (command.lc !== 0) return SW.WRONG_LENGTH
  if (!pending.paid) {
    if (!canPay(context, pending.purse, pending.data)) return SW.CONDITIONS_NOT_SATISFIED
    context.memory.transaction(() => payOut(context, pending.purse, pending.data))
    state.pending = { ...pending, paid: true }
  }
  context.response.append(pending.record)
  return SW.OK
}
