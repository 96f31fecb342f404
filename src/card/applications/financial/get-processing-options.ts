import { SW } from "../../../apdu/index.js"
import type { Command, Handler } from "../../application.js"
import type { Context } from "../../context.js"
import { dropSessionKeys } from "./cryptogram.js"
import { canPay, purseFor } from "./electronic-cash.js"
import { LIFECYCLE, lifecycle } from "./lifecycle.js"
import { answerQuickPayment, decideQuickPayment, type QuickPayment } from "./quick-payment.js"
import { rulesOf } from "./rules.js"
import { type FinancialState, stateOf } from "./state.js"
import { type TransactionData, transactionData } from "./transaction-data.js"

const COMMAND_TEMPLATE = 0x83
const ELECTRONIC_CASH_SUPPORT = 0x9f7a
const COUNTER_MAXIMUM = 0xffff

/**
 * GET PROCESSING OPTIONS (80 A8): begins a transaction. The transaction counter goes up by one before the answer leaves
 * and never comes down (financial-emv §15, EMV Book 3 §6.5.8).
 */
export const getProcessingOptions: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  const { memory, directory, response } = context
  const state = stateOf(context)
  const rules = rulesOf(context)
  if (state.phase !== "selected" || !state.open || lifecycle(context, directory) !== LIFECYCLE.active)
    return SW.CONDITIONS_NOT_SATISFIED
  if (command.lc < 2) return SW.WRONG_LENGTH
  if (command.bytes[command.dataOffset] !== COMMAND_TEMPLATE) return SW.WRONG_DATA
  const length = command.bytes[command.dataOffset + 1]
  if (length !== rules.pdol.length || command.lc !== length + 2) return SW.WRONG_LENGTH
  const region = directory.elements.applicationTransactionCounter!
  const counter = memory.readUint16(region)
  if (counter === COUNTER_MAXIMUM) return SW.CONDITIONS_NOT_SATISFIED
  const quick = rules.quickFileLocator && decideQuickPayment(context, optionsData(context, command))
  if (quick) beginQuickPayment(context, counter + 1, quick)
  else memory.write(region.offset, uint16(counter + 1))
  dropSessionKeys(state)
  if (rules.combined) state.sent = [command.data().slice(2)]
  state.phase = "initiated"
  state.pinFlags = 0
  state.pinBlockedBefore = memory.readByte(directory.pin!.triesOffset) === 0
  if (quick) return answerQuickPayment(context, quick)
  const { fileLocator } = electronicCash(context, state, command) ? rules.electronicCash! : rules
  response.appendByte(0x80)
  response.appendByte(2 + fileLocator.length)
  response.append(rules.interchangeProfile)
  response.append(fileLocator)
  return SW.OK
}

const uint16 = (number: number) => Uint8Array.of(number >> 8, number)

/** The terminal's values of the PDOL. */
function optionsData(context: Context, command: Command): TransactionData {
  return transactionData(rulesOf(context).pdol, command.data().slice(2))
}

/** Counter and qualifiers 9F6C go up together. */
function beginQuickPayment({ memory, directory }: Context, counter: number, { qualifiers }: QuickPayment): void {
  const { applicationTransactionCounter, cardTransactionQualifiers } = directory.elements
  memory.transaction(() => {
    memory.write(applicationTransactionCounter!.offset, uint16(counter))
    if (cardTransactionQualifiers) memory.write(cardTransactionQualifiers.offset, qualifiers)
  })
}

/** True when the terminal takes electronic cash and the card's can pay: the records then hold 9F74 (financial-emv §15, §23). */
function electronicCash(context: Context, state: FinancialState, command: Command): boolean {
  const rules = rulesOf(context)
  const support = rules.pdol.fields.get(ELECTRONIC_CASH_SUPPORT)
  state.purse = undefined
  if (!rules.electronicCash || !support || command.bytes[command.dataOffset + 2 + support.offset] !== 1) return false
  const data = optionsData(context, command)
  const purse = purseFor(context, data)
  if (!purse || !canPay(context, purse, data)) return false
  state.purse = purse
  return true
}
