import type { BatchTotals } from "../../dictionary/index.js"
import { machineAccount, tillAccount } from "../ledger/accounts.js"
import { heldFen } from "../ledger/post.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { CardState, CaseRow, Flow, MessageRow } from "../store/rows.js"
import { batchTotals } from "./batch-totals.js"
import type { Terminal, TerminalKind } from "./terminals.js"
import { type BankTime, DAY_MILLISECONDS } from "./time.js"

/** Money whose owner is not settled: on a pending account, or in suspense. */
export interface OpenItem {
  /** Acquirer, terminal, STAN and date of the request. */
  readonly key: string
  readonly terminal: string
  readonly flow: Flow | null
  readonly businessDate: string
  /** What of the amount is open. */
  readonly fen: bigint
  readonly ageDays: number
  /** Older than seven days (host-iso8583 §19): somebody waits for his money. */
  readonly alarm: boolean
}

/** A terminal on one business day. */
export interface TerminalReport {
  readonly id: string
  readonly kind: TerminalKind
  /** It has working keys. */
  readonly signedOn: boolean
  /** What should lie in its cassettes, bins or till. */
  readonly cashFen: bigint
  readonly totals: BatchTotals
}

/** The bank at a glance, for staff. */
export interface BankReport {
  readonly at: string
  readonly businessDate: string
  /** Cards by state. */
  readonly cards: Readonly<Partial<Record<CardState, number>>>
  readonly terminals: readonly TerminalReport[]
  /** Answered requests of the business day by answer code. */
  readonly answers: Readonly<Record<string, number>>
  readonly pending: readonly OpenItem[]
  readonly suspense: readonly OpenItem[]
  readonly cases: readonly CaseRow[]
}

const CLAIM_ALARM_DAYS = 7

function openItem(row: MessageRow, fen: bigint, time: BankTime): OpenItem {
  const ageDays = Math.floor((time.milliseconds - Date.parse(row.at)) / DAY_MILLISECONDS)
  const { key, terminal, flow, businessDate } = row
  return { key, terminal, flow, businessDate, fen, ageDays, alarm: ageDays > CLAIM_ALARM_DAYS }
}

function countBy<Row>(rows: readonly Row[], name: (row: Row) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[name(row)] = (counts[name(row)] ?? 0) + 1
  return counts
}

/**
 * Gathers the report of a business day.
 *
 * @param businessDate YYYYMMDD
 */
export async function reportDay(
  rows: BankTransaction,
  terminals: Iterable<Terminal>,
  businessDate: string,
  time: BankTime,
): Promise<BankReport> {
  const messages = await rows.list("messages", { businessDate })
  const reports: TerminalReport[] = []
  for (const { id, kind } of terminals)
    reports.push({
      id,
      kind,
      signedOn: (await rows.get("terminalKeys", id))?.signedOn === 1,
      cashFen: await heldFen(rows, kind === "teller" ? tillAccount(id) : machineAccount(id)),
      totals: batchTotals(messages.filter((message) => message.terminal === id)),
    })
  const requests = messages.filter((message) => message.messageClass === "0200")
  const [pending, suspense] = [
    await rows.list("messages", { state: "pending" }),
    await rows.list("messages", { state: "suspense" }),
  ]
  return {
    at: time.at,
    businessDate,
    cards: countBy(await rows.list("cards"), ({ state }) => state),
    terminals: reports,
    answers: countBy(requests, ({ answerCode }) => answerCode),
    pending: pending.map((row) => openItem(row, row.amountFen, time)),
    suspense: suspense.map((row) => openItem(row, row.suspenseFen, time)),
    cases: await rows.list("cases"),
  }
}
