import type { BankStore } from "./bank-store.js"
import { memoryStore } from "./memory-store.js"
import { postgresStore } from "./postgres-store.js"
import { sqliteStore } from "./sqlite-store.js"

/** Where the back office keeps its rows: in this process, in an SQLite file, in PostgreSQL, or in a store that is open. */
export type StoreChoice = "memory" | { readonly sqlite: string } | { readonly postgres: string } | BankStore

/**
 * Opens a store.
 *
 * @throws {ShebaoError} `SQLITE_MISSING`, `STORE_UNUSABLE` or `STORE_TOO_NEW` when the file cannot be opened
 * @throws {InputError} when `postgres` is no URL of PostgreSQL
 */
export function openStore(store: StoreChoice = "memory"): BankStore {
  if (store === "memory") return memoryStore()
  if ("sqlite" in store) return sqliteStore(store.sqlite)
  return "postgres" in store ? postgresStore(store.postgres) : store
}
