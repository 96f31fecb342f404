import { afterEach, describe, expect, it } from "vitest"
import type { BankStore } from "../../../src/host/store/bank-store.js"
import type { MessageRow } from "../../../src/host/store/rows.js"

export const message: MessageRow = {
  key: "00010000-ATM00001-000001-20251120",
  messageClass: "0200",
  hash: Uint8Array.of(1, 2),
  state: "pending",
  flow: "withdrawal",
  terminal: "ATM00001",
  pan: "6217000000000000046",
  processingCode: "010000",
  amountFen: 50000n,
  countedFen: 50000n,
  entry: null,
  suspenseFen: 0n,
  day: "20251120",
  businessDate: "20251120",
  reference: "532410000001",
  answerCode: "00",
  answer: Uint8Array.of(2, 16),
  at: "2025-11-20T02:30:00.000Z",
}

const failure = new Error("body failed")

/** What every bank store does, wherever it keeps its rows. @param make an empty store */
export function bankStoreSuite(name: string, make: () => BankStore): void {
  const stores: BankStore[] = []
  const open = (): BankStore => {
    const store = make()
    stores.push(store)
    return store
  }

  describe(`bank store ${name}`, () => {
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close()
    })

    it("gives back the row it was given, column by column", async () => {
      const store = open()
      await store.transaction((rows) => rows.put("messages", message))
      const row = await store.transaction((rows) => rows.get("messages", message.key, "0200"))
      expect(row).toEqual(message)
      expect(row!.answer.constructor).toBe(Uint8Array)
    })

    it("knows no row under another key", async () => {
      const store = open()
      await store.transaction((rows) => rows.put("messages", message))
      expect(await store.transaction((rows) => rows.get("messages", message.key, "0420"))).toBeUndefined()
    })

    it("inserts a key once", async () => {
      const store = open()
      const changed = { ...message, state: "final" as const }
      const inserted = await store.transaction(async (rows) => [
        await rows.insert("messages", message),
        await rows.insert("messages", changed),
      ])
      expect(inserted).toEqual([true, false])
      expect(await store.transaction((rows) => rows.get("messages", message.key, "0200"))).toEqual(message)
    })

    it("inserts a unique group of columns once", async () => {
      const store = open()
      const entry = { key: "K", kind: "W1", businessDate: "20251120", reverses: null, at: "" }
      const inserted = await store.transaction(async (rows) => [
        await rows.insert("entries", { id: 1, ...entry }),
        await rows.insert("entries", { id: 2, ...entry }),
        await rows.insert("entries", { id: 2, ...entry, kind: "W2" }),
      ])
      expect(inserted).toEqual([true, false, true])
    })

    it("replaces a row, but never one of the journal", async () => {
      const store = open()
      await store.transaction(async (rows) => {
        await rows.put("balances", { account: "1001", fen: 1n })
        await rows.put("balances", { account: "1001", fen: -9_000_000_000_000n })
      })
      expect(await store.transaction((rows) => rows.get("balances", "1001"))).toEqual({
        account: "1001",
        fen: -9_000_000_000_000n,
      })
      const leg = { entry: 1, position: 0, account: "1001", fen: 1n }
      await expect(store.transaction((rows) => rows.put("legs", leg))).rejects.toThrow(/^table: legs only grows/)
    })

    it("lists rows in the order of their keys, by any column", async () => {
      const store = open()
      await store.transaction(async (rows) => {
        for (const entry of [10, 9, 1])
          await rows.insert("legs", { entry, position: 0, account: entry > 5 ? "1001" : "3001", fen: 1n })
      })
      const all = await store.transaction((rows) => rows.list("legs"))
      expect(all.map((leg) => leg.entry)).toEqual([1, 9, 10])
      const vault = await store.transaction((rows) => rows.list("legs", { account: "1001" }))
      expect(vault.map((leg) => leg.entry)).toEqual([9, 10])
    })

    it("counts a sequence from 1 and gives numbers of a failed transaction back", async () => {
      const store = open()
      expect(await store.transaction((rows) => rows.next("entry"))).toBe(1)
      await store
        .transaction(async (rows) => {
          await rows.next("entry")
          throw failure
        })
        .catch(() => undefined)
      expect(await store.transaction((rows) => rows.next("entry"))).toBe(2)
      expect(await store.transaction((rows) => rows.next("reference"))).toBe(1)
    })

    it("keeps nothing of a transaction that fails, and passes its error on", async () => {
      const store = open()
      await store.transaction((rows) => rows.put("balances", { account: "1001", fen: 5n }))
      const failed = store.transaction(async (rows) => {
        await rows.put("balances", { account: "1001", fen: 6n })
        await rows.put("balances", { account: "1001", fen: 7n })
        await rows.put("balances", { account: "3001", fen: -7n })
        await rows.insert("entries", { id: 1, key: "K", kind: "R0", businessDate: "", reverses: null, at: "" })
        throw failure
      })
      await expect(failed).rejects.toBe(failure)
      expect(await store.transaction((rows) => rows.list("balances"))).toEqual([{ account: "1001", fen: 5n }])
      const again = store.transaction((rows) =>
        rows.insert("entries", { id: 1, key: "K", kind: "R0", businessDate: "", reverses: null, at: "" }),
      )
      expect(await again).toBe(true)
    })

    it("runs transactions that were started together one after the other", async () => {
      const store = open()
      const add = () =>
        store.transaction(async (rows) => {
          const before = (await rows.get("balances", "1001"))?.fen ?? 0n
          await Promise.resolve()
          await rows.put("balances", { account: "1001", fen: before + 1n })
        })
      await Promise.all(Array.from({ length: 200 }, add))
      expect((await store.transaction((rows) => rows.get("balances", "1001")))?.fen).toBe(200n)
    })

    it("undoes one failed transaction among others that succeed", async () => {
      const store = open()
      const outcomes = await Promise.allSettled(
        [1, 2, 3].map((id) =>
          store.transaction(async (rows) => {
            await rows.put("balances", { account: `2011:${id}`, fen: -1n })
            if (id === 2) throw failure
          }),
        ),
      )
      expect(outcomes.map((outcome) => outcome.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
      const balances = await store.transaction((rows) => rows.list("balances"))
      expect(balances.map((row) => row.account)).toEqual(["2011:1", "2011:3"])
    })

    it("finishes what is running when it is closed and refuses more", async () => {
      const store = open()
      const running = store.transaction(async () => "done")
      const closed = store.close()
      expect(await running).toBe("done")
      await closed
      await expect(store.transaction(async () => 1)).rejects.toMatchObject({ code: "STORE_CLOSED" })
    })
  })
}
