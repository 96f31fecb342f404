import type { TableName } from "./rows.js"
import { columnsOf } from "./sql.js"
import { type ColumnType, TABLES } from "./tables.js"

interface Column {
  readonly name: string
  readonly type: ColumnType
}

const columnCache = new Map<TableName, readonly Column[]>()

function columns(table: TableName): readonly Column[] {
  let known = columnCache.get(table)
  if (!known) {
    known = Object.entries(TABLES[table].columns).map(([name, type]) => ({ name, type: type as ColumnType }))
    columnCache.set(table, known)
  }
  return known
}

/** A row out of the values of its columns in their fixed order. A driver may give big numbers as text. */
export function readRow(table: TableName, values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  const list = columns(table)
  for (let i = 0; i < list.length; i++) {
    const { name, type } = list[i]!
    const value = values[i]
    if (value === null) row[name] = null
    else if (type === "fen") row[name] = BigInt(value as number | string)
    else if (type === "integer" || type === "integer?") row[name] = Number(value)
    else if (type === "bytes" || type === "bytes?") row[name] = new Uint8Array(value as Uint8Array)
    else row[name] = value
  }
  return row
}

/** What a driver is given for a value. @throws {RangeError} for an amount of 2^53 fen or more */
export function toColumn(value: unknown): unknown {
  if (typeof value !== "bigint") return value
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`fen: expected an amount below 2^53, got ${value}`)
  return number
}

/** The values of a row in the fixed order of its columns. */
export const valuesOf = (table: TableName, row: object): unknown[] =>
  columnsOf(table).map((column) => toColumn((row as Record<string, unknown>)[column]))
