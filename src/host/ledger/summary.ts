import type { BankStore } from "../store/bank-store.js"
import { readBook } from "./book.js"

/** Where the money is, in fen. */
export interface LedgerSummary {
  /** Customer deposits, 2011. */
  readonly customersFen: bigint
  /** Approved and not confirmed, 2241. */
  readonly pendingFen: bigint
  /** Suspense, 2242. */
  readonly suspenseFen: bigint
  readonly vaultFen: bigint
  /** Cash of each machine and till, by its account. */
  readonly cashFen: ReadonlyMap<string, bigint>
  readonly entries: number
}

/** Adds up the book by kind of account. */
export async function summarizeLedger(store: BankStore): Promise<LedgerSummary> {
  const { balances, entries } = await readBook(store)
  const owed = (prefix: string) =>
    balances.filter((row) => row.account.startsWith(prefix)).reduce((sum, row) => sum - row.fen, 0n)
  const cash = balances.filter((row) => row.account.startsWith("1002") || row.account.startsWith("1003"))
  return {
    customersFen: owed("2011"),
    pendingFen: owed("2241"),
    suspenseFen: owed("2242"),
    vaultFen: -owed("1001"),
    cashFen: new Map(cash.map((row) => [row.account, row.fen])),
    entries: entries.length,
  }
}
