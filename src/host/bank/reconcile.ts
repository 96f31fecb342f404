import type { DispenseOutcome } from "../../dictionary/index.js"
import { customerAccount, machineAccount } from "../ledger/accounts.js"
import { claimOnCustomer, countedOver, countedUnder, shortageClaimed, suspenseToMachine } from "../ledger/events.js"
import { heldFen, owedFen, postOnce } from "../ledger/post.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { MessageRow } from "../store/rows.js"
import type { BankContext } from "./context.js"
import { effectOfOutcome, effectOfReversal } from "./outcome.js"
import { apply, cashTransactionOf } from "./settlement.js"
import type { Terminal } from "./terminals.js"
import type { BankTime } from "./time.js"

/** A line of a terminal's electronic journal: what it did with the cash of one request. */
export interface JournalItem {
  /** DE11, six digits. */
  readonly stan: string
  /** The terminal's date, YYYYMMDD. */
  readonly date: string
  /** `notDispensed`: nothing left the machine, or nothing stayed in it. */
  readonly outcome: DispenseOutcome | "notDispensed"
  readonly amountFen: number
  /** What was in hands, or stored; default the whole amount. */
  readonly actualFen?: number
}

/** A difference that was found, and what was done about it. */
export interface Difference {
  readonly key: string
  readonly journal: JournalItem["outcome"] | "absent"
  readonly bank: MessageRow["state"] | "absent"
  /** `posted`: the book says now what the journal says. `claimed`: the customer owes it. `suspended`, `case`: for staff. */
  readonly action: "posted" | "claimed" | "suspended" | "case"
}

/** What reconciling a terminal needs. */
export interface Reconciliation {
  readonly bank: BankContext
  readonly rows: BankTransaction
  readonly terminal: Terminal
  readonly time: BankTime
}

async function openCase({ rows, time }: Reconciliation, key: string, reason: string): Promise<void> {
  await rows.insert("cases", { id: await rows.next("case"), key, reason, at: time.at })
}

/** Notes that left the machine although the withdrawal was taken back: the customer owes them (host-iso8583 §19). */
async function claim(reconciliation: Reconciliation, message: MessageRow): Promise<Difference["action"]> {
  const { rows, time } = reconciliation
  const card = await rows.get("cards", message.pan!)
  if (!card) return "case"
  const cash = cashTransactionOf(message, card)
  if ((await rows.list("entries", { key: message.key })).some(({ kind }) => kind === "A1")) return "case"
  const isCovered = (await owedFen(rows, customerAccount(card.accountNumber))) >= cash.fen
  await postOnce(rows, isCovered ? claimOnCustomer(cash) : shortageClaimed(cash), time)
  return "claimed"
}

/** The state that an outcome leaves a request in, where both sides agree. */
function agrees(item: JournalItem, { state }: MessageRow): boolean {
  switch (item.outcome) {
    case "notDispensed":
    case "returned":
      return state === "reversed" || state === "declined" || state === "tombstone"
    case "retracted":
    case "unknown":
      return state === "suspense" || state === "final"
    default:
      return state === "final" || state === "suspense"
  }
}

async function settleItem(
  reconciliation: Reconciliation,
  item: JournalItem,
  message: MessageRow,
): Promise<Difference["action"]> {
  const { bank, rows } = reconciliation
  const card = message.pan === null ? undefined : await rows.get("cards", message.pan)
  if (!card) return "case"
  if (message.state === "reversed" && item.outcome === "taken") return claim(reconciliation, message)
  if (message.state !== "pending") return "case"
  const cash = cashTransactionOf(message, card)
  const effect =
    item.outcome === "notDispensed"
      ? effectOfReversal(message, cash)
      : effectOfOutcome(message, cash, item.outcome, BigInt(item.actualFen ?? item.amountFen), bank.policies)
  if (!effect) return "case"
  await apply(reconciliation, message, card, effect)
  return "posted"
}

/**
 * Compares a terminal's journal with the book, item by item, and mends what the table of host-iso8583 §19 says how to mend.
 * What is pending at the bank and not in the journal goes to suspense until the cash is counted.
 *
 * @returns every difference that was found
 */
export async function reconcileTerminal(
  reconciliation: Reconciliation,
  items: readonly JournalItem[],
): Promise<Difference[]> {
  const { rows, terminal, bank } = reconciliation
  const differences: Difference[] = []
  const told = new Set<string>()
  for (const item of items) {
    const key = `${terminal.acquirer}-${terminal.id}-${item.stan}-${item.date}`
    told.add(key)
    const message = await rows.get("messages", key, "0200")
    if (
      message ? agrees(item, message) && message.amountFen === BigInt(item.amountFen) : item.outcome === "notDispensed"
    )
      continue
    const action =
      message && message.amountFen === BigInt(item.amountFen) ? await settleItem(reconciliation, item, message) : "case"
    if (action !== "posted")
      await openCase(reconciliation, key, `the journal says ${item.outcome}, the book ${message?.state ?? "nothing"}`)
    differences.push({ key, journal: item.outcome, bank: message?.state ?? "absent", action })
  }
  for (const message of await rows.list("messages", { state: "pending" })) {
    if (message.terminal !== terminal.id || told.has(message.key)) continue
    const card = await rows.get("cards", message.pan!)
    const cash = cashTransactionOf(message, card!)
    const effect = effectOfOutcome(message, cash, "unknown", 0n, bank.policies)
    if (effect) await apply(reconciliation, message, card!, effect)
    differences.push({ key: message.key, journal: "absent", bank: "pending", action: "suspended" })
  }
  return differences
}

/** What a physical count came to. */
export interface CashCount {
  readonly bookFen: bigint
  readonly countedFen: bigint
  /** Suspense items that explain the difference and were settled by it. */
  readonly settled: readonly string[]
  /** What nothing explains: > 0 surplus (R3), < 0 shortage (R4). */
  readonly differenceFen: bigint
}

/**
 * Compares what lies in a machine with account 1003 (host-iso8583 §19 step 4): a suspense item of just the missing
 * amount explains it (S2), the rest is surplus (R3) or shortage (R4). An equal count settles nothing: whose the notes are is
 * for staff to say.
 *
 * @param key business key of the count
 */
export async function countMachine(
  { rows, terminal, time }: Reconciliation,
  countedFen: bigint,
  key: string,
): Promise<CashCount> {
  const account = machineAccount(terminal.id)
  const bookFen = await heldFen(rows, account)
  const settled: string[] = []
  const items = (await rows.list("messages", { state: "suspense" })).filter((row) => row.terminal === terminal.id)
  for (const item of items) {
    // Notes in suspense are still in the book's cash: missing they are gone, whoever has them.
    if (item.suspenseFen !== (await heldFen(rows, account)) - countedFen) continue
    const card = await rows.get("cards", item.pan!)
    await postOnce(rows, suspenseToMachine(cashTransactionOf(item, card!), item.suspenseFen, "staff"), time)
    await rows.put("messages", { ...item, state: "final", suspenseFen: 0n })
    settled.push(item.key)
  }
  const differenceFen = countedFen - (await heldFen(rows, account))
  if (differenceFen > 0n) await postOnce(rows, countedOver(key, terminal.id, differenceFen), time)
  if (differenceFen < 0n) await postOnce(rows, countedUnder(key, terminal.id, -differenceFen), time)
  return { bookFen, countedFen, settled, differenceFen }
}
