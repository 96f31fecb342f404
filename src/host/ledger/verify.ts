import type { BankStore } from "../store/bank-store.js"
import type { MessageRow } from "../store/rows.js"
import { mayNotBeOverdrawn, sideOf } from "./accounts.js"
import { type Book, type BookEntry, entriesByKey, readBook, sumOn } from "./book.js"

/** A broken invariant of host-iso8583 §18. */
export interface Violation {
  /** 1 to 11, as numbered there. */
  readonly invariant: number
  readonly text: string
}

export interface LedgerCheck {
  readonly ok: boolean
  readonly violations: readonly Violation[]
  readonly entries: number
}

export interface LedgerCheckOptions {
  /** What was counted in each machine, in fen: compared with its account 1003 when nothing of it is open. */
  readonly countedFen?: ReadonlyMap<string, bigint>
}

type Report = (invariant: number, text: string) => void

/** Kinds that open a transaction of a terminal, and the kinds that may close it. */
const OPENING = new Set(["W1", "C1", "D1", "T1", "B1", "B3"])
const CLOSING = new Set(["W2", "W3", "W4", "W5", "W6", "D2", "D3", "D4"])

function checkEntries(book: Book, report: Report): void {
  const seen = new Set<string>()
  let total = 0n
  for (const entry of book.entries) {
    const name = `entry ${entry.id} (${entry.kind} of ${entry.key})`
    let sum = 0n
    for (const leg of entry.legs) {
      sum += leg.fen
      if (leg.fen === 0n) report(9, `${name} has a leg of nothing`)
      if (sideOf(leg.account) === undefined) report(11, `${name} uses ${leg.account}, which is no account of the bank`)
    }
    if (entry.legs.length < 2) report(1, `${name} has ${entry.legs.length} legs`)
    if (sum !== 0n) report(1, `${name} sums to ${sum}`)
    total += sum
    const identity = `${entry.key} ${entry.kind}`
    if (seen.has(identity)) report(3, `${name} was posted twice`)
    seen.add(identity)
  }
  if (total !== 0n) report(1, `the ledger sums to ${total}`)
}

function checkBalances(book: Book, report: Report): void {
  const balances = new Map<string, bigint>()
  for (const entry of book.entries)
    for (const { account, fen } of entry.legs) {
      const balance = (balances.get(account) ?? 0n) + fen
      balances.set(account, balance)
      if (balance > 0n && mayNotBeOverdrawn(account)) report(2, `${account} is overdrawn by entry ${entry.id}`)
    }
  for (const { account, fen } of book.balances) {
    const sum = balances.get(account) ?? 0n
    if (sum !== fen) report(1, `${account} is kept as ${fen}, its legs sum to ${sum}`)
    balances.delete(account)
  }
  for (const [account, sum] of balances) if (sum !== 0n) report(1, `${account} has legs of ${sum} but no balance`)
}

function checkReversals(book: Book, report: Report): void {
  const entries = new Map(book.entries.map((entry) => [entry.id, entry]))
  const reversed = new Set<number>()
  const volume = (entry: BookEntry) => entry.legs.reduce((sum, leg) => (leg.fen > 0n ? sum + leg.fen : sum), 0n)
  for (const entry of book.entries) {
    if (entry.reverses === null) continue
    const original = entries.get(entry.reverses)
    if (!original || original.id >= entry.id) report(4, `entry ${entry.id} reverses no earlier entry`)
    else if (volume(entry) > volume(original)) report(4, `entry ${entry.id} reverses more than entry ${original.id}`)
    if (reversed.has(entry.reverses)) report(4, `entry ${entry.reverses} is reversed twice`)
    reversed.add(entry.reverses)
  }
}

function checkPending(byKey: ReadonlyMap<string, BookEntry[]>, report: Report): void {
  for (const [key, entries] of byKey) {
    const closings = entries.filter((entry) => CLOSING.has(entry.kind)).length
    if (closings > 1) report(5, `2241:${key} was closed ${closings} times`)
    const open = sumOn(entries, "2241")
    if (closings === 1 && open !== 0n) report(5, `2241:${key} is closed but holds ${-open}`)
  }
}

/** What left the bank in notes for one withdrawal, its open and its disputed part: together the customer's debit. */
function checkWithdrawals(byKey: ReadonlyMap<string, BookEntry[]>, report: Report): void {
  for (const [key, entries] of byKey) {
    const isWithdrawal = entries.some(
      (entry) => entry.kind === "W1" || (entry.kind === "C1" && sumOn([entry], "2011") > 0n),
    )
    if (!isWithdrawal) continue
    // A claim on the customer stands for his account where that did not suffice.
    const customer = sumOn(entries, "2011") + sumOn(entries, "1132")
    const hands = -sumOn(entries, "1002") - sumOn(entries, "1003")
    const open = -sumOn(entries, "2241") - sumOn(entries, "2242")
    if (customer !== hands + open) report(6, `${key}: customer ${customer}, notes ${hands}, open ${open}`)
    if (hands < 0n || customer < 0n) report(6, `${key}: more went back than was taken`)
  }
}

function checkMachines(book: Book, counted: ReadonlyMap<string, bigint> | undefined, report: Report): void {
  const open = new Set(
    book.messages.filter((row) => row.state === "pending" || row.state === "suspense").map((row) => row.terminal),
  )
  for (const [terminal, fen] of counted ?? []) {
    const account = `1003:${terminal}`
    const kept = book.balances.find((row) => row.account === account)?.fen ?? 0n
    if (!open.has(terminal) && kept !== fen) report(7, `${account} is ${kept} in the book, ${fen} were counted`)
  }
}

/** What the entries of a withdrawal say must count for its day; undefined where they leave it open. */
function expectedCount(message: MessageRow, entries: readonly BookEntry[]): bigint | undefined {
  if (message.state === "reversed") return 0n
  const partial = entries.find((entry) => entry.kind === "W4")
  if (partial) return -sumOn([partial], "1003")
  return entries.some((entry) => entry.kind === "W2" || entry.kind === "W5") ? message.amountFen : undefined
}

function checkCounters(book: Book, byKey: ReadonlyMap<string, BookEntry[]>, report: Report): void {
  const days = new Map<string, bigint>()
  for (const message of book.messages) {
    if (message.messageClass !== "0200" || message.flow !== "withdrawal" || message.entry === null) continue
    const day = `${message.pan}/${message.day}`
    days.set(day, (days.get(day) ?? 0n) + message.countedFen)
    const expected = expectedCount(message, byKey.get(message.key) ?? [])
    if (expected !== undefined && expected !== message.countedFen)
      report(8, `${message.key} counts for ${message.countedFen}, its entries for ${expected}`)
  }
  for (const counter of book.counters) {
    if (counter.kind !== "atmDay") continue
    const day = `${counter.pan}/${counter.period}`
    const sum = days.get(day) ?? 0n
    if (counter.fen !== sum) report(8, `the day counter of ${counter.period} is ${counter.fen}, approved were ${sum}`)
    days.delete(day)
  }
  for (const sum of days.values()) if (sum !== 0n) report(8, `withdrawals of ${sum} are in no day counter`)
}

const ENTRIES_OF_STATE: Readonly<Record<MessageRow["state"], (kinds: ReadonlySet<string>) => boolean>> = {
  declined: (kinds) => kinds.size === 0,
  approved: (kinds) => kinds.size === 0,
  tombstone: (kinds) => kinds.size === 0,
  answered: () => true,
  pending: (kinds) => kinds.size === 1,
  delayed: (kinds) => kinds.size === 1 && kinds.has("T1"),
  final: (kinds) => ["C1", "T1", "B1", "B3"].some((kind) => kinds.has(kind)) || kinds.size >= 2,
  suspense: (kinds) => kinds.has("W5") || kinds.has("W6") || kinds.has("D4"),
  reversed: (kinds) => ["W3", "D3", "C2", "S3", "S4", "T3", "B2"].some((kind) => kinds.has(kind)),
}

/** What of a request is still open, by its state: on its pending account and in suspense. */
function openOf({ state, amountFen, suspenseFen }: MessageRow): readonly [pendingFen: bigint, suspenseFen: bigint] {
  if (state === "pending") return [amountFen, 0n]
  return [0n, state === "suspense" ? suspenseFen : 0n]
}

/** A posting and the answer that tells of it are both there, or neither (invariant 10). */
function checkMessages(book: Book, byKey: ReadonlyMap<string, BookEntry[]>, report: Report): void {
  const requests = new Map<string, MessageRow>()
  for (const message of book.messages) {
    if (message.answer.length === 0) report(10, `${message.messageClass} ${message.key} has no answer`)
    if (message.amountFen < 0n) report(9, `${message.messageClass} ${message.key} has a negative amount`)
    if (message.messageClass !== "0200") continue
    requests.set(message.key, message)
    const entries = byKey.get(message.key) ?? []
    const kinds = new Set(entries.map((entry) => entry.kind))
    const [pendingFen, suspenseFen] = openOf(message)
    if (sumOn(entries, "2241") !== -pendingFen || sumOn(entries, "2242") !== -suspenseFen)
      report(5, `${message.key} is ${message.state}, but its open money says otherwise`)
    if (sumOn(entries, "2244") !== (message.state === "delayed" ? -message.amountFen : 0n))
      report(5, `${message.key} is ${message.state}, but its waiting money says otherwise`)
    if (!ENTRIES_OF_STATE[message.state](kinds))
      report(10, `${message.key} is ${message.state} with entries ${[...kinds].join(" ") || "none"}`)
  }
  for (const entry of book.entries)
    if ((OPENING.has(entry.kind) || CLOSING.has(entry.kind)) && !requests.has(entry.key))
      report(10, `entry ${entry.id} (${entry.kind} of ${entry.key}) belongs to no request`)
}

/**
 * Checks the invariants of the ledger (host-iso8583 §18) over the whole book.
 *
 * @example (await verifyLedger(store)).violations // []
 */
export async function verifyLedger(store: BankStore, options: LedgerCheckOptions = {}): Promise<LedgerCheck> {
  const book = await readBook(store)
  const byKey = entriesByKey(book)
  const violations: Violation[] = []
  const report: Report = (invariant, text) => violations.push({ invariant, text })
  checkEntries(book, report)
  checkBalances(book, report)
  checkReversals(book, report)
  checkPending(byKey, report)
  checkWithdrawals(byKey, report)
  checkMachines(book, options.countedFen, report)
  checkCounters(book, byKey, report)
  checkMessages(book, byKey, report)
  return { ok: violations.length === 0, violations, entries: book.entries.length }
}
