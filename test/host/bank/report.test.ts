import { describe, expect, it } from "vitest"
import { openWorld, type World } from "../world.js"

const nothing = { count: 0, amountFen: 0 }

async function pay({ terminal }: World, fen: number, outcome: "taken" | "partial" | "retracted", actualFen?: number) {
  const request = terminal.withdrawal(fen)
  await terminal.sendMessage(request)
  await terminal.sendMessage(terminal.advice(request, outcome, actualFen))
}

describe("the report of a business day (host-iso8583 §19)", () => {
  it("adds up for each terminal what was paid, taken in, reversed and pulled back in", async () => {
    const world = await openWorld()
    const { bank, terminal } = world
    await pay(world, 50_000, "taken")
    await pay(world, 50_000, "partial", 20_000)
    await pay(world, 50_000, "retracted", 10_000)
    const cashIn = terminal.cashIn(30_000)
    await terminal.sendMessage(cashIn)
    await terminal.sendMessage(terminal.advice(cashIn, "stored"))
    const failed = terminal.withdrawal(10_000)
    await terminal.sendMessage(failed)
    await terminal.sendMessage(terminal.reversal(failed))
    const report = await bank.report()
    expect(report.businessDate).toBe("20251120")
    expect(report.terminals.find(({ id }) => id === "ATM00001")).toEqual({
      id: "ATM00001",
      kind: "atm",
      signedOn: true,
      cashFen: 100_000_000n - 50_000n - 20_000n - 10_000n + 30_000n,
      totals: {
        withdrawals: { count: 3, amountFen: 80_000 },
        deposits: { count: 1, amountFen: 30_000 },
        reversals: { count: 1, amountFen: 10_000 },
        retracts: { count: 1, amountFen: 40_000 },
      },
    })
    expect(report.answers).toEqual({ "00": 5 })
    expect(report.cards).toEqual({ active: 1 })
    expect(report.pending).toEqual([])
    expect(report.suspense).toMatchObject([{ terminal: "ATM00001", flow: "withdrawal", fen: 40_000n, ageDays: 0 }])
  })

  it("counts nothing while nobody knows where the notes are", async () => {
    const { bank, terminal } = await openWorld()
    const request = terminal.withdrawal(50_000)
    await terminal.sendMessage(request)
    expect((await bank.report()).pending).toMatchObject([{ fen: 50_000n }])
    await terminal.sendMessage(terminal.advice(request, "unknown"))
    const { pending, suspense, terminals } = await bank.report()
    expect(pending).toEqual([])
    expect(suspense).toMatchObject([{ fen: 50_000n, alarm: false }])
    expect(terminals[0]!.totals).toEqual({
      withdrawals: nothing,
      deposits: nothing,
      reversals: nothing,
      retracts: nothing,
    })
  })

  it("raises the alarm for money that has been in suspense for more than seven days", async () => {
    const { bank, clock, terminal } = await openWorld()
    await terminal.sendMessage(terminal.withdrawal(50_000))
    clock.set("2025-11-27T02:30:00Z")
    await bank.closeDay()
    expect((await bank.report()).suspense).toMatchObject([{ ageDays: 7, alarm: false }])
    clock.set("2025-11-28T02:30:00Z")
    expect((await bank.report()).suspense).toMatchObject([{ ageDays: 8, alarm: true }])
  })

  it("tells of another business day when asked", async () => {
    const world = await openWorld()
    await pay(world, 50_000, "taken")
    world.clock.set("2025-11-21T02:30:00Z")
    expect((await world.bank.report()).answers).toEqual({})
    expect((await world.bank.report("20251120")).answers).toEqual({ "00": 1 })
  })

  it("numbers the journal without gaps, however often a bank is opened", async () => {
    const { bank } = await openWorld()
    const { entries, violations } = await bank.ledger.verify()
    expect([entries, violations]).toEqual([5, []])
  })
})
