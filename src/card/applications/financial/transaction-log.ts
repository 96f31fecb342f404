import type { Context } from "../../context.js"
import { appendCyclicRecord } from "../../records.js"
import { transactionCounter } from "./cryptogram.js"
import { type FinancialRules, rulesOf } from "./rules.js"
import type { TransactionData } from "./transaction-data.js"

/** Short file identifier of the transaction log (financial-emv §17). */
export const LOG_SFI = 0x0b

const COUNTER = 0x9f36

/**
 * Writes the log record of a TC in the layout of 9F4F (financial-emv §17). Belongs into the transaction that gives the TC
 * out, so that there is one record for each TC, whatever happens to the power.
 */
export function logTransaction(context: Context, data: TransactionData): void {
  const file = context.directory.filesBySfi[LOG_SFI]!
  const record = new Uint8Array(file.recordLength)
  logFields(context, rulesOf(context).log, data, record, 0)
  appendCyclicRecord(context.memory, file, record)
}

/** Fills a log record from `at` on with the values of a list: the card's own counter, the rest the terminal's. */
export function logFields(
  context: Context,
  fields: FinancialRules["log"],
  data: TransactionData | undefined,
  record: Uint8Array,
  at: number,
): void {
  for (const { tag, length } of fields) {
    if (tag === COUNTER) record.set(transactionCounter(context).subarray(0, length), at)
    else data?.copy(tag, length, record, at)
    at += length
  }
}
