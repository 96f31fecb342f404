import type { Context } from "../../context.js"
import { appendCyclicRecord } from "../../records.js"
import { rulesOf } from "./rules.js"
import { stateOf } from "./state.js"
import { logFields } from "./transaction-log.js"

/** Short file identifier of the load log (financial-emv §17). */
export const LOAD_LOG_SFI = 0x0c
/** P1 P2 of the PUT DATA, old balance, new balance: what stands before the fields of DF4F. */
export const LOAD_LOG_HEAD = 14

/**
 * Writes the log record of a changed electronic cash balance (financial-emv §17). Belongs into the transaction that changes
 * it. In an unblocking session there is no transaction of a terminal, and its fields are zeros.
 */
export function logLoad(context: Context, tag: number, before: Uint8Array, after: Uint8Array): void {
  const file = context.directory.filesBySfi[LOAD_LOG_SFI]!
  const record = new Uint8Array(file.recordLength)
  record.set([tag >> 8, tag])
  record.set(before, 2)
  record.set(after, 2 + before.length)
  logFields(context, rulesOf(context).loadLog, stateOf(context).data, record, LOAD_LOG_HEAD)
  appendCyclicRecord(context.memory, file, record)
}
