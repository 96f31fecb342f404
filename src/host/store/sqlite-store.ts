import { createRequire } from "node:module"
import { ShebaoError } from "../../apdu/index.js"
import { assertMayChange, type BankStore, type BankTransaction } from "./bank-store.js"
import { batchingStore } from "./batching-store.js"
import { readRow, toColumn, valuesOf } from "./columns.js"
import {
  CREATE_SCHEMA_VERSION,
  insertSql,
  listSql,
  MIGRATIONS,
  NEXT_SQL,
  READ_SCHEMA_VERSION,
  selectSql,
  upsertSql,
  WRITE_SCHEMA_VERSION,
} from "./sql.js"
import { TABLES } from "./tables.js"

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

  function statement(sql: string): Statement {
    let known = statements.get(sql)
    if (!known) {
      known = database.prepare(sql)
      if (/^SELECT|RETURNING/.test(sql)) known = known.raw(true)
      statements.set(sql, known)
    }
    return known
  }

  const rows: BankTransaction = {
    async get(table, ...key) {
      const values = statement(selectSql(table)).get(key) as unknown[] | undefined
      return values && (readRow(table, values) as never)
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
      return found.map((values) => readRow(table, values)) as never
    },
    async next(sequence) {
      return (statement(NEXT_SQL).get([sequence]) as [number])[0]
    },
  }

  return batchingStore({
    rows,
    begin: () => database.exec("BEGIN IMMEDIATE"),
    commit: () => database.exec("COMMIT"),
    rollBack: () => database.exec("ROLLBACK"),
    beginJob: () => database.exec("SAVEPOINT job"),
    endJob: () => database.exec("RELEASE job"),
    rollBackJob: () => database.exec("ROLLBACK TO job; RELEASE job"),
    failed: (cause) => new ShebaoError("STORE_FAILED", `The ledger ${path} refused a commit.`, { cause }),
    close: () => database.close(),
  })
}
