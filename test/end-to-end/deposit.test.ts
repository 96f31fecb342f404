import { describe, expect, it } from "vitest"
import { inProcessLink, type LinkFaults } from "../../src/host/index.js"
import {
  type Deposited,
  deposit,
  type FinancialRefusal,
  recover,
  type SimulatedAcceptor,
  simulatedAcceptor,
} from "../../src/terminal/index.js"
import { ACTIVE, type World, type WorldOptions, worldOf } from "./world.js"

const AMOUNT_FEN = 200_000
const NOTES = [{ denominationYuan: 100, count: 20 }]

interface Depositing {
  readonly world: World
  readonly acceptor: SimulatedAcceptor
  /** Puts the notes in and pays them in. */
  run(): Promise<Deposited | FinancialRefusal>
}

async function depositing(options: WorldOptions = {}, pull?: (world: World) => void): Promise<Depositing> {
  const world = await worldOf(options)
  const acceptor = simulatedAcceptor()
  const { terminal, slot } = world
  return {
    world,
    acceptor,
    run() {
      acceptor.insert(NOTES)
      const transport = slot.insert()
      pull?.(world)
      const person = options.kind === "teller" ? { teller: "T0001" } : { pinPad: world.pinPad() }
      return deposit(transport, { terminal, acceptor, ...person })
    },
  }
}

/** What was credited is in the machine or in suspense, the rest is back in the customer's hands. */
async function expectConsistent({ world, acceptor }: Depositing, isCertain = true): Promise<number> {
  const { bank } = world
  const terminal = world.restart()
  await recover(terminal, { acceptor })
  expect(await terminal.prepare()).toEqual({ ready: true })
  expect(terminal.journal.state).toMatchObject({ open: [], queue: [] })
  expect((await bank.ledger.verify()).violations).toEqual([])
  const { pendingFen, suspenseFen } = await bank.ledger.summary()
  expect(pendingFen).toBe(0n)
  const creditedFen = Number((await bank.account(ACTIVE.pan))!.balanceFen) - ACTIVE.openingFen
  const { escrowFen, storedFen, returnedFen } = acceptor.positions()
  expect(escrowFen).toBe(0)
  if (isCertain) {
    expect(creditedFen).toBe(storedFen)
    expect(storedFen + returnedFen).toBe(AMOUNT_FEN)
    expect(suspenseFen).toBe(0n)
  }
  return creditedFen
}

describe.each(["atm", "teller"] as const)("a deposit at %s with card and bank", (kind) => {
  it("is credited", async () => {
    const paying = await depositing({ kind })
    expect(await paying.run()).toMatchObject({ ok: true, amountFen: AMOUNT_FEN })
    expect(await expectConsistent(paying)).toBe(AMOUNT_FEN)
  })

  it("with a card that is pulled, at any moment, gives the notes back", async () => {
    const whole = await depositing({ kind })
    await whole.run()
    const total = whole.world.slot.commands()
    for (let commands = 0; commands < total; commands++) {
      const paying = await depositing({ kind }, (world) => world.slot.pullAfter(commands))
      expect(await paying.run()).toMatchObject({ ok: false, code: "CARD_REMOVED" })
      expect(await expectConsistent(paying)).toBe(0)
    }
  })

  it.each<[string, (isTurn: () => boolean) => LinkFaults]>([
    ["loses a request", (isTurn) => ({ dropRequest: isTurn })],
    ["loses an answer", (isTurn) => ({ dropAnswer: isTurn })],
    [
      "changes an answer",
      (isTurn) => ({ changeAnswer: (answer) => (isTurn() ? answer.map((byte) => byte ^ 1) : answer) }),
    ],
  ])("over a line that %s credits what was stored, once", async (_, make) => {
    const ends = new Set<string>()
    for (let nth = 0; nth < 4; nth++) {
      let count = 0
      const faults = make(() => count++ === nth)
      const paying = await depositing({ kind, link: (bank) => inProcessLink(bank, faults) })
      const result = await paying.run()
      ends.add(result.ok ? "ok" : result.code)
      expect(await expectConsistent(paying)).toBe(result.ok ? AMOUNT_FEN : 0)
    }
    expect(ends.size).toBeGreaterThan(1)
  })

  it("that cannot be stored is given back and reversed", async () => {
    const paying = await depositing({ kind })
    paying.acceptor.failNext("storeFails")
    expect(await paying.run()).toMatchObject({ code: "DEPOSIT_FAILED" })
    expect(await expectConsistent(paying)).toBe(0)
  })
})

describe("notes that get lost in a machine", () => {
  it("lie in suspense until they are found", async () => {
    const paying = await depositing()
    paying.acceptor.failNext("storeUnknown")
    expect(await paying.run()).toMatchObject({ code: "NOTES_UNKNOWN" })
    expect(await expectConsistent(paying, false)).toBe(0)
    expect((await paying.world.bank.ledger.summary()).suspenseFen).toBe(BigInt(AMOUNT_FEN))
  })
})

describe("power that fails in a machine that takes cash", () => {
  class PowerCut extends Error {}

  it.each(["atm", "teller"] as const)("at any moment credits what was stored (%s)", async (kind) => {
    let cuts = 0
    for (const when of ["before", "after"] as const)
      for (let nth = 0; ; nth++) {
        let appends = 0
        const paying = await depositing({
          kind,
          journal: (journal) => ({
            get state() {
              return journal.state
            },
            async append(...records) {
              const isLast = appends++ === nth
              if (isLast && when === "before") throw new PowerCut()
              await journal.append(...records)
              if (isLast) throw new PowerCut()
            },
            close: () => journal.close(),
          }),
        })
        const wasCut = await paying.run().then(
          () => false,
          (error: unknown) => {
            if (error instanceof PowerCut) return true
            throw error
          },
        )
        if (!wasCut) break
        cuts++
        await expectConsistent(paying)
      }
    expect(cuts).toBeGreaterThan(8)
  })
})

describe("a deposit and then a withdrawal", () => {
  it("leave the machine's cash as the books say", async () => {
    const paying = await depositing()
    await paying.run()
    // The machine keeps deposited notes apart from those it pays out: both are its cash.
    const { bank, dispenser } = paying.world
    const inside = BigInt(dispenser.positions().cassettesFen + paying.acceptor.positions().storedFen)
    expect((await bank.ledger.verify({ countedFen: new Map([["ATM00001", inside]]) })).violations).toEqual([])
  })
})
