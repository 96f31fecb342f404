import type { Context, Region } from "../../context.js"
import type { TransactionData } from "./transaction-data.js"

const MAXIMUM_AMOUNT = 999_999_999_999

/** Amount 9F02 in fen; n12, so always a safe integer. */
export function amountFen(data: TransactionData): number {
  return bcdNumber(data.value(0x9f02))
}

function bcdNumber(bytes: Uint8Array): number {
  let number = 0
  for (const byte of bytes) number = number * 100 + (byte >> 4) * 10 + (byte & 15)
  return Math.min(number, MAXIMUM_AMOUNT)
}

/** An amount of the card, in fen. */
export function readAmount(context: Context, region: Region): number {
  return bcdNumber(context.memory.read(region))
}

/** An amount in fen as n12. */
export function amountBytes(amount: number): Uint8Array {
  const bytes = new Uint8Array(6)
  for (let i = 5, rest = Math.min(amount, MAXIMUM_AMOUNT); i >= 0; i--) {
    bytes[i] = ((Math.floor(rest / 10) % 10) << 4) | (rest % 10)
    rest = Math.floor(rest / 100)
  }
  return bytes
}

/** Writes an amount in fen. */
export function writeAmount(context: Context, region: Region, amount: number): void {
  context.memory.write(region.offset, amountBytes(amount))
}

/** True when a currency or country of the transaction is not the card's own; false when the card names none. */
function isForeign(context: Context, own: Region | undefined, value: Uint8Array): boolean {
  return own !== undefined && context.memory.readUint16(own) !== value[0]! * 256 + value[1]!
}

function passes(context: Context, limit: Region | undefined, count: number): boolean {
  return limit !== undefined && count > context.memory.readByte(limit.offset)
}

/** Transactions since the last one that the issuer approved, this one included. */
function consecutive(context: Context): number {
  const { applicationTransactionCounter, lastOnlineTransactionCounter } = context.directory.elements
  return (
    context.memory.readUint16(applicationTransactionCounter!) - context.memory.readUint16(lastOnlineTransactionCounter!)
  )
}

/**
 * True when an off-line approval would pass a limit below which the card decides alone: 9F58, 9F54, 9F53, 9F72
 * (financial-emv §20). A limit of zero means "no off-line transaction"; one that the card does not have is not checked.
 */
export function exceedsLowerLimit(context: Context, data: TransactionData): boolean {
  const { elements } = context.directory
  const foreignCurrency = isForeign(context, elements.applicationCurrency, data.value(0x5f2a))
  const foreignCountry = isForeign(context, elements.issuerCountry, data.value(0x9f1a))
  return (
    passes(context, elements.consecutiveOfflineLowerLimit, consecutive(context)) ||
    (!foreignCurrency && exceedsAmount(context, elements.cumulativeAmountLimit, data)) ||
    (foreignCurrency &&
      passes(context, elements.internationalCurrencyLimit, count(context, "internationalCurrencyCount"))) ||
    (foreignCountry && passes(context, elements.internationalCountryLimit, count(context, "internationalCountryCount")))
  )
}

/** True when an approval without the issuer would pass the limits for that: 9F59, 9F5C. */
export function exceedsUpperLimit(context: Context, data: TransactionData): boolean {
  const { elements } = context.directory
  return (
    passes(context, elements.consecutiveOfflineUpperLimit, consecutive(context)) ||
    (!isForeign(context, elements.applicationCurrency, data.value(0x5f2a)) &&
      exceedsAmount(context, elements.cumulativeAmountUpperLimit, data))
  )
}

function exceedsAmount(context: Context, limit: Region | undefined, data: TransactionData): boolean {
  if (limit === undefined) return false
  const { cumulativeOfflineAmount } = context.directory.elements
  const spent = cumulativeOfflineAmount ? readAmount(context, cumulativeOfflineAmount) : 0
  return spent + amountFen(data) > readAmount(context, limit)
}

function count(context: Context, id: "internationalCurrencyCount" | "internationalCountryCount"): number {
  return context.memory.readByte(context.directory.elements[id]!.offset) + 1
}

/** Counts an off-line approval; belongs into the transaction that gives out the TC. */
export function countOffline(context: Context, data: TransactionData): void {
  const { elements, memory } = { elements: context.directory.elements, memory: context.memory }
  if (isForeign(context, elements.applicationCurrency, data.value(0x5f2a)))
    memory.writeByte(
      elements.internationalCurrencyCount!.offset,
      Math.min(count(context, "internationalCurrencyCount"), 255),
    )
  else if (elements.cumulativeOfflineAmount)
    writeAmount(
      context,
      elements.cumulativeOfflineAmount,
      readAmount(context, elements.cumulativeOfflineAmount) + amountFen(data),
    )
  if (isForeign(context, elements.issuerCountry, data.value(0x9f1a)))
    memory.writeByte(
      elements.internationalCountryCount!.offset,
      Math.min(count(context, "internationalCountryCount"), 255),
    )
}

/** Starts all off-line counters anew: the issuer approved a transaction (financial-emv §20). */
export function resetOfflineCounters(context: Context): void {
  const { elements } = context.directory
  context.memory.writeByte(elements.internationalCurrencyCount!.offset, 0)
  context.memory.writeByte(elements.internationalCountryCount!.offset, 0)
  if (elements.cumulativeOfflineAmount) writeAmount(context, elements.cumulativeOfflineAmount, 0)
}
