import type { Context, Region } from "../../context.js"
import { amountFen, readAmount, writeAmount } from "./offline-limits.js"
import type { TransactionData } from "./transaction-data.js"
import { logTransaction } from "./transaction-log.js"

const CURRENCY = 0x5f2a

/** The electronic cash of one currency: a balance and what a single purchase may cost (financial-emv §23). */
export interface Purse {
  readonly balance: Region
  readonly singleLimit: Region
}

/** The purse for the currency of a transaction; undefined when the card has none. */
export function purseFor(context: Context, data: TransactionData): Purse | undefined {
  const { elements } = context.directory
  const currency = data.value(CURRENCY)
  const is = (own: Region | undefined) =>
    own !== undefined && context.memory.readUint16(own) === currency[0]! * 256 + currency[1]!
  if (is(elements.applicationCurrency)) return purse(elements.electronicCashBalance, elements.electronicCashSingleLimit)
  if (is(elements.secondElectronicCashCurrency))
    return purse(elements.secondElectronicCashBalance, elements.secondElectronicCashSingleLimit)
  return undefined
}

function purse(balance: Region | undefined, singleLimit: Region | undefined): Purse | undefined {
  return balance && singleLimit && { balance, singleLimit }
}

/** True when the purse can pay the amount of the transaction without asking anybody. */
export function canPay(context: Context, { balance, singleLimit }: Purse, data: TransactionData): boolean {
  const amount = amountFen(data)
  return amount <= readAmount(context, singleLimit) && amount <= readAmount(context, balance)
}

/** The purse that GET PROCESSING OPTIONS chose, when it can pay what GENERATE AC says too. */
export function payingPurse(context: Context, chosen: Purse | undefined, data: TransactionData): Purse | undefined {
  const purse = chosen && purseFor(context, data)
  return purse && purse.balance === chosen.balance && canPay(context, purse, data) ? purse : undefined
}

/** Takes the amount out of the purse and logs it; belongs into a transaction of the memory (financial-emv §23). */
export function payOut(context: Context, { balance }: Purse, data: TransactionData): void {
  writeAmount(context, balance, readAmount(context, balance) - amountFen(data))
  logTransaction(context, data)
}
