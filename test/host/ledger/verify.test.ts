import { describe, expect, it } from "vitest"
import { createBank } from "../../../src/host/index.js"
import { pendingAccount } from "../../../src/host/ledger/accounts.js"
import {
  accountOpened,
  type CashTransaction,
  cashDelivered,
  dispenseUnknown,
  machineLoaded,
  notesRetracted,
  notesTaken,
  type Posting,
  partlyTaken,
  withdrawalApproved,
  withdrawalReversed,
} from "../../../src/host/ledger/events.js"
import { heldFen, owedFen, post } from "../../../src/host/ledger/post.js"
import { verifyLedger } from "../../../src/host/ledger/verify.js"
import type { BankStore, BankTransaction } from "../../../src/host/store/bank-store.js"
import { memoryStore } from "../../../src/host/store/memory-store.js"
import type { MessageRow } from "../../../src/host/store/rows.js"
import { CARD, PAN, testClock, testTerminal } from "../test-terminal.js"

const TIME = { businessDate: "20251120", at: "2025-11-20T02:30:00.000Z" }
const KEY = "00010000-ATM00001-000002-20251120"
const CASH: CashTransaction = { key: KEY, accountNumber: "0000000018", terminal: "ATM00001", fen: 50_000n }

describe("posting", () => {
  async function open() {
    const store = memoryStore()
    const write = (posting: Posting) => store.transaction((rows) => post(rows, posting, TIME))
    await write(accountOpened("OPEN", "0000000018", 100_000n))
    return { store, write }
  }

  it("adds the legs to the balances", async () => {
    const { store, write } = await open()
    expect(await write(withdrawalApproved(CASH))).toBe(2)
    expect(await store.transaction((rows) => owedFen(rows, "2011:0000000018"))).toBe(50_000n)
    expect(await store.transaction((rows) => owedFen(rows, pendingAccount(KEY)))).toBe(50_000n)
    expect(await store.transaction((rows) => heldFen(rows, "3001"))).toBe(100_000n)
  })

  it("happens once for a key and a kind", async () => {
    const { store, write } = await open()
    await write(withdrawalApproved(CASH))
    expect(await write(withdrawalApproved(CASH))).toBeUndefined()
    expect(await store.transaction((rows) => owedFen(rows, "2011:0000000018"))).toBe(50_000n)
  })

  it("keeps which entry it takes back", async () => {
    const { store, write } = await open()
    const entry = await write(withdrawalApproved(CASH))
    await write(withdrawalReversed(CASH, entry!))
    expect((await store.transaction((rows) => rows.list("entries"))).map((row) => row.reverses)).toEqual([
      null,
      null,
      2,
    ])
  })

  it.each([
    ["to overdraw a customer", withdrawalApproved({ ...CASH, fen: 100_001n })],
    ["to close what was never opened", notesTaken(CASH)],
    ["a single leg", { key: "K", kind: "X", legs: [{ account: "1001", fen: 1n }] }],
    ["an amount of nothing", withdrawalApproved({ ...CASH, fen: 0n })],
    ["a leg of nothing", { key: "K", kind: "X", legs: [1n, -1n, 0n].map((fen) => ({ account: "1001", fen })) }],
    ["legs that differ", { key: "K", kind: "X", legs: [1n, -2n].map((fen) => ({ account: "1001", fen })) }],
    [
      "an account of the insurance pots",
      { key: "K", kind: "X", legs: [1n, -1n].map((fen) => ({ account: "4001", fen })) },
    ],
  ])("refuses %s, and keeps nothing of it", async (_what, posting) => {
    const { store, write } = await open()
    await expect(write(posting)).rejects.toMatchObject({ code: "LEDGER_REFUSED" })
    expect(await store.transaction((rows) => rows.list("entries"))).toHaveLength(1)
  })

  it("leaves out legs of nothing of an event that has none for them", () => {
    expect(notesRetracted(CASH, 50_000n).legs).toHaveLength(2)
    expect(notesRetracted(CASH, 20_000n).legs).toHaveLength(3)
    expect(partlyTaken(CASH, 20_000n).legs.map((leg) => leg.fen)).toEqual([50_000n, -20_000n, -30_000n])
  })

  it("moves cash from head office to a machine", async () => {
    const { store, write } = await open()
    await write(cashDelivered("K", 100n))
    await write(machineLoaded("K", "ATM00001", 100n))
    expect(await store.transaction((rows) => heldFen(rows, "1003:ATM00001"))).toBe(100n)
    expect(await store.transaction((rows) => heldFen(rows, "1001"))).toBe(0n)
  })
})

/** A bank after one withdrawal whose notes were taken, and one that is pending. */
async function bankInOrder() {
  const store = memoryStore()
  const clock = testClock()
  const bank = createBank({ store, clock })
  await bank.enroll(CARD)
  const terminal = testTerminal(bank.link(), { clock })
  await terminal.signOn()
  const taken = terminal.withdrawal(50_000)
  await terminal.sendMessage(taken)
  await terminal.sendMessage(terminal.advice(taken, "taken"))
  await terminal.sendMessage(terminal.withdrawal(10_000))
  expect((await bank.ledger.verify()).violations).toEqual([])
  return store
}

const TAKEN = "00010000-ATM00001-000002-20251120"
const PENDING = "00010000-ATM00001-000003-20251120"

/** An entry written past all the rules of posting. */
async function forge(
  rows: BankTransaction,
  key: string,
  kind: string,
  legs: [string, bigint][],
  reverses: number | null = null,
) {
  const id = await rows.next("entry")
  await rows.insert("entries", { id, key, kind, reverses, ...TIME })
  for (const [position, [account, fen]] of legs.entries()) {
    await rows.insert("legs", { entry: id, position, account, fen })
    const balance = (await rows.get("balances", account))?.fen ?? 0n
    await rows.put("balances", { account, fen: balance + fen })
  }
}

async function changeMessage(rows: BankTransaction, key: string, change: Partial<MessageRow>) {
  const row = await rows.get("messages", key, "0200")
  await rows.put("messages", { ...row!, ...change })
}

const ACCOUNT = "2011:0000000018"
const broken = async (damage: (rows: BankTransaction) => Promise<unknown>): Promise<number[]> => {
  const store: BankStore = await bankInOrder()
  await store.transaction(damage)
  const { ok, violations } = await verifyLedger(store)
  expect(ok).toBe(violations.length === 0)
  return [...new Set(violations.map((violation) => violation.invariant))].sort((a, b) => a - b)
}

describe("invariants (host-iso8583 §18): each is seen when it is broken", () => {
  it("1: an entry that does not sum to zero, or has one leg", async () => {
    expect(await broken((rows) => forge(rows, "K", "X", [["1001", 5n]]))).toContain(1)
    expect(
      await broken((rows) =>
        forge(rows, "K", "X", [
          ["1001", 5n],
          ["3001", -4n],
        ]),
      ),
    ).toContain(1)
  })

  it("1: a balance that is not the sum of its legs", async () => {
    expect(await broken((rows) => rows.put("balances", { account: ACCOUNT, fen: -1n }))).toEqual([1])
    expect(await broken((rows) => rows.put("balances", { account: "1001", fen: 5n }))).toEqual([1])
  })

  it("2: a customer in debt, even for a moment", async () => {
    const moment = async (rows: BankTransaction) => {
      await forge(rows, "K", "X", [
        [ACCOUNT, 2_000_000n],
        ["3001", -2_000_000n],
      ])
      await forge(rows, "K", "Y", [
        [ACCOUNT, -2_000_000n],
        ["3001", 2_000_000n],
      ])
    }
    expect(await broken(moment)).toEqual([2])
  })

  it("4: a reversal of nothing, of more than there was, or a second one", async () => {
    const back = (fen: bigint): [string, bigint][] => [
      ["1001", fen],
      ["3001", -fen],
    ]
    expect(await broken((rows) => forge(rows, "K", "X", back(1n), 999))).toEqual([4])
    expect(await broken((rows) => forge(rows, "K", "X", back(999_999_999n), 1))).toEqual([4])
    const twice = async (rows: BankTransaction) => {
      for (const kind of ["X", "Y"]) await forge(rows, "K", kind, back(1n), 1)
    }
    expect(await broken(twice)).toEqual([4])
  })

  it("5: a pending account that is closed twice, or not to zero", async () => {
    const again = (rows: BankTransaction) =>
      forge(rows, TAKEN, "W6", [
        [`2242:${TAKEN}`, -1n],
        ["1003:ATM00001", 1n],
      ])
    expect(await broken(again)).toContain(5)
    const half = (rows: BankTransaction) =>
      forge(rows, PENDING, "W2", [
        [`2241:${PENDING}`, 1n],
        ["1003:ATM00001", -1n],
      ])
    expect(await broken(half)).toContain(5)
  })

  it("5: open money that its request does not know of", async () => {
    expect(await broken((rows) => changeMessage(rows, PENDING, { amountFen: 10_001n, countedFen: 10_001n }))).toContain(
      5,
    )
  })

  it("6: notes that are not the customer's debit", async () => {
    const gift = (rows: BankTransaction) =>
      forge(rows, TAKEN, "X", [
        ["3001", 500n],
        ["1003:ATM00001", -500n],
      ])
    expect(await broken(gift)).toEqual([6])
  })

  it("7: a machine that was counted to another amount", async () => {
    const store = memoryStore()
    const bank = createBank({ store })
    const count = (fen: bigint) => bank.ledger.verify({ countedFen: new Map([["ATM00001", fen]]) })
    await bank.enroll(CARD)
    expect((await count(100_000_000n)).ok).toBe(true)
    expect((await count(99_990_000n)).violations).toEqual([expect.objectContaining({ invariant: 7 })])
  })

  it("8: a day counter that is not what was approved", async () => {
    const counter = { pan: PAN, kind: "atmDay", period: "20251120", fen: 50_000n, count: 2 }
    expect(await broken((rows) => rows.put("counters", counter))).toEqual([8])
    expect(await broken((rows) => changeMessage(rows, TAKEN, { countedFen: 0n }))).toEqual([8])
    expect(await broken((rows) => rows.put("counters", { ...counter, period: "20251119" }))).toEqual([8])
  })

  it("9: an amount of nothing", async () => {
    const nothing = (rows: BankTransaction) =>
      forge(rows, "K", "X", [
        ["1001", 0n],
        ["3001", 0n],
      ])
    expect(await broken(nothing)).toEqual([9])
    expect(await broken((rows) => changeMessage(rows, TAKEN, { amountFen: -1n }))).toContain(9)
  })

  it("10: an answer without its posting, a posting without its answer", async () => {
    expect(await broken((rows) => changeMessage(rows, PENDING, { state: "declined" }))).toEqual([5, 10])
    expect(await broken((rows) => changeMessage(rows, PENDING, { state: "final" }))).toEqual([5, 10])
    expect(await broken((rows) => changeMessage(rows, TAKEN, { answer: new Uint8Array(0) }))).toEqual([10])
    const alone = (rows: BankTransaction) => post(rows, withdrawalApproved({ ...CASH, key: "K" }), TIME)
    expect(await broken(alone)).toEqual([10])
    const closed = async (rows: BankTransaction) => {
      await post(rows, withdrawalApproved({ ...CASH, key: "K" }), TIME)
      await post(rows, dispenseUnknown({ ...CASH, key: "K" }), TIME)
    }
    expect(await broken(closed)).toEqual([10])
  })

  it("11: an account of the medical or pooled funds", async () => {
    const pots = (rows: BankTransaction) =>
      forge(rows, "K", "X", [
        ["4001", 5n],
        ["3001", -5n],
      ])
    expect(await broken(pots)).toEqual([11])
  })
})
