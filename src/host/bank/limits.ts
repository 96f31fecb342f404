import type { Region } from "../regions/region.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { CardRow, CounterRow, Flow } from "../store/rows.js"
import type { BankTime } from "./time.js"

/** What of a limit a card has used: one row of counters. */
interface Counter {
  readonly kind: string
  readonly period: string
  /** Most fen in the period, null when only the number of transactions counts. */
  readonly limitFen: bigint | null
  readonly limitCount: number | null
}

/** Cash a day and a year, and the balance, of accounts below class I (domain-rules §4.1). */
export const CLASS_LIMITS = {
  II: { dayFen: 1_000_000n, yearFen: 20_000_000n, balanceFen: null },
  III: { dayFen: 200_000n, yearFen: 5_000_000n, balanceFen: 200_000n },
} as const

/** The counters a transaction changes, those of its own day. @param day YYYYMMDD */
function countersOf(flow: Flow, card: CardRow, day: string, { bank }: Region): Counter[] {
  const counters: Counter[] = []
  if (flow === "refund") return counters
  if (flow === "withdrawal") {
    counters.push({ kind: "atmDay", period: day, limitFen: bank.atmPerDay, limitCount: bank.atmCountPerDay })
    counters.push({ kind: "atmMonth", period: day.slice(0, 6), limitFen: bank.atmPerMonth, limitCount: null })
  }
  if (card.accountClass !== "I") {
    const { dayFen, yearFen } = CLASS_LIMITS[card.accountClass]
    counters.push({ kind: "cashDay", period: day, limitFen: dayFen, limitCount: null })
    counters.push({ kind: "cashYear", period: day.slice(0, 4), limitFen: yearFen, limitCount: null })
  }
  return counters
}

async function readCounter(rows: BankTransaction, pan: string, { kind, period }: Counter): Promise<CounterRow> {
  return (await rows.get("counters", pan, kind, period)) ?? { pan, kind, period, fen: 0n, count: 0 }
}

/** A transaction about to be approved. */
export interface LimitCheck {
  readonly flow: Flow
  readonly card: CardRow
  readonly amountFen: bigint
  /** Balance of the account before it. */
  readonly balanceFen: bigint
}

/**
 * Checks an amount against single, day, month and class limits, in that order, and the numbers last (host-iso8583 §16).
 *
 * @returns 61 for an amount, 65 for a number
 */
export async function checkLimits(
  rows: BankTransaction,
  { flow, card, amountFen, balanceFen }: LimitCheck,
  region: Region,
  time: BankTime,
): Promise<"61" | "65" | undefined> {
  const { atmPerTxn, maxNotes } = region.bank
  if (flow === "withdrawal" && (amountFen > atmPerTxn || amountFen > BigInt(maxNotes) * LARGEST_NOTE_FEN)) return "61"
  const isCredit = flow === "cashIn" || flow === "counterDeposit"
  if (isCredit && card.accountClass === "III" && balanceFen + amountFen > CLASS_LIMITS.III.balanceFen) return "61"
  let isCountReached = false
  for (const counter of countersOf(flow, card, time.day, region)) {
    const used = await readCounter(rows, card.pan, counter)
    if (counter.limitFen !== null && used.fen + amountFen > counter.limitFen) return "61"
    if (counter.limitCount !== null && used.count >= counter.limitCount) isCountReached = true
  }
  return isCountReached ? "65" : undefined
}

const LARGEST_NOTE_FEN = 10_000n

/**
 * Adds a transaction to the counters of its day, or takes it back with negative numbers: a reversal lowers the day of
 * the original (domain-rules §4.4).
 */
export async function changeCounters(
  rows: BankTransaction,
  { flow, card, day }: { flow: Flow; card: CardRow; day: string },
  change: { fen: bigint; count: number },
  region: Region,
): Promise<void> {
  for (const counter of countersOf(flow, card, day, region)) {
    const used = await readCounter(rows, card.pan, counter)
    await rows.put("counters", { ...used, fen: used.fen + change.fen, count: used.count + change.count })
  }
}
