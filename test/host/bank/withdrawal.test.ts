import { describe, expect, it } from "vitest"
import { encryptPinBlock } from "../../../src/crypto/index.js"
import { decodeBalances, decodePrivateData, type Message } from "../../../src/dictionary/index.js"
import { defaultRegion } from "../../../src/host/index.js"
import { PAN, PIN } from "../test-terminal.js"
import { openWorld, violations, type World } from "../world.js"

const KEY = "00010000-ATM00001-000002-20251120"

/** A withdrawal of 500.00 that was approved. */
async function approved(world: World, fen = 50_000): Promise<Message> {
  const request = world.terminal.withdrawal(fen)
  expect((await world.terminal.sendMessage(request)).code).toBe("00")
  return request
}

async function money({ bank }: World) {
  const { customersFen, pendingFen, suspenseFen, cashFen } = await bank.ledger.summary()
  return { customersFen, pendingFen, suspenseFen, machineFen: cashFen.get("1003:ATM00001") }
}

/** How much of the day's 20,000.00 is left, found out by asking. */
async function leftOfDay({ terminal }: World, fen: number): Promise<string | undefined> {
  const { code } = await terminal.sendMessage(terminal.withdrawal(fen))
  return code
}

const RICH = { card: { openingBalanceFen: 10_000_000 } }
const START = { customersFen: 1_000_000n, pendingFen: 0n, suspenseFen: 0n, machineFen: 100_000_000n }

describe("withdrawal at a machine", () => {
  it("holds the money until the notes are taken (W1, W2)", async () => {
    const world = await openWorld()
    const request = await approved(world)
    expect(await money(world)).toEqual({ ...START, customersFen: 950_000n, pendingFen: 50_000n })
    const answer = await world.terminal.sendMessage(world.terminal.advice(request, "taken"))
    expect(answer).toMatchObject({ code: "00", isMacRight: true, message: { messageType: "0230" } })
    expect(await money(world)).toEqual({ ...START, customersFen: 950_000n, machineFen: 99_950_000n })
    expect(await violations(world.bank)).toEqual([])
  })

  it("tells book and available balance after it", async () => {
    const { terminal } = await openWorld()
    const { fields } = await terminal.sendMessage(terminal.withdrawal(50_000))
    expect(decodeBalances(fields[54]!).map(({ kind, amountFen }) => [kind, amountFen])).toEqual([
      ["ledger", 950_000],
      ["available", 950_000],
    ])
  })

  it("pays out the balance to the last note", async () => {
    const { bank, terminal } = await openWorld({ card: { openingBalanceFen: 10_000 } })
    expect((await terminal.sendMessage(terminal.withdrawal(10_000))).code).toBe("00")
    expect((await terminal.sendMessage(terminal.withdrawal(10_000))).code).toBe("51")
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 0n })
  })

  it("counts the limit of the calendar day in Beijing", async () => {
    const world = await openWorld(RICH)
    world.clock.set("2025-11-20T15:59:59Z")
    for (let i = 0; i < 4; i++) await approved(world, 500_000)
    expect(await leftOfDay(world, 10_000)).toBe("61")
    world.clock.set("2025-11-20T16:00:00Z")
    expect(await leftOfDay(world, 10_000)).toBe("00")
    expect(await violations(world.bank)).toEqual([])
  })

  it("books on the next business day from the cutover at 23:00 on", async () => {
    const { terminal, clock } = await openWorld()
    clock.set("2025-11-20T14:59:59Z")
    expect((await terminal.sendMessage(terminal.withdrawal(10_000))).fields[15]).toBe("1120")
    clock.set("2025-11-20T15:00:00Z")
    expect((await terminal.sendMessage(terminal.withdrawal(10_000))).fields[15]).toBe("1121")
  })

  it("limits accounts of class II and III by day, year and balance (domain-rules §4.1)", async () => {
    const second = await openWorld({ card: { openingBalanceFen: 10_000_000, accountClass: "II" } })
    for (let i = 0; i < 2; i++) await approved(second, 500_000)
    expect(await leftOfDay(second, 10_000)).toBe("61")
    const third = await openWorld({ card: { openingBalanceFen: 150_000, accountClass: "III" } })
    const deposit = (fen: number) => third.terminal.sendMessage(third.terminal.cashIn(fen))
    expect((await deposit(60_000)).code).toBe("61")
    expect((await deposit(50_000)).code).toBe("00")
  })
})

describe("dispense outcomes (host-iso8583 §17)", () => {
  it("1: nothing was presented: the money and the day's limit come back", async () => {
    const world = await openWorld(RICH)
    for (let i = 0; i < 3; i++) await approved(world, 500_000)
    const request = await approved(world, 500_000)
    expect((await world.terminal.sendMessage(world.terminal.reversal(request, "06"))).code).toBe("00")
    expect(await leftOfDay(world, 500_000)).toBe("00")
    expect(await violations(world.bank)).toEqual([])
  })

  it("2: taken, and the confirmation was lost: its repeat changes nothing", async () => {
    const world = await openWorld()
    const request = await approved(world)
    const advice = world.terminal.advice(request, "taken")
    const first = await world.terminal.sendMessage(advice)
    const after = await money(world)
    const second = await world.terminal.sendMessage(advice)
    expect(second.message).toEqual(first.message)
    expect(await money(world)).toEqual(after)
  })

  it("3: retracted notes stay in suspense, and the limit stays used (W5)", async () => {
    const world = await openWorld(RICH)
    for (let i = 0; i < 3; i++) await approved(world, 500_000)
    const request = await approved(world, 500_000)
    await world.terminal.sendMessage(world.terminal.advice(request, "retracted", 100_000))
    expect((await money(world)).suspenseFen).toBe(400_000n)
    expect(await leftOfDay(world, 10_000)).toBe("61")
    expect(await violations(world.bank)).toEqual([])
  })

  it("3: all notes retracted: all in suspense, or given back where the bank does that", async () => {
    const world = await openWorld()
    const request = await approved(world)
    await world.terminal.sendMessage(world.terminal.advice(request, "retracted", 0))
    expect(await money(world)).toEqual({ ...START, customersFen: 950_000n, suspenseFen: 50_000n })
    const generous = await openWorld({ policies: { retracted: "reverse" } })
    const other = await approved(generous)
    await generous.terminal.sendMessage(generous.terminal.advice(other, "retracted", 0))
    expect(await money(generous)).toEqual(START)
    expect([await violations(world.bank), await violations(generous.bank)]).toEqual([[], []])
  })

  it("3: a claim of the customer is accepted (S1), or the notes are proved gone (S2)", async () => {
    for (const [to, customersFen, machineFen] of [
      ["customer", 1_000_000n, 100_000_000n],
      ["machine", 950_000n, 99_950_000n],
    ] as const) {
      const world = await openWorld()
      const request = await approved(world)
      await world.terminal.sendMessage(world.terminal.advice(request, "unknown"))
      expect(await world.bank.settleSuspense(KEY, to)).toBe(true)
      expect(await money(world)).toEqual({ ...START, customersFen, machineFen })
      expect(await world.bank.settleSuspense(KEY, to)).toBe(false)
      expect(await violations(world.bank)).toEqual([])
    }
  })

  it("4: a part was taken: the rest and its part of the limit come back (W4)", async () => {
    const world = await openWorld(RICH)
    for (let i = 0; i < 3; i++) await approved(world, 500_000)
    const request = await approved(world, 500_000)
    await world.terminal.sendMessage(world.terminal.advice(request, "partial", 300_000))
    expect((await money(world)).machineFen).toBe(99_700_000n)
    expect(await leftOfDay(world, 210_000)).toBe("61")
    expect(await leftOfDay(world, 200_000)).toBe("00")
    expect(await violations(world.bank)).toEqual([])
  })

  it("5: nobody knows: all in suspense (W6)", async () => {
    const world = await openWorld()
    const request = await approved(world)
    await world.terminal.sendMessage(world.terminal.advice(request, "unknown"))
    expect(await money(world)).toEqual({ ...START, customersFen: 950_000n, suspenseFen: 50_000n })
    expect(await violations(world.bank)).toEqual([])
  })

  it("6: the answer was lost: the reversal ends at nothing, whether or not the request arrived", async () => {
    const world = await openWorld()
    const arrived = await approved(world)
    const lost = world.terminal.withdrawal(50_000)
    for (const request of [arrived, lost]) {
      const answer = await world.terminal.sendMessage(world.terminal.reversal(request, "98"))
      expect(answer.code).toBe("00")
    }
    expect(await money(world)).toEqual(START)
    expect(await violations(world.bank)).toEqual([])
  })

  it.each(["06", "A0"])("7: approved and then refused by card or terminal (%s): nothing happened", async (reason) => {
    const world = await openWorld()
    const request = await approved(world)
    await world.terminal.sendMessage(world.terminal.reversal(request, reason))
    expect(await money(world)).toEqual(START)
  })

  it.each([
    ["taken, but less than approved", "taken", 40_000],
    ["a part that is all", "partial", 50_000],
    ["a part that is nothing", "partial", 0],
    ["a part that is more", "partial", 60_000],
    ["retracted, but all taken", "retracted", 50_000],
    ["stored, though it was paid out", "stored", undefined],
    ["returned, though it was paid out", "returned", undefined],
  ] as const)("answers 22 to an advice that cannot be: %s", async (_what, outcome, actual) => {
    const world = await openWorld()
    const request = await approved(world)
    const answer = await world.terminal.sendMessage(world.terminal.advice(request, outcome, actual))
    expect(answer.code).toBe("22")
    expect(await money(world)).toEqual({ ...START, customersFen: 950_000n, pendingFen: 50_000n })
    expect(await world.bank.cases()).toHaveLength(1)
  })

  it("answers 64 to an advice about another amount, 22 about another card", async () => {
    const world = await openWorld()
    const request = await approved(world)
    const { advice, sendMessage } = world.terminal
    expect((await sendMessage(advice(request, "taken", undefined, { 4: "000000060000" }))).code).toBe("64")
    const other = await approved(world)
    expect((await sendMessage(advice(other, "taken", undefined, { 2: "6217998765432101232" }))).code).toBe("22")
  })

  it("answers 25 to an advice about a request it does not know, and 30 to one without an outcome", async () => {
    const { bank, terminal } = await openWorld()
    const answer = await terminal.sendMessage(terminal.advice(terminal.withdrawal(50_000), "taken"))
    expect(answer.code).toBe("25")
    expect(await bank.cases()).toHaveLength(1)
    const without = await terminal.sendMessage(terminal.advice(terminal.withdrawal(50_000), undefined))
    expect(without.code).toBe("30")
  })

  it("answers 22 to an advice about a request that was declined or reversed", async () => {
    const { terminal } = await openWorld()
    const declined = terminal.withdrawal(50_000, { pin: "000000" })
    await terminal.sendMessage(declined)
    expect((await terminal.sendMessage(terminal.advice(declined, "taken"))).code).toBe("22")
    const reversed = terminal.withdrawal(50_000)
    await terminal.sendMessage(reversed)
    await terminal.sendMessage(terminal.reversal(reversed))
    expect((await terminal.sendMessage(terminal.advice(reversed, "taken"))).code).toBe("22")
  })
})

describe("end of the business day (host-iso8583 §18 invariant 5)", () => {
  it("moves what nobody confirmed to suspense, and only that of earlier days", async () => {
    const world = await openWorld()
    await approved(world)
    expect(await world.bank.closeDay()).toEqual([])
    world.clock.set("2025-11-21T02:00:00Z")
    await approved(world, 10_000)
    expect(await world.bank.closeDay()).toEqual([KEY])
    expect(await money(world)).toMatchObject({ pendingFen: 10_000n, suspenseFen: 50_000n })
    expect(await world.bank.closeDay()).toEqual([])
    expect(await violations(world.bank)).toEqual([])
  })

  it.each([
    ["taken", undefined, { customersFen: 950_000n, suspenseFen: 0n, machineFen: 99_950_000n }],
    ["partial", 20_000, { customersFen: 980_000n, suspenseFen: 0n, machineFen: 99_980_000n }],
    ["retracted", 20_000, { customersFen: 950_000n, suspenseFen: 30_000n, machineFen: 99_980_000n }],
    ["unknown", undefined, { customersFen: 950_000n, suspenseFen: 50_000n, machineFen: 100_000_000n }],
  ] as const)("still takes a late advice: %s", async (outcome, actual, expected) => {
    const world = await openWorld()
    const request = await approved(world)
    world.clock.set("2025-11-21T02:00:00Z")
    await world.bank.closeDay()
    await world.terminal.signOn()
    const answer = await world.terminal.sendMessage(world.terminal.advice(request, outcome, actual))
    expect(answer.code).toBe("00")
    expect(answer.fields[15]).toBe("1120")
    expect(await money(world)).toEqual({ ...START, ...expected })
    expect(await violations(world.bank)).toEqual([])
  })

  it("settles by order of staff what a late advice left in suspense", async () => {
    const world = await openWorld()
    const request = await approved(world)
    world.clock.set("2025-11-21T02:00:00Z")
    await world.bank.closeDay()
    await world.terminal.signOn()
    await world.terminal.sendMessage(world.terminal.advice(request, "retracted", 20_000))
    expect(await world.bank.settleSuspense(KEY, "machine")).toBe(true)
    expect(await money(world)).toEqual({ ...START, customersFen: 950_000n, machineFen: 99_950_000n })
    expect(await violations(world.bank)).toEqual([])
  })

  it("still takes a late reversal, on the account of the original day", async () => {
    const world = await openWorld(RICH)
    for (let i = 0; i < 3; i++) await approved(world, 500_000)
    const request = await approved(world, 500_000)
    world.clock.set("2025-11-21T02:00:00Z")
    await world.bank.closeDay()
    await approved(world, 500_000)
    const { code, fields } = await world.terminal.sendMessage(world.terminal.reversal(request))
    expect([code, fields[15]]).toEqual(["00", "1120"])
    // What was reversed gave nothing to the new day: of its 20,000.00 there are 15,000.00 left.
    for (let i = 0; i < 3; i++) await approved(world, 500_000)
    expect(await leftOfDay(world, 10_000)).toBe("61")
    expect(await violations(world.bank)).toEqual([])
  })
})

describe("PIN tries (domain-rules L11)", () => {
  const wrong = (world: World) => world.terminal.sendMessage(world.terminal.withdrawal(10_000, { pin: "000000" }))

  it("counts wrong PINs over days", async () => {
    const world = await openWorld()
    await wrong(world)
    world.clock.set("2025-11-21T02:30:00Z")
    await wrong(world)
    expect((await wrong(world)).code).toBe("75")
  })

  it("starts anew each day where the region says so", async () => {
    const world = await openWorld({ region: defaultRegion({ card: { bankPinCounter: "daily" } }) })
    await wrong(world)
    await wrong(world)
    world.clock.set("2025-11-20T16:00:00Z")
    const { fields } = await wrong(world)
    expect(decodePrivateData(fields[48]!).pinTriesLeft).toBe(2)
  })

  it("releases a locked card after the hours the region says", async () => {
    const world = await openWorld({ region: defaultRegion({ card: { bankPinAutoReleaseHours: 24 } }) })
    for (let i = 0; i < 3; i++) await wrong(world)
    world.clock.advance(24 * 3_600_000 - 1)
    expect((await world.terminal.sendMessage(world.terminal.withdrawal(10_000))).code).toBe("75")
    world.clock.advance(1)
    await world.terminal.signOn()
    expect((await world.terminal.sendMessage(world.terminal.withdrawal(10_000))).code).toBe("00")
  })

  it("is cleared when staff set the card active", async () => {
    const world = await openWorld()
    for (let i = 0; i < 3; i++) await wrong(world)
    expect(await world.bank.account(PAN)).toMatchObject({ state: "pinLocked", pinTriesLeft: 0 })
    await world.bank.setCardState(PAN, "active")
    expect((await world.terminal.sendMessage(world.terminal.withdrawal(10_000, { pin: PIN }))).code).toBe("00")
  })

  it("does not accept the PIN block of another card", async () => {
    const { terminal } = await openWorld()
    const block = encryptPinBlock("3des", terminal.keys().pinKey, PIN, "6217998765432101232")
    const { code } = await terminal.sendMessage(terminal.withdrawal(10_000, { fields: { 52: block } }))
    expect(["55", "99"]).toContain(code)
  })
})

describe("balance inquiry", () => {
  it.each(["300000", "310000"])("tells the balance and posts nothing (%s)", async (processingCode) => {
    const world = await openWorld()
    const request = world.terminal.inquiry({ fields: { 3: processingCode } })
    const { code, fields } = await world.terminal.sendMessage(request)
    expect(code).toBe("00")
    expect(fields[54]).toBe("1001156C0000010000001002156C000001000000")
    expect(await money(world)).toEqual(START)
  })

  it("needs the PIN", async () => {
    const { terminal } = await openWorld()
    expect((await terminal.sendMessage(terminal.inquiry({ pin: "000000" }))).code).toBe("55")
  })
})
