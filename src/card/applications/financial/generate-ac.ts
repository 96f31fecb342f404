import { type StatusWord, SW } from "../../../apdu/index.js"
import type { Command, Handler } from "../../application.js"
import type { Context } from "../../context.js"
import { combinedAnswer } from "./combined-signature.js"
import { cryptogram, issuerApplicationData, transactionCounter } from "./cryptogram.js"
import { CRYPTOGRAM, type Cryptogram, firstDecision, secondDecision } from "./decision.js"
import { payingPurse, payOut } from "./electronic-cash.js"
import { isActive } from "./lifecycle.js"
import { countOffline, exceedsLowerLimit, exceedsUpperLimit, resetOfflineCounters } from "./offline-limits.js"
import { rulesOf } from "./rules.js"
import { type FinancialState, stateOf } from "./state.js"
import { type TransactionData, transactionData } from "./transaction-data.js"
import { logTransaction } from "./transaction-log.js"
import { CVR2, CVR3, CVR4, history, remember, rememberScripts, scriptHistory } from "./verification-results.js"

const TVR = 0x95
const RESPONSE_CODE = 0x8a
const STATIC_AUTHENTICATION_FAILED = 0x40
/** DDA or CDA. */
const DYNAMIC_AUTHENTICATION_FAILED = 0x0c
const MANDATORY = 0x80
/** Bit of P1 that asks for a signature over the answer (EMV Book 3 §6.5.5). */
const COMBINED = 0x10

/** GENERATE AC (80 AE): at most two in a transaction, a third is refused (financial-emv §20, EMV Book 3 §6.5.5). */
export const generateAc: Handler = (context, command) => {
  const combined = (command.p1 & COMBINED) !== 0
  const asked = command.p1 & ~COMBINED
  const known = asked === CRYPTOGRAM.aac || asked === CRYPTOGRAM.tc || asked === CRYPTOGRAM.arqc
  if (!known || (combined && !rulesOf(context).combined) || command.p2 !== 0) return SW.INCORRECT_P1P2
  const state = stateOf(context)
  if (state.phase === "initiated") return first(context, command, state, asked)
  if (state.phase === "online") return second(context, command, state, asked)
  return SW.CONDITIONS_NOT_SATISFIED
}

function first(context: Context, command: Command, state: FinancialState, asked: Cryptogram): StatusWord {
  const list = rulesOf(context).cdol1
  if (command.lc !== list.length) return SW.WRONG_LENGTH
  const values = command.data().slice()
  const data = transactionData(list, values)
  state.data = data
  state.history = currentHistory(context)
  const purse = asked === CRYPTOGRAM.tc && isActive(context) ? payingPurse(context, state.purse, data) : undefined
  if (asked === CRYPTOGRAM.tc && !purse && exceedsLowerLimit(context, data)) state.history |= CVR3.velocityExceeded
  if (rulesOf(context).combined) state.sent.push(values)
  const scripts = scriptHistory(context)
  const given = purse
    ? CRYPTOGRAM.tc
    : firstDecision(asked, {
        active: isActive(context),
        pinBlockedBefore: state.pinBlockedBefore,
        action: defaultAction(context),
        cvr3: state.history,
        cvr4: scripts,
      })
  noteSignature(command, state, given)
  const cvr4 = currentScriptHistory(context, state)
  const result = given === CRYPTOGRAM.arqc ? CVR2.firstArqc : given === CRYPTOGRAM.tc ? CVR2.firstTc : 0
  const results = Uint8Array.of(3, CVR2.secondNotRequested | result | state.pinFlags, state.history, cvr4)
  const authentication = cryptogram(context, data, results)
  context.memory.transaction(() => {
    if (purse) payOut(context, purse, data)
    else if (given === CRYPTOGRAM.arqc) remember(context, CVR3.lastOnlineNotCompleted)
    else if (given === CRYPTOGRAM.tc) approveOffline(context, data)
    else rememberFailedAuthentication(context, data)
  })
  state.cryptogram = authentication
  state.phase = given === CRYPTOGRAM.arqc ? "online" : "done"
  // It tells the balance of electronic cash as the transaction left it.
  const issuerData = issuerApplicationData(context, results)
  return answer(context, command, data, given, authentication, issuerData)
}

function second(context: Context, command: Command, state: FinancialState, asked: Cryptogram): StatusWord {
  const list = rulesOf(context).cdol2
  if (command.lc !== list.length) return SW.WRONG_LENGTH
  const values = command.data().slice()
  const data = transactionData(list, values)
  state.data = data
  if (rulesOf(context).combined) state.sent.push(values)
  const online = !isUnableOnline(data.value(RESPONSE_CODE))
  const given = secondDecision(asked, {
    active: isActive(context),
    online,
    issuerAuthentication: state.issuerAuthentication,
    issuerAuthenticationMandatory: isMandatory(context),
    pinBlockedBefore: state.pinBlockedBefore,
    newCard: isNew(context),
    limitExceeded: !online && asked === CRYPTOGRAM.tc && exceedsUpperLimit(context, data),
    action: defaultAction(context),
  })
  noteSignature(command, state, given)
  const cvr2 =
    CVR2.firstArqc |
    (given === CRYPTOGRAM.tc ? CVR2.secondTc : 0) |
    (state.issuerAuthentication === "failed" ? CVR2.issuerAuthenticationFailed : 0) |
    (online ? 0 : CVR2.unableOnline) |
    state.pinFlags
  const cvr3 = (state.history & ~CVR3.pinLimitExceeded) | pinLimit(context)
  const results = Uint8Array.of(3, cvr2, cvr3, currentScriptHistory(context, state))
  const authentication = cryptogram(context, data, results)
  const issuerData = issuerApplicationData(context, results)
  context.memory.transaction(() => {
    if (online) completeOnline(context, state, given)
    else if (given === CRYPTOGRAM.tc) countOffline(context, data)
    else rememberFailedAuthentication(context, data)
    if (given === CRYPTOGRAM.tc) logTransaction(context, data)
  })
  state.phase = "done"
  return answer(context, command, data, given, authentication, issuerData)
}

/** CDA is a dynamic data authentication too; an AAC is never signed (EMV Book 2 §6.6.1). */
function noteSignature(command: Command, state: FinancialState, given: Cryptogram): void {
  if (isSigned(command, given)) state.dynamicAuthenticationDone = true
}

function isSigned(command: Command, given: Cryptogram): boolean {
  return (command.p1 & COMBINED) !== 0 && given !== CRYPTOGRAM.aac
}

/** Format 1: `80 L { CID, ATC, AC, IAD }`; with CDA format 2. */
function answer(
  context: Context,
  command: Command,
  data: TransactionData,
  given: Cryptogram,
  authentication: Uint8Array,
  issuerData: Uint8Array,
): StatusWord {
  const { response } = context
  if (isSigned(command, given)) {
    response.append(combinedAnswer(context, data, given, authentication, issuerData))
    return SW.OK
  }
  response.appendByte(0x80)
  response.appendByte(3 + authentication.length + issuerData.length)
  response.appendByte(given)
  response.append(transactionCounter(context))
  response.append(authentication)
  response.append(issuerData)
  return SW.OK
}

function approveOffline(context: Context, data: TransactionData): void {
  countOffline(context, data)
  logTransaction(context, data)
}

/** What the end of an on-line transaction leaves for the next one. */
function completeOnline(context: Context, state: FinancialState, given: Cryptogram): void {
  if (state.issuerAuthentication === "passed") {
    if (given !== CRYPTOGRAM.tc) {
      const settled =
        CVR3.lastOnlineNotCompleted | CVR3.issuerAuthenticationFailedLast | CVR3.issuerAuthenticationMissedLast
      remember(context, 0, settled)
      return
    }
    remember(context, 0, 0xff)
    rememberScripts(context, 0, 0xff)
    context.memory.write(context.directory.elements.lastOnlineTransactionCounter!.offset, transactionCounter(context))
    resetOfflineCounters(context)
  } else if (state.issuerAuthentication === "none") {
    const completed = isMandatory(context) ? 0 : CVR3.lastOnlineNotCompleted
    remember(context, CVR3.issuerAuthenticationMissedLast, completed)
  }
}

/** A decline without the issuer keeps in mind which data authentication the terminal saw fail. */
function rememberFailedAuthentication(context: Context, data: TransactionData): void {
  const seen = data.value(TVR)[0] ?? 0
  if ((seen & STATIC_AUTHENTICATION_FAILED) !== 0) remember(context, CVR3.staticAuthenticationFailedLast)
  if ((seen & DYNAMIC_AUTHENTICATION_FAILED) !== 0) rememberScripts(context, CVR4.dynamicAuthenticationFailedLast)
}

/** Byte 3 of the card verification results as the transaction begins. */
export function currentHistory(context: Context): number {
  return history(context) | pinLimit(context) | (isNew(context) ? CVR3.newCard : 0)
}

function currentScriptHistory(context: Context, state: FinancialState): number {
  return scriptHistory(context) | (state.dynamicAuthenticationDone ? CVR4.dynamicAuthenticationDone : 0)
}

function pinLimit(context: Context): number {
  return context.memory.readByte(context.directory.pin!.triesOffset) === 0 ? CVR3.pinLimitExceeded : 0
}

/** A card that the issuer never approved a transaction of. */
function isNew(context: Context): boolean {
  return context.memory.readUint16(context.directory.elements.lastOnlineTransactionCounter!) === 0
}

function isMandatory(context: Context): boolean {
  const indicator = context.directory.elements.issuerAuthenticationIndicator
  return indicator !== undefined && (context.memory.readByte(indicator.offset) & MANDATORY) !== 0
}

/** Application default action 9F52; a card without one asks for nothing special. */
export function defaultAction(context: Context): number {
  const action = context.directory.elements.defaultAction
  return action ? context.memory.readUint16(action) : 0
}

/** Response codes Y3 and Z3: the terminal could not go on-line. */
function isUnableOnline(responseCode: Uint8Array): boolean {
  return (responseCode[0] === 0x59 || responseCode[0] === 0x5a) && responseCode[1] === 0x33
}
