import { describe, expect, it } from "vitest"
import { withdraw } from "../../src/terminal/index.js"
import { worldOf } from "./world.js"

const nothing = { count: 0, amountFen: 0 }
const NO_TOTALS = { withdrawals: nothing, deposits: nothing, reversals: nothing, retracts: nothing }

describe("a terminal that closes its batch", () => {
  it("agrees with the bank on what was paid, pulled back in and reversed; then the next batch begins", async () => {
    const world = await worldOf()
    const { dispenser, terminal } = world
    const pay = () => withdraw(world.slot.insert(), { terminal, dispenser, pinPad: world.pinPad(), amountFen: 10_000 })
    expect(await pay()).toMatchObject({ ok: true })
    dispenser.failNext("notTaken")
    expect(await pay()).toMatchObject({ code: "NOTES_RETRACTED" })
    dispenser.failNext("stackFails")
    expect(await pay()).toMatchObject({ code: "DISPENSE_FAILED" })
    const totals = {
      ...NO_TOTALS,
      withdrawals: { count: 1, amountFen: 10_000 },
      reversals: { count: 1, amountFen: 10_000 },
      retracts: { count: 1, amountFen: 10_000 },
    }
    expect(await terminal.closeBatch()).toEqual({ outcome: "equal", own: totals, host: totals })
    expect(await pay()).toMatchObject({ ok: true })
    const second = { ...NO_TOTALS, withdrawals: { count: 1, amountFen: 10_000 } }
    expect(await terminal.closeBatch()).toEqual({ outcome: "equal", own: second, host: second })
  })

  it("hears of a difference that somebody planted in its journal", async () => {
    const world = await worldOf()
    await world.journal.append({
      type: "closed",
      id: "planted",
      counted: [{ total: "withdrawals", fen: 10_000 }],
    })
    expect(await world.terminal.closeBatch()).toMatchObject({
      outcome: "different",
      own: { withdrawals: { count: 1, amountFen: 10_000 } },
      host: NO_TOTALS,
    })
  })

  it("waits until every movement of money has ended", async () => {
    const world = await worldOf()
    await world.terminal.beginMoney("withdrawal", 10_000)
    expect(await world.terminal.closeBatch()).toEqual({ ready: false, reason: "open" })
  })
})
