import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, afterEach, describe, expect, it } from "vitest"
import type { BankStore } from "../../../src/host/store/bank-store.js"
import { memoryStore } from "../../../src/host/store/memory-store.js"
import { sqliteStore } from "../../../src/host/store/sqlite-store.js"
import { bankStoreSuite, message } from "./bank-store-suite.js"

const directory = mkdtempSync(join(tmpdir(), "shebao-store-"))
let files = 0
const stores: BankStore[] = []

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})
afterAll(() => rmSync(directory, { recursive: true }))

bankStoreSuite("in memory", () => memoryStore())
bankStoreSuite("in SQLite", () => sqliteStore(join(directory, `bank-${++files}.db`)))

describe("sqlite store", () => {
  it("finds everything again when the file is opened a second time", async () => {
    const path = join(directory, "again.db")
    const first = sqliteStore(path)
    await first.transaction((rows) => rows.put("messages", message))
    await first.close()
    const second = sqliteStore(path)
    stores.push(second)
    expect(await second.transaction((rows) => rows.get("messages", message.key, "0200"))).toEqual(message)
  })

  it("lets two stores on one file see each other's commits", async () => {
    const path = join(directory, "shared.db")
    const [one, two] = [sqliteStore(path), sqliteStore(path)]
    stores.push(one, two)
    await one.transaction((rows) => rows.put("balances", { account: "1001", fen: 5n }))
    expect((await two.transaction((rows) => rows.get("balances", "1001")))?.fen).toBe(5n)
  })

  it("says what to install when its driver is not there", () => {
    const load = () => {
      throw new Error("Cannot find module 'libsql'")
    }
    expect(() => sqliteStore(join(directory, "none.db"), load)).toThrow(
      expect.objectContaining({ code: "SQLITE_MISSING", message: expect.stringContaining("npm install libsql") }),
    )
  })

  it("names a file that is no database", () => {
    expect(() => sqliteStore(directory)).toThrow(
      expect.objectContaining({ code: "STORE_UNUSABLE", message: expect.stringContaining(directory) }),
    )
  })

  it("refuses amounts beyond the safe integers", async () => {
    const store = sqliteStore(join(directory, "large.db"))
    stores.push(store)
    const large = store.transaction((rows) => rows.put("balances", { account: "1001", fen: 2n ** 60n }))
    await expect(large).rejects.toThrow(/^fen: expected an amount below 2\^53/)
  })
})
