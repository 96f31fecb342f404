import { ShebaoError } from "../../apdu/index.js"
import { assertMayChange, type BankStore, type BankTransaction, type KeyPart } from "./bank-store.js"
import type { TableName, Tables } from "./rows.js"
import { TABLE_NAMES, TABLES } from "./tables.js"

type Row = Record<string, unknown>

interface MemoryTable {
  readonly rows: Map<string, Row>
  readonly unique: Set<string>
}

const keyText = (parts: readonly unknown[]) => (parts.length === 1 ? String(parts[0]) : parts.join("\u0000"))

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
  const tables = new Map<TableName, MemoryTable>(
    TABLE_NAMES.map((name) => [name, { rows: new Map(), unique: new Set() }]),
  )
  let undo: (() => void)[] = []
  let last: Promise<unknown> = Promise.resolve()
  let closed = false

  function write(name: TableName, key: string, row: Row): void {
    const { rows } = tables.get(name)!
    const before = rows.get(key)
    undo.push(before ? () => rows.set(key, before) : () => rows.delete(key))
    rows.set(key, row)
  }

  const transactionRows: BankTransaction = {
    async get(name, ...key) {
      return tables.get(name)!.rows.get(keyText(key)) as never
    },
    async insert(name, row) {
      const definition = TABLES[name]
      const { rows, unique } = tables.get(name)!
      const values = row as unknown as Row
      const key = keyText(definition.key.map((column) => values[column]))
      if (rows.has(key)) return false
      if (definition.unique) {
        const other = keyText(definition.unique.map((column) => values[column]))
        if (unique.has(other)) return false
        unique.add(other)
        undo.push(() => unique.delete(other))
      }
      write(name, key, values)
      return true
    },
    async put(name, row) {
      const definition = TABLES[name]
      assertMayChange(name, definition.appendOnly)
      const values = row as unknown as Row
      write(name, keyText(definition.key.map((column) => values[column])), values)
    },
    async list(name, where) {
      const wanted = Object.entries(where ?? {})
      const found = [...tables.get(name)!.rows.values()].filter((row) =>
        wanted.every(([column, value]) => row[column] === value),
      )
      return found.sort(compareRows(TABLES[name].key)) as never
    },
    async next(sequence) {
      const value = ((tables.get("sequences")!.rows.get(sequence)?.value as number | undefined) ?? 0) + 1
      write("sequences", sequence, { name: sequence, value } satisfies Tables["sequences"])
      return value
    },
  }

  async function run<Value>(body: (rows: BankTransaction) => Promise<Value>): Promise<Value> {
    undo = []
    try {
      return await body(transactionRows)
    } catch (error) {
      while (undo.length > 0) undo.pop()!()
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
