import type { TableName, Tables } from "./rows.js"

/** A part of a primary key. */
export type KeyPart = string | number

/**
 * What one transaction may do with the rows of the bank. Nothing can be deleted.
 *
 * Rows are values: to change one, put a changed copy.
 */
export interface BankTransaction {
  /** The row with this primary key, in the order of the key's columns. */
  get<Name extends TableName>(table: Name, ...key: KeyPart[]): Promise<Tables[Name] | undefined>
  /** Adds a row. @returns false, with nothing changed, when its key or a unique group of columns exists already */
  insert<Name extends TableName>(table: Name, row: Tables[Name]): Promise<boolean>
  /** Adds the row or replaces the one with its key. @throws {TypeError} for a table that only grows */
  put<Name extends TableName>(table: Name, row: Tables[Name]): Promise<void>
  /** All rows whose columns equal those of `where`, in the order of their keys. */
  list<Name extends TableName>(table: Name, where?: Partial<Tables[Name]>): Promise<Tables[Name][]>
  /** The next number of a sequence, from 1. Given back when the transaction fails. */
  next(sequence: string): Promise<number>
}

/** Where the bank keeps its rows: in memory, in SQLite, later in PostgreSQL. One suite of tests runs over all. */
export interface BankStore {
  /**
   * Runs the body in a transaction of its own: when it returns, all of it is kept (and, where the store is durable,
   * on disk) before the promise resolves; when it throws, nothing of it happened. Transactions never overlap.
   */
  transaction<Value>(body: (rows: BankTransaction) => Promise<Value>): Promise<Value>
  /** Waits for running transactions and lets go of the store. */
  close(): Promise<void>
}

/** Refuses to change a table that only grows. */
export function assertMayChange(table: TableName, appendOnly: boolean | undefined): void {
  if (appendOnly) throw new TypeError(`table: ${table} only grows, its rows cannot be replaced`)
}
