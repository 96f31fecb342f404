import { InputError, ShebaoError } from "../../apdu/index.js"
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

/** The part of a client of the package `pg` that is used. */
interface Client {
  connect(): Promise<unknown>
  query(query: {
    text: string
    values?: readonly unknown[]
    name?: string
    rowMode: "array"
  }): Promise<{ rows: unknown[][]; rowCount: number | null }>
  on(event: "error", listener: (error: Error) => void): unknown
  end(): Promise<void>
}

/**
 * Every transaction takes this lock first. The journal is numbered without gaps and its accounts are few and hot, so that
 * transactions of several processes have to go one after the other in any case; with the lock none has to be repeated.
 */
const LEDGER_LOCK = 0x5348_4542
const LOCK_SQL = `SELECT pg_advisory_xact_lock(${LEDGER_LOCK})`

/** What PostgreSQL calls differently: parameters by number, byte strings, and text in the order of its bytes. */
export function postgresSql(sql: string): string {
  let number = 0
  return sql
    .replace(/\?/g, () => `$${++number}`)
    .replace(/\bBLOB\b/g, "BYTEA")
    .replace(/^CREATE TABLE .*$/s, (text) => text.replace(/ TEXT\b/g, ' TEXT COLLATE "C"'))
}

/**
 * A bank store in PostgreSQL, which several processes may use at once: no transaction of one overlaps one of another.
 * Connects with its first transaction, and again after the server went away; the tables are made when they are missing.
 *
 * Transactions reject with `STORE_UNUSABLE` when the server cannot be reached, `STORE_TOO_NEW` when a later version made
 * the tables, `STORE_FAILED` when a commit failed: nobody knows then whether it was kept.
 *
 * @param url `postgresql://user:password@host:port/database`; the password never reaches a message
 * @example const bank = createBank({ store: { postgres: "postgresql://bank@localhost/ledger" } })
 */
export function postgresStore(url: string): BankStore {
  const place = describeUrl(url)
  let client: Client | undefined
  let isReady = false
  const names = new Map<string, string>()

  async function connection(): Promise<Client> {
    if (client) return client
    const fresh = await connect(url, place)
    fresh.on("error", () => {
      if (client === fresh) client = undefined
    })
    client = fresh
    return fresh
  }

  async function run(sql: string, values: readonly unknown[] = []) {
    const current = await connection()
    // A named statement is prepared once for each connection.
    let name = names.get(sql)
    if (name === undefined) {
      name = `s${names.size}`
      names.set(sql, name)
    }
    return current.query({ text: postgresSql(sql), values, name, rowMode: "array" })
  }

  const execute = async (sql: string): Promise<void> => {
    await (await connection()).query({ text: sql, rowMode: "array" })
  }

  async function migrate(): Promise<void> {
    await execute(CREATE_SCHEMA_VERSION)
    const version = Number((await run(READ_SCHEMA_VERSION)).rows[0]?.[0] ?? 0)
    if (version > MIGRATIONS.length)
      throw new ShebaoError(
        "STORE_TOO_NEW",
        `${place} has schema version ${version}; this program knows ${MIGRATIONS.length}. Use a newer shebao.`,
      )
    for (let next = version; next < MIGRATIONS.length; next++) {
      for (const sql of MIGRATIONS[next]!) await execute(postgresSql(sql))
      await run(WRITE_SCHEMA_VERSION, [next + 1])
    }
  }

  const rows: BankTransaction = {
    async get(table, ...key) {
      const [values] = (await run(selectSql(table), key)).rows
      return values && (readRow(table, values) as never)
    },
    async insert(table, row) {
      return ((await run(insertSql(table), valuesOf(table, row))).rowCount ?? 0) > 0
    },
    async put(table, row) {
      assertMayChange(table, TABLES[table].appendOnly)
      await run(upsertSql(table), valuesOf(table, row))
    },
    async list(table, where = {}) {
      const found = await run(listSql(table, Object.keys(where)), Object.values(where).map(toColumn))
      return found.rows.map((values) => readRow(table, values)) as never
    },
    async next(sequence) {
      return Number((await run(NEXT_SQL, [sequence])).rows[0]![0])
    },
  }

  return batchingStore({
    rows,
    async begin() {
      await execute("BEGIN")
      await execute(LOCK_SQL)
      if (isReady) return
      await migrate()
      await execute("COMMIT")
      isReady = true
      await execute("BEGIN")
      await execute(LOCK_SQL)
    },
    commit: () => execute("COMMIT"),
    rollBack: async () => {
      if (client) await execute("ROLLBACK")
    },
    beginJob: () => execute("SAVEPOINT job"),
    endJob: () => execute("RELEASE SAVEPOINT job"),
    rollBackJob: () => execute("ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job"),
    failed: (cause) =>
      cause instanceof ShebaoError
        ? cause
        : new ShebaoError("STORE_FAILED", `The ledger at ${place} refused a commit: ${(cause as Error).message}`, {
            cause,
          }),
    async close() {
      await client?.end()
      client = undefined
    },
  })
}

async function connect(url: string, place: string): Promise<Client> {
  const { default: pg } = await import("pg").catch((cause) => {
    throw new ShebaoError("POSTGRES_MISSING", "Keeping the ledger in PostgreSQL needs the package pg: npm install pg", {
      messageZh: "账本存于PostgreSQL需要 pg 软件包:npm install pg",
      cause,
    })
  })
  const client: Client = new pg.Client({ connectionString: url, application_name: "shebao" }) as never
  try {
    await client.connect()
  } catch (cause) {
    throw new ShebaoError("STORE_UNUSABLE", `Cannot open the ledger at ${place}: ${(cause as Error).message}`, {
      messageZh: `无法打开账本 ${place}`,
      cause,
    })
  }
  return client
}

/** Server and database of a URL, without who asks and with which password. @throws {InputError} when it is no such URL */
function describeUrl(url: string): string {
  const { protocol, host, pathname } = parse(url)
  if (protocol !== "postgresql:" && protocol !== "postgres:") throw notAUrl()
  return `${host}${pathname}`
}

function parse(url: string): URL {
  try {
    return new URL(url)
  } catch {
    throw notAUrl()
  }
}

const notAUrl = () =>
  new InputError("database", "expected a URL such as postgresql://user@host/database", {
    messageZh: "database:应为 postgresql://user@host/database 形式的网址",
  })
