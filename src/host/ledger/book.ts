import type { BankStore } from "../store/bank-store.js"
import type { BalanceRow, CounterRow, EntryRow, LegRow, MessageRow } from "../store/rows.js"

/** An entry with its legs. */
export interface BookEntry extends EntryRow {
  readonly legs: readonly LegRow[]
}

/** The whole book at one moment. */
export interface Book {
  /** In the order they were posted. */
  readonly entries: readonly BookEntry[]
  readonly balances: readonly BalanceRow[]
  readonly messages: readonly MessageRow[]
  readonly counters: readonly CounterRow[]
}

/** Reads everything in one transaction. */
export function readBook(store: BankStore): Promise<Book> {
  return store.transaction(async (rows) => {
    const legs = new Map<number, LegRow[]>()
    for (const leg of await rows.list("legs")) {
      const known = legs.get(leg.entry)
      if (known) known.push(leg)
      else legs.set(leg.entry, [leg])
    }
    const entries = (await rows.list("entries")).map((entry) => ({ ...entry, legs: legs.get(entry.id) ?? [] }))
    return {
      entries,
      balances: await rows.list("balances"),
      messages: await rows.list("messages"),
      counters: await rows.list("counters"),
    }
  })
}

/** The entries of each business key. */
export function entriesByKey(book: Book): Map<string, BookEntry[]> {
  const byKey = new Map<string, BookEntry[]>()
  for (const entry of book.entries) {
    const known = byKey.get(entry.key)
    if (known) known.push(entry)
    else byKey.set(entry.key, [entry])
  }
  return byKey
}

/** Sum of the legs of an entry, or of several, on the accounts whose id starts so. */
export function sumOn(entries: readonly BookEntry[], accountPrefix: string): bigint {
  let sum = 0n
  for (const entry of entries) for (const leg of entry.legs) if (leg.account.startsWith(accountPrefix)) sum += leg.fen
  return sum
}
