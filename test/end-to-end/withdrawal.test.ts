import { describe, expect, it } from "vitest"
import { TimeoutError } from "../../src/apdu/index.js"
import { inProcessLink, type LinkFaults } from "../../src/host/index.js"
import {
  type DispenserFault,
  type FinancialEvent,
  type FinancialRefusal,
  financialBalance,
  type Journal,
  type JournalRecord,
  type Withdrawn,
  type WithdrawOptions,
  withdraw,
} from "../../src/terminal/index.js"
import { ACTIVE, settle, type World, worldOf } from "./world.js"

const AMOUNT_FEN = 50_000

function take(
  world: World,
  amountFen = AMOUNT_FEN,
  more: Partial<WithdrawOptions> = {},
): Promise<Withdrawn | FinancialRefusal> {
  const { slot, terminal, dispenser } = world
  return withdraw(slot.insert(), { terminal, dispenser, pinPad: world.pinPad(), amountFen, ...more })
}

/** Cash and debit agree, and the card works for the next customer. */
async function expectConsistent(world: World): Promise<{ chargedFen: number; suspenseFen: number; handsFen: number }> {
  const found = await settle(world)
  expect(found.chargedFen).toBe(found.handsFen + found.suspenseFen)
  await expectUsable(world)
  return found
}

async function expectUsable(world: World): Promise<void> {
  expect(await take(world, 10_000)).toMatchObject({ ok: true, amountFen: 10_000 })
}

async function afterWithdrawal(): Promise<World> {
  const world = await worldOf()
  expect(await take(world)).toMatchObject({ ok: true })
  return world
}

describe("a withdrawal with card and bank", () => {
  it("moves the same money in hands and books", async () => {
    const world = await afterWithdrawal()
    expect(await settle(world)).toEqual({ chargedFen: AMOUNT_FEN, suspenseFen: 0, handsFen: AMOUNT_FEN })
    const pinPad = world.pinPad()
    expect(await financialBalance(world.slot.insert(), { terminal: world.terminal, pinPad })).toEqual({
      ok: true,
      ledgerFen: ACTIVE.openingFen - AMOUNT_FEN,
      availableFen: ACTIVE.openingFen - AMOUNT_FEN,
    })
  })

  it.each([
    ["more than the balance", 500_000 + 10_000, "AMOUNT_OVER_LIMIT"],
    ["all that is there, twice", 500_000, "51"],
  ])("refuses %s", async (_, amountFen, code) => {
    const world = await worldOf()
    const first = await take(world, amountFen)
    const result = first.ok ? await take(world, amountFen) : first
    expect(result).toMatchObject({ ok: false, code })
    await settle(world)
  })

  it("counts wrong PINs until the bank locks the card", async () => {
    const world = await worldOf()
    const { slot, terminal, dispenser } = world
    const pinPad = world.pinPad("000001", "000002", "000003", world.holder.pin)
    const result = await withdraw(slot.insert(), { terminal, dispenser, pinPad, amountFen: AMOUNT_FEN })
    expect(result).toMatchObject({ ok: false, code: "75" })
    expect(await take(world)).toMatchObject({ code: "75" })
    expect(await settle(world)).toMatchObject({ chargedFen: 0, handsFen: 0 })
  })
})

describe("a card that is pulled", () => {
  it("at any moment leaves cash and debit equal", async () => {
    const total = (await afterWithdrawal()).slot.commands()
    let [untold, reversed] = [0, 0]
    for (let commands = 0; commands < total; commands++) {
      const world = await worldOf()
      const transport = world.slot.insert()
      world.slot.pullAfter(commands)
      const { terminal, dispenser } = world
      const events: FinancialEvent["type"][] = []
      const result = await withdraw(transport, {
        terminal,
        dispenser,
        pinPad: world.pinPad(),
        amountFen: AMOUNT_FEN,
        onEvent: ({ type }) => events.push(type),
      })
      expect(result).toMatchObject({ ok: false, code: "CARD_REMOVED" })
      expect(await expectConsistent(world)).toMatchObject({ chargedFen: 0, handsFen: 0, suspenseFen: 0 })
      if (events.includes("reversed")) reversed++
      else untold++
    }
    // Both happened: pulled before the bank was asked, and after it had said yes.
    expect(untold).toBeGreaterThan(5)
    expect(reversed).toBeGreaterThan(1)
  })
})

describe("power that fails on the card", () => {
  it.each([false, true])("at any physical write leaves cash and debit equal (torn: %s)", async (torn) => {
    let cuts = 0
    for (let writes = 0; ; writes++) {
      const world = await worldOf()
      const transport = world.slot.insert()
      world.slot.card.cutPowerAfter(writes, { torn })
      const { terminal, dispenser } = world
      const result = await withdraw(transport, { terminal, dispenser, pinPad: world.pinPad(), amountFen: AMOUNT_FEN })
      if (result.ok) break
      cuts++
      expect(result).toMatchObject({ code: "CARD_REMOVED" })
      expect(await expectConsistent(world)).toMatchObject({ chargedFen: 0, handsFen: 0 })
    }
    expect(cuts).toBeGreaterThan(5)
  })
})

describe("a line that fails", () => {
  const faults: [string, (nth: number) => LinkFaults][] = [
    ["loses a request", (nth) => ({ dropRequest: nthTime(nth) })],
    ["loses an answer", (nth) => ({ dropAnswer: nthTime(nth) })],
    [
      "changes an answer",
      (nth) => ({ changeAnswer: changing(nthTime(nth), (bytes) => flip(bytes, bytes.length - 1)) }),
    ],
    ["changes an amount", (nth) => ({ changeAnswer: changing(nthTime(nth), (bytes) => flip(bytes, 38)) })],
    ["cuts an answer short", (nth) => ({ changeAnswer: changing(nthTime(nth), (bytes) => bytes.slice(0, 20)) })],
    ["gives the answer of another request", (nth) => ({ changeAnswer: previous(nth) })],
  ]

  it.each(faults)("%s, whichever it is, leaves cash and debit equal", async (_, make) => {
    const ends = new Set<string>()
    for (let nth = 0; nth < 4; nth++) {
      const world = await worldOf({ link: (bank) => inProcessLink(bank, make(nth)) })
      const result = await take(world)
      ends.add(result.ok ? "ok" : result.code)
      const found = await expectConsistent(world)
      expect(found.chargedFen).toBe(result.ok ? AMOUNT_FEN : 0)
    }
    expect(ends).toContain("ok")
    expect(ends.size).toBeGreaterThan(1)
  })

  it("that is dead for long keeps what must be told, and no next customer is served before", async () => {
    let dead = false
    const world = await worldOf({
      link: (bank) =>
        inProcessLink(bank, { dropRequest: () => dead, dropAnswer: (request) => (dead ||= is0200(request)) }),
    })
    expect(await take(world)).toMatchObject({ code: "NO_ANSWER" })
    expect(await take(world)).toMatchObject({ code: "QUEUE" })
    expect(world.journal.state.queue.map(({ messageType, tries }) => [messageType, tries])).toEqual([["0420", 2]])
    expect(await expectConsistent(world)).toMatchObject({ chargedFen: 0 })
  })
})

const FAULTS: (DispenserFault | undefined)[] = [
  undefined,
  "stackFails",
  "presentFails",
  "notTaken",
  "partlyTaken",
  "retractFails",
  "partial",
  "presentUnknown",
  "exposedTaken",
  "exposedLeft",
  "exposedUnknown",
  "noteRejected",
]
/** Nobody can tell where the notes are, so the customer may hold less than what is in suspense. */
const UNCERTAIN = new Set<DispenserFault | undefined>(["retractFails", "presentUnknown", "exposedUnknown"])

describe("a dispense that fails", () => {
  it.each(FAULTS)("%s leaves cash and debit equal", async (fault) => {
    const world = await worldOf()
    if (fault) world.dispenser.failNext(fault)
    await take(world)
    const found = await settle(world)
    if (UNCERTAIN.has(fault)) {
      expect(found).toMatchObject({ chargedFen: AMOUNT_FEN, suspenseFen: AMOUNT_FEN })
      expect(found.handsFen).toBeLessThanOrEqual(AMOUNT_FEN)
    } else expect(found.chargedFen).toBe(found.handsFen + found.suspenseFen)
    await expectUsable(world)
  })

  it("and pays a part where the owner wants that charges the part", async () => {
    const world = await worldOf()
    world.dispenser.failNext("partial")
    expect(await take(world, AMOUNT_FEN, { partial: "present" })).toMatchObject({ ok: true, amountFen: 20_000 })
    expect(await expectConsistent(world)).toMatchObject({ chargedFen: 20_000, handsFen: 20_000 })
  })
})

describe("power that fails in the machine", () => {
  class PowerCut extends Error {}

  /** A journal whose machine loses power at the nth append, just before it is written or just after. */
  const dying =
    (nth: number, when: "before" | "after") =>
    (journal: Journal): Journal => {
      let appends = 0
      return {
        get state() {
          return journal.state
        },
        async append(...records: JournalRecord[]) {
          const isLast = appends++ === nth
          if (isLast && when === "before") throw new PowerCut()
          await journal.append(...records)
          if (isLast) throw new PowerCut()
        },
        close: () => journal.close(),
      }
    }

  async function cutAt(
    nth: number,
    when: "before" | "after",
    fault: DispenserFault | undefined,
    partial: "reject" | "present",
  ) {
    const world = await worldOf({ journal: dying(nth, when) })
    world.dispenser.failNext(fault)
    const wasCut = await take(world, AMOUNT_FEN, { partial }).then(
      () => false,
      (error: unknown) => {
        if (error instanceof PowerCut) return true
        throw error
      },
    )
    return { world, wasCut }
  }

  async function expectSettled(world: World, fault: DispenserFault | undefined): Promise<void> {
    const found = await settle(world)
    if (UNCERTAIN.has(fault)) expect(found.chargedFen).toBeGreaterThanOrEqual(found.handsFen)
    else expect(found.chargedFen).toBe(found.handsFen + found.suspenseFen)
    world.dispenser.failNext(undefined)
    await expectUsable(world)
  }

  const plans = [...FAULTS.map((fault) => [fault, "reject"] as const), ["partial", "present"] as const]
  it.each(plans)("at any moment, dispenser doing %s (%s), leaves cash and debit equal", async (fault, partial) => {
    let cuts = 0
    for (const when of ["before", "after"] as const)
      for (let nth = 0; ; nth++) {
        const { world, wasCut } = await cutAt(nth, when, fault, partial)
        if (!wasCut) break
        cuts++
        const atExit = (await world.dispenser.status()) === "atExit"
        await expectSettled(world, fault)
        if (!atExit) continue
        // The same, but somebody takes the notes out of the dark machine.
        const again = await cutAt(nth, when, fault, partial)
        await again.world.dispenser.waitTaken()
        await expectSettled(again.world, fault)
      }
    expect(cuts).toBeGreaterThanOrEqual(14)
  })
})

function nthTime(nth: number): () => boolean {
  let count = 0
  return () => count++ === nth
}

function changing(isTurn: () => boolean, change: (answer: Uint8Array) => Uint8Array) {
  return (answer: Uint8Array) => (isTurn() ? change(answer) : answer)
}

/** Answers with the answer before, as a line that is out of step does. */
function previous(nth: number) {
  let count = 0
  let last: Uint8Array | undefined
  return (answer: Uint8Array) => {
    if (count++ === nth && !last) throw new TimeoutError("nothing came")
    const given = count - 1 === nth ? last! : answer
    last = answer
    return given
  }
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = bytes.slice()
  changed[at]! ^= 1
  return changed
}

function is0200(frame: Uint8Array): boolean {
  return frame[11] === 0x02 && frame[12] === 0x00
}
