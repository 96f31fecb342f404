import { concat } from "../../apdu/index.js"
import { decodeMessage, decodePrivateDigits, encodePrivateData } from "../../dictionary/index.js"
import type { MessageRow } from "../store/rows.js"
import { areSameTotals, batchTotals } from "./batch-totals.js"
import type { TerminalRequest } from "./context.js"
import { openCase, record, refuse } from "./record.js"
import { bankDay } from "./time.js"

/** A terminal closes its batch at least that often. */
const LONGEST_BATCH_DAYS = 7
const NO_MAC = new Uint8Array(8)

/** The batch that a message belongs to: its answer repeats it, and is kept up to its MAC. */
function batchOf({ answer }: MessageRow): string | undefined {
  const digits = decodeMessage(concat(answer, NO_MAC)).fields[60]
  return digits === undefined ? undefined : decodePrivateDigits(digits).batch
}

async function messagesOfBatch({ rows, terminal, time }: TerminalRequest, batch: string): Promise<MessageRow[]> {
  const found: MessageRow[] = []
  // One day ahead: after the cutover the business day is tomorrow's.
  for (let days = 1; days >= -LONGEST_BATCH_DAYS; days--)
    found.push(...(await rows.list("messages", { businessDate: bankDay(time.milliseconds, days) })))
  return found.filter((row) => row.terminal === terminal.id && batchOf(row) === batch)
}

/**
 * 0500: the terminal tells what its batch comes to (host-iso8583 §19). 00 when the bank's totals are the same; else 95, a
 * case for staff, and both sets are in the books of both sides.
 */
export async function closeBatch(request: TerminalRequest): Promise<Uint8Array> {
  const { data, fields } = request
  if (!data.totals) return refuse(request, "30")
  const { batch } = decodePrivateDigits(fields[60]!)
  const totals = batchTotals(await messagesOfBatch(request, batch))
  const isEqual = areSameTotals(totals, data.totals)
  if (!isEqual) await openCase(request, `the totals of batch ${batch} differ`)
  const answer = { code: isEqual ? "00" : "95", fields: { 48: encodePrivateData({ totals }) } }
  return record(request, answer, { messageClass: "0500", state: "answered", amountFen: 0n })
}
