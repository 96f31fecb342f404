import { createRequire } from "node:module"
import { ShebaoError } from "../../apdu/index.js"
import { assertMayChange, type BankStore, type BankTransaction } from "./bank-store.js"
import type { TableName } from "./rows.js"
import {
  CREATE_SCHEMA_VERSION,
  columnsOf,
  insertSql,
  listSql,
  MIGRATIONS,
  NEXT_SQL,
  READ_SCHEMA_VERSION,
  selectSql,
  upsertSql,
  WRITE_SCHEMA_VERSION,
} from "./sql.js"
import { type ColumnType, TABLES } from "./tables.js"

interface Statement {
  run(values: unknown[]): { changes: number }
  get(values: unknown[]): unknown
  all(values: unknown[]): unknown
  raw(on: boolean): Statement
}

interface Database {
  prepare(sql: string): Statement
  exec(sql: string): void
  pragma(text: string): unknown
  close(): void
}

const requirePackage = createRequire(import.meta.url)

/** Transactions that share one commit, and so one wait for the disk, at most. */
const BATCH = 64
const BUSY_MILLISECONDS = 5000

type Driver = new (path: string) => Database

function loadDriver(load: (name: string) => unknown): Driver {
  try {
    return load("libsql") as Driver
  } catch (cause) {
    throw new ShebaoError(
      "SQLITE_MISSING",
      "Keeping the ledger in a file needs the package libsql: npm install libsql",
      { messageZh: "账本存盘需要 libsql 软件包:npm install libsql", cause },
    )
  }
}

function openDatabase(path: string, Driver: Driver): Database {
  try {
    const database = new Driver(path)
    database.pragma(`busy_timeout = ${BUSY_MILLISECONDS}`)
    database.pragma("journal_mode = WAL")
    // FULL: a committed transaction is on the disk before anybody hears of it.
    database.pragma("synchronous = FULL")
    return database
  } catch (cause) {
    throw new ShebaoError("STORE_UNUSABLE", `Cannot open the ledger ${path}: ${(cause as Error).message}`, { cause })
  }
}

function migrate(database: Database, path: string): void {
  database.exec("BEGIN IMMEDIATE")
  try {
    database.exec(CREATE_SCHEMA_VERSION)
    const version = (database.prepare(READ_SCHEMA_VERSION).raw(true).get([]) as [number | null])[0] ?? 0
    if (version > MIGRATIONS.length)
      throw new ShebaoError(
        "STORE_TOO_NEW",
        `${path} has schema version ${version}; this program knows ${MIGRATIONS.length}. Use a newer shebao.`,
      )
    for (let next = version; next < MIGRATIONS.length; next++) {
      for (const sql of MIGRATIONS[next]!) database.exec(sql)
      database.prepare(WRITE_SCHEMA_VERSION).run([next + 1])
    }
    database.exec("COMMIT")
  } catch (error) {
    database.exec("ROLLBACK")
    throw error
  }
}

interface Column {
  readonly name: string
  readonly type: ColumnType
}

function readRow(columns: readonly Column[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let i = 0; i < columns.length; i++) {
    const { name, type } = columns[i]!
    const value = values[i]
    if (value === null) row[name] = null
    else if (type === "fen") row[name] = BigInt(value as number)
    else if (type === "bytes" || type === "bytes?") row[name] = new Uint8Array(value as Uint8Array)
    else row[name] = value
  }
  return row
}

function toColumn(value: unknown): unknown {
  if (typeof value !== "bigint") return value
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`fen: expected an amount below 2^53, got ${value}`)
  return number
}

interface Job {
  run(rows: BankTransaction): Promise<void>
  succeed(): void
  fail(error: unknown): void
}

/**
 * A bank store in an SQLite file that survives the death of its process: write-ahead log, every commit flushed.
 * Transactions that wait at the same time share one commit; none is answered before that commit is on the disk.
 *
 * @param load how the driver is loaded
 * @throws {ShebaoError} `SQLITE_MISSING` without the optional package libsql, `STORE_UNUSABLE` when the file cannot be
 * opened, `STORE_TOO_NEW` when a later version wrote it
 */
export function sqliteStore(path: string, load: (name: string) => unknown = requirePackage): BankStore {
  const database = openDatabase(path, loadDriver(load))
  try {
    migrate(database, path)
  } catch (error) {
    database.close()
    throw error
  }
  const statements = new Map<string, Statement>()
  const columnCache = new Map<TableName, Column[]>()

  function statement(sql: string): Statement {
    let known = statements.get(sql)
    if (!known) {
      known = database.prepare(sql)
      if (/^SELECT|RETURNING/.test(sql)) known = known.raw(true)
      statements.set(sql, known)
    }
    return known
  }

  function columns(table: TableName): Column[] {
    let known = columnCache.get(table)
    if (!known) {
      known = Object.entries(TABLES[table].columns).map(([name, type]) => ({ name, type: type as ColumnType }))
      columnCache.set(table, known)
    }
    return known
  }

  const valuesOf = (table: TableName, row: object) =>
    columnsOf(table).map((column) => toColumn((row as Record<string, unknown>)[column]))

  const rows: BankTransaction = {
    async get(table, ...key) {
      const values = statement(selectSql(table)).get(key) as unknown[] | undefined
      return values && (readRow(columns(table), values) as never)
    },
    async insert(table, row) {
      return statement(insertSql(table)).run(valuesOf(table, row)).changes > 0
    },
    async put(table, row) {
      assertMayChange(table, TABLES[table].appendOnly)
      statement(upsertSql(table)).run(valuesOf(table, row))
    },
    async list(table, where = {}) {
      const found = statement(listSql(table, Object.keys(where))).all(Object.values(where).map(toColumn)) as unknown[][]
      return found.map((values) => readRow(columns(table), values)) as never
    },
    async next(sequence) {
      return (statement(NEXT_SQL).get([sequence]) as [number])[0]
    },
  }

  const waiting: Job[] = []
  let draining: Promise<void> | undefined
  let closed = false

  async function runBatch(batch: readonly Job[]): Promise<void> {
    const outcomes: (() => void)[] = []
    try {
      database.exec("BEGIN IMMEDIATE")
      for (const job of batch) {
        database.exec("SAVEPOINT job")
        try {
          await job.run(rows)
          database.exec("RELEASE job")
          outcomes.push(() => job.succeed())
        } catch (error) {
          database.exec("ROLLBACK TO job")
          database.exec("RELEASE job")
          outcomes.push(() => job.fail(error))
        }
      }
      database.exec("COMMIT")
    } catch (cause) {
      try {
        database.exec("ROLLBACK")
      } catch {
        // There was no transaction to roll back: BEGIN itself failed.
      }
      const error = new ShebaoError("STORE_FAILED", `The ledger ${path} refused a commit.`, { cause })
      for (const job of batch) job.fail(error)
      return
    }
    for (const tell of outcomes) tell()
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      // One turn of the event loop, so that requests which arrived together share a commit.
      await new Promise((resolve) => setImmediate(resolve))
      await runBatch(waiting.splice(0, BATCH))
    }
    draining = undefined
  }

  return {
    transaction(body) {
      if (closed) return Promise.reject(new ShebaoError("STORE_CLOSED", "The bank's store is closed."))
      return new Promise((resolve, reject) => {
        let value: Awaited<ReturnType<typeof body>>
        waiting.push({
          run: async (transactionRows) => {
            value = await body(transactionRows)
          },
          succeed: () => resolve(value),
          fail: reject,
        })
        draining ??= drain()
      })
    },
    async close() {
      if (closed) return
      closed = true
      await draining
      database.close()
    },
  }
}
