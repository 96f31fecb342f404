import type { Context } from "../../context.js"
import { appendCyclicRecord } from "../../records.js"
import { transactionCounter } from "./cryptogram.js"
import { rulesOf } from "./rules.js"
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
  let at = 0
  for (const { tag, length } of rulesOf(context).log) {
    if (tag === COUNTER) record.set(transactionCounter(context).subarray(0, length), at)
    else data.copy(tag, length, record, at)
    at += length
  }
  appendCyclicRecord(context.memory, file, record)
}
