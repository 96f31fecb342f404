import { ShebaoError } from "../../apdu/index.js"
import { assertMayChange, type BankStore, type BankTransaction, type KeyPart } from "./bank-store.js"
import type { TableName, Tables } from "./rows.js"
import { TABLE_NAMES, TABLES } from "./tables.js"

type Row = Record<string, unknown>

interface MemoryTable {
  readonly name: TableName
  readonly rows: Map<string, Row>
  readonly unique: Set<string>
}

/** What one write has to take back when its transaction fails. */
interface Undo {
  readonly table: MemoryTable
  readonly key: string
  readonly before: Row | undefined
  readonly unique?: string
}

const SEPARATOR = "\u0000"

function keyText(parts: readonly KeyPart[]): string {
  let text = String(parts[0])
  for (let i = 1; i < parts.length; i++) text += SEPARATOR + parts[i]
  return text
}

function valuesText(row: Row, columns: readonly string[]): string {
  let text = String(row[columns[0]!])
  for (let i = 1; i < columns.length; i++) text += SEPARATOR + row[columns[i]!]
  return text
}

function compareRows(columns: readonly string[]): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const column of columns) {
      const left = a[column] as KeyPart
      const right = b[column] as KeyPart
      if (left !== right) return left < right ? -1 : 1
    }
    return 0
  }
}

/**
 * A bank store in plain maps. A failed transaction is undone from its journal of former values.
 *
 * Nothing survives the process. The rows it gives out are the ones it keeps: treat them as values.
 */
export function memoryStore(): BankStore {
  const tables = Object.fromEntries(
    TABLE_NAMES.map((name): [TableName, MemoryTable] => [name, { name, rows: new Map(), unique: new Set() }]),
  ) as Record<TableName, MemoryTable>
  let undo: Undo[] = []
  let last: Promise<unknown> = Promise.resolve()
  let closed = false

  function write(table: MemoryTable, key: string, row: Row): void {
    undo.push({ table, key, before: table.rows.get(key) })
    table.rows.set(key, row)
  }

  function takeBack({ table, key, before, unique }: Undo): void {
    if (unique !== undefined) table.unique.delete(unique)
    else if (before) table.rows.set(key, before)
    else table.rows.delete(key)
  }

  const transactionRows: BankTransaction = {
    async get(name, ...key) {
      return tables[name].rows.get(keyText(key)) as never
    },
    async insert(name, row) {
      const definition = TABLES[name]
      const table = tables[name]
      const values = row as unknown as Row
      const key = valuesText(values, definition.key)
      if (table.rows.has(key)) return false
      if (definition.unique) {
        const unique = valuesText(values, definition.unique)
        if (table.unique.has(unique)) return false
        table.unique.add(unique)
        undo.push({ table, key, before: undefined, unique })
      }
      write(table, key, values)
      return true
    },
    async put(name, row) {
      const definition = TABLES[name]
      assertMayChange(name, definition.appendOnly)
      const values = row as unknown as Row
      write(tables[name], valuesText(values, definition.key), values)
    },
    async list(name, where) {
      const wanted = Object.entries(where ?? {})
      const found = [...tables[name].rows.values()].filter((row) =>
        wanted.every(([column, value]) => row[column] === value),
      )
      return found.sort(compareRows(TABLES[name].key)) as never
    },
    async next(sequence) {
      const value = ((tables.sequences.rows.get(sequence)?.value as number | undefined) ?? 0) + 1
      write(tables.sequences, sequence, { name: sequence, value } satisfies Tables["sequences"])
      return value
    },
  }

  async function run<Value>(body: (rows: BankTransaction) => Promise<Value>): Promise<Value> {
    undo = []
    try {
      return await body(transactionRows)
    } catch (error) {
      while (undo.length > 0) takeBack(undo.pop()!)
      throw error
    }
  }

  return {
    transaction(body) {
      if (closed) return Promise.reject(new ShebaoError("STORE_CLOSED", "The bank's store is closed."))
      const result = last.then(() => run(body))
      last = result.catch(() => undefined)
      return result
    },
    async close() {
      closed = true
      await last
    },
  }
}
