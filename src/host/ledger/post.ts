import { ShebaoError } from "../../apdu/index.js"
import type { BankTransaction } from "../store/bank-store.js"
import { mayNotBeOverdrawn, sideOf } from "./accounts.js"
import type { Posting } from "./events.js"

/** When an entry belongs to the book. */
export interface PostingTime {
  /** YYYYMMDD of the business day. */
  readonly businessDate: string
  /** ISO 8601. */
  readonly at: string
}

function refuse(posting: Posting, why: string): never {
  throw new ShebaoError("LEDGER_REFUSED", `Entry ${posting.kind} of ${posting.key}: ${why}.`)
}

function assertBalanced(posting: Posting): void {
  if (posting.legs.length < 2) refuse(posting, "fewer than two legs")
  let sum = 0n
  for (const { account, fen } of posting.legs) {
    if (sideOf(account) === undefined) refuse(posting, "an account outside the chart of accounts")
    if (fen === 0n) refuse(posting, "a leg of nothing")
    sum += fen
  }
  if (sum !== 0n) refuse(posting, "debits and credits differ")
}

/**
 * Posts one entry: its legs and the balances they change (host-iso8583 §18).
 *
 * @returns the place of the entry in the journal; undefined, with nothing changed, when this key has an entry of this
 * kind already
 * @throws {ShebaoError} `LEDGER_REFUSED` when the entry breaks a rule of the book, such as overdrawing an account
 */
export async function post(rows: BankTransaction, posting: Posting, time: PostingTime): Promise<number | undefined> {
  assertBalanced(posting)
  const id = await rows.next("entry")
  const { key, kind, reverses = null } = posting
  const { businessDate, at } = time
  if (!(await rows.insert("entries", { id, key, kind, businessDate, reverses, at }))) return undefined
  // In the order of the accounts, so that two hosts on one database cannot wait for each other.
  const legs = [...posting.legs].sort((a, b) => (a.account < b.account ? -1 : 1))
  let position = 0
  for (const { account, fen } of legs) {
    const balance = ((await rows.get("balances", account))?.fen ?? 0n) + fen
    if (balance > 0n && mayNotBeOverdrawn(account)) refuse(posting, "the account would be overdrawn")
    await rows.insert("legs", { entry: id, position: position++, account, fen })
    await rows.put("balances", { account, fen: balance })
  }
  return id
}

/** Posts an entry that cannot be there yet. @throws {ShebaoError} `LEDGER_REFUSED` also when it is */
export async function postOnce(rows: BankTransaction, posting: Posting, time: PostingTime): Promise<number> {
  return (await post(rows, posting, time)) ?? refuse(posting, "it was posted before")
}

/** What the bank owes on a liability account: its credit balance in fen. */
export async function owedFen(rows: BankTransaction, account: string): Promise<bigint> {
  return -((await rows.get("balances", account))?.fen ?? 0n)
}

/** What a cash account holds: its debit balance in fen. */
export async function heldFen(rows: BankTransaction, account: string): Promise<bigint> {
  return (await rows.get("balances", account))?.fen ?? 0n
}
