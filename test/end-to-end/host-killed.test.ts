import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { TimeoutError } from "../../src/apdu/index.js"
import type { Bank, BankStore, BankTransaction } from "../../src/host/index.js"
import { sqliteStore } from "../../src/host/store/sqlite-store.js"
import { withdraw } from "../../src/terminal/index.js"
import { ACTIVE, bankOf, settle, worldOf } from "./world.js"

const AMOUNT_FEN = 50_000
const directory = mkdtempSync(join(tmpdir(), "shebao-killed-"))
const opened: Bank[] = []
let files = 0

afterAll(async () => {
  for (const bank of opened) await bank.close()
  rmSync(directory, { recursive: true, force: true })
})

/** The files as they are on the disk now: what a bank leaves behind that is killed at this moment. */
function remains(path: string): string {
  const copy = join(directory, `bank-${++files}.db`)
  for (const suffix of ["", "-wal"]) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix)
  return copy
}

/** A bank that is killed at the nth operation on its store, counted from when it is armed; then it answers nobody. */
async function mortalBank() {
  const path = join(directory, `bank-${++files}.db`)
  const store = sqliteStore(path)
  let left = Number.POSITIVE_INFINITY
  let operations = 0
  let leftBehind: string | undefined
  const live =
    <Arguments extends unknown[], Value>(operate: (...args: Arguments) => Promise<Value>) =>
    async (...args: Arguments): Promise<Value> => {
      operations++
      if (left-- <= 0) {
        leftBehind ??= remains(path)
        throw new Error("killed")
      }
      return operate(...args)
    }
  const mortal = (rows: BankTransaction): BankTransaction => ({
    get: live(rows.get.bind(rows)) as BankTransaction["get"],
    insert: live(rows.insert.bind(rows)) as BankTransaction["insert"],
    put: live(rows.put.bind(rows)) as BankTransaction["put"],
    list: live(rows.list.bind(rows)) as BankTransaction["list"],
    next: live(rows.next.bind(rows)),
  })
  const mortalStore: BankStore = {
    transaction: (body) => store.transaction((rows) => body(mortal(rows))),
    close: () => store.close(),
  }
  const bank = await bankOf(ACTIVE, { store: mortalStore })
  opened.push(bank)
  return {
    bank,
    killAfter(count: number) {
      left = count
      operations = 0
    },
    operations: () => operations,
    isDead: () => leftBehind !== undefined,
    async revive() {
      const next = await bankOf(ACTIVE, { store: { sqlite: leftBehind ?? remains(path) } })
      opened.push(next)
      return next
    },
  }
}

async function scene() {
  const mortal = await mortalBank()
  const link = mortal.bank.link()
  const world = await worldOf({
    bank: mortal.bank,
    link: () => ({
      async exchange(frame) {
        const answer = await link.exchange(frame)
        if (mortal.isDead()) throw new TimeoutError("The bank is dead.")
        return answer
      },
      close: () => link.close(),
    }),
  })
  await world.terminal.prepare()
  const run = () => {
    const { slot, terminal, dispenser } = world
    return withdraw(slot.insert(), { terminal, dispenser, pinPad: world.pinPad(), amountFen: AMOUNT_FEN })
  }
  return { mortal, world, run }
}

describe("a bank that is killed in the middle of a withdrawal", () => {
  it("at any operation on its ledger agrees with card and cash when it is back", async () => {
    const whole = await scene()
    whole.mortal.killAfter(Number.POSITIVE_INFINITY)
    expect(await whole.run()).toMatchObject({ ok: true })
    const total = whole.mortal.operations()
    const ends = new Set<string>()
    for (let count = 0; count <= total; count++) {
      const { mortal, world, run } = await scene()
      mortal.killAfter(count)
      const result = await run()
      ends.add(result.ok ? "ok" : result.code)
      world.bank = await mortal.revive()
      const found = await settle(world)
      expect(found).toEqual({
        chargedFen: result.ok ? AMOUNT_FEN : 0,
        suspenseFen: 0,
        handsFen: result.ok ? AMOUNT_FEN : 0,
      })
    }
    // Killed before its answer, and after it while the confirmation was on its way.
    expect([...ends].sort()).toEqual(["NO_ANSWER", "ok"])
  })
})
