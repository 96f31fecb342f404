import pg from "pg"
import { afterEach, beforeAll, describe, expect, it } from "vitest"
import type { BankStore } from "../../../src/host/store/bank-store.js"
import { postgresSql, postgresStore } from "../../../src/host/store/postgres-store.js"
import { freshDatabase, freshSchema } from "../../support/postgres-database.js"
import { bankStoreSuite, message } from "./bank-store-suite.js"

const urls: string[] = []
const stores: BankStore[] = []
let next = 0

beforeAll(async () => {
  for (let i = 0; i < 24; i++) urls.push(await freshSchema())
})
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})

const freshUrl = () => urls[next++]!

function open(url: string): BankStore {
  const store = postgresStore(url)
  stores.push(store)
  return store
}

bankStoreSuite("in PostgreSQL", () => postgresStore(freshUrl()))

describe("bank store in PostgreSQL", () => {
  it("finds everything again", async () => {
    const url = freshUrl()
    const first = open(url)
    await first.transaction((rows) => rows.put("messages", message))
    await first.close()
    expect(await open(url).transaction((rows) => rows.get("messages", message.key, "0200"))).toEqual(message)
  })

  it("makes its tables once, however many begin at the same time", async () => {
    const url = freshUrl()
    const several = Array.from({ length: 5 }, () => open(url))
    const numbers = await Promise.all(several.map((store) => store.transaction((rows) => rows.next("entry"))))
    expect(numbers.sort()).toEqual([1, 2, 3, 4, 5])
  })

  it("no transaction of one overlaps one of another", async () => {
    const url = freshUrl()
    const several = Array.from({ length: 4 }, () => open(url))
    const add = (store: BankStore) =>
      store.transaction(async (rows) => {
        const before = (await rows.get("balances", "1001"))?.fen ?? 0n
        await rows.put("balances", { account: "1001", fen: before + 1n })
      })
    await Promise.all(Array.from({ length: 100 }, (_, i) => add(several[i % several.length]!)))
    expect((await several[0]!.transaction((rows) => rows.get("balances", "1001")))?.fen).toBe(100n)
  })

  it("sorts text by its bytes, as the others do", async () => {
    const store = open(freshUrl())
    await store.transaction(async (rows) => {
      for (const account of ["b", "B", "a", "_", "é"]) await rows.put("balances", { account, fen: 1n })
    })
    const found = await store.transaction((rows) => rows.list("balances"))
    expect(found.map(({ account }) => account)).toEqual(["B", "_", "a", "b", "é"])
  })

  it("connects again when the server cut the line; what was not committed did not happen", async () => {
    const { url, drop } = await freshDatabase()
    const store = open(url)
    await store.transaction((rows) => rows.put("balances", { account: "1001", fen: 5n }))
    const cut = store.transaction(async (rows) => {
      await rows.put("balances", { account: "1001", fen: 6n })
      await cutAllOthers(url)
    })
    await expect(cut).rejects.toMatchObject({ code: "STORE_FAILED" })
    expect((await store.transaction((rows) => rows.get("balances", "1001")))?.fen).toBe(5n)
    await store.close()
    await drop()
  })

  it("refuses tables of a later version", async () => {
    const url = freshUrl()
    await open(url).transaction((rows) => rows.next("entry"))
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(`INSERT INTO "schemaVersion" ("version") VALUES (99)`)
    await client.end()
    await expect(open(url).transaction((rows) => rows.next("entry"))).rejects.toMatchObject({ code: "STORE_TOO_NEW" })
  })

  it("says where no server is, without the password", async () => {
    const store = open("postgresql://bank:geheim@127.0.0.1:1/ledger")
    const failed = store.transaction((rows) => rows.next("entry"))
    await expect(failed).rejects.toMatchObject({
      code: "STORE_UNUSABLE",
      message: expect.stringContaining("127.0.0.1:1/ledger"),
    })
    await expect(failed).rejects.toMatchObject({ message: expect.not.stringContaining("geheim") })
  })

  it.each(["ledger.db", "mysql://localhost/ledger", ""])("refuses %j, which is no URL of PostgreSQL", (url) => {
    expect(() => postgresStore(url)).toThrow(expect.objectContaining({ field: "database" }))
  })

  it("writes the same statements in its own words", () => {
    expect(postgresSql(`SELECT "a" FROM "t" WHERE "b" = ? AND "c" = ?`)).toBe(
      `SELECT "a" FROM "t" WHERE "b" = $1 AND "c" = $2`,
    )
    expect(postgresSql(`CREATE TABLE "t" ("a" TEXT NOT NULL, "b" BLOB)`)).toBe(
      `CREATE TABLE "t" ("a" TEXT COLLATE "C" NOT NULL, "b" BYTEA)`,
    )
  })
})

async function cutAllOthers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  )
  await client.end()
}
