import { ShebaoError } from "../../../apdu/index.js"
import type { BankTransaction } from "../../store/bank-store.js"
import { groupOf, KINDS, mayNotBeOverdrawn } from "./accounts.js"

/** Half of an entry: > 0 debit, < 0 credit. */
export interface MedicalLeg {
  readonly account: string
  readonly fen: bigint
}

/** One event of the medical funds, ready to be posted. */
export interface MedicalPosting {
  /** Business key, unique together with the kind. */
  readonly key: string
  readonly kind: string
  /** Legs of nothing are left out. */
  readonly legs: readonly MedicalLeg[]
  readonly reverses?: number
}

export const debit = (account: string, fen: bigint): MedicalLeg => ({ account, fen })
export const credit = (account: string, fen: bigint): MedicalLeg => ({ account, fen: -fen })

function refuse({ kind, key }: MedicalPosting, why: string): never {
  throw new ShebaoError("LEDGER_REFUSED", `Entry ${kind} of ${key}: ${why}.`)
}

function assertLawful(posting: MedicalPosting): void {
  const rule = KINDS[posting.kind]
  if (!rule) refuse(posting, "no such kind of entry")
  let sum = 0n
  for (const { account, fen } of posting.legs) {
    sum += fen
    if (fen !== 0n && !(fen > 0n ? rule.debit : rule.credit).includes(groupOf(account)))
      refuse(posting, `${groupOf(account)} may not be ${fen > 0n ? "debited" : "credited"}`)
  }
  if (sum !== 0n) refuse(posting, "debits and credits differ")
}

/**
 * Posts an entry of the medical funds with its legs and the balances they change.
 *
 * @returns the place of the entry in the journal; undefined, with nothing changed, when this key has an entry of this kind
 * @throws {ShebaoError} `LEDGER_REFUSED` when the entry is unbalanced, of no kind, touches accounts that its kind may not,
 * or would overdraw one
 */
export async function postMedical(
  rows: BankTransaction,
  posting: MedicalPosting,
  { date, at }: { readonly date: string; readonly at: string },
): Promise<number | undefined> {
  assertLawful(posting)
  const id = await rows.next("medicalEntry")
  const { key, kind, reverses = null } = posting
  if (!(await rows.insert("medicalEntries", { id, key, kind, date, reverses, at }))) return undefined
  // In the order of the accounts, so that two hosts on one database cannot wait for each other.
  const legs = posting.legs.filter(({ fen }) => fen !== 0n).sort((a, b) => (a.account < b.account ? -1 : 1))
  let position = 0
  for (const { account, fen } of legs) {
    const balance = ((await rows.get("medicalBalances", account))?.fen ?? 0n) + fen
    if (balance > 0n && mayNotBeOverdrawn(account)) refuse(posting, `${groupOf(account)} would be overdrawn`)
    await rows.insert("medicalLegs", { entry: id, position: position++, account, fen })
    await rows.put("medicalBalances", { account, fen: balance })
  }
  return id
}

/** Posts an entry that cannot be there yet. @throws {ShebaoError} `LEDGER_REFUSED` also when it is */
export async function postMedicalOnce(
  rows: BankTransaction,
  posting: MedicalPosting,
  time: { readonly date: string; readonly at: string },
): Promise<number> {
  return (await postMedical(rows, posting, time)) ?? refuse(posting, "it was posted before")
}

/** What is owed on an account, or what a fund holds: its credit balance in fen. */
export async function heldFor(rows: BankTransaction, account: string): Promise<bigint> {
  return -((await rows.get("medicalBalances", account))?.fen ?? 0n)
}
