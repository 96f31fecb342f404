import { describe, expect, it } from "vitest"
import { encodePrivateData, type PrivateData } from "../../../src/dictionary/index.js"
import { defaultRegion } from "../../../src/host/index.js"
import { PAN } from "../test-terminal.js"
import { openWorld, violations, type World } from "../world.js"

async function money({ bank }: World) {
  const { customersFen, pendingFen, suspenseFen, cashFen } = await bank.ledger.summary()
  return { customersFen, pendingFen, suspenseFen, machineFen: cashFen.get("1003:ATM00001") }
}

const START = { customersFen: 1_000_000n, pendingFen: 0n, suspenseFen: 0n, machineFen: 100_000_000n }
const HELD = { ...START, pendingFen: 50_000n, machineFen: 100_050_000n }

async function cashIn(world: World) {
  const request = world.terminal.cashIn(50_000)
  expect((await world.terminal.sendMessage(request)).code).toBe("00")
  return request
}

describe("cash-in at a machine (host-iso8583 §11.4)", () => {
  it("credits the account only when the notes are stored (D1, D2)", async () => {
    const world = await openWorld()
    const request = await cashIn(world)
    expect(await money(world)).toEqual(HELD)
    expect((await world.terminal.sendMessage(world.terminal.advice(request, "stored"))).code).toBe("00")
    expect(await money(world)).toEqual({ ...HELD, customersFen: 1_050_000n, pendingFen: 0n })
    expect(await violations(world.bank)).toEqual([])
  })

  it("credits what was stored when the rest went back", async () => {
    const world = await openWorld()
    const request = await cashIn(world)
    await world.terminal.sendMessage(world.terminal.advice(request, "stored", 30_000))
    expect(await money(world)).toEqual({ ...START, customersFen: 1_030_000n, machineFen: 100_030_000n })
    expect(await violations(world.bank)).toEqual([])
  })

  it("credits nothing when the notes were returned (D3)", async () => {
    const world = await openWorld()
    const request = await cashIn(world)
    await world.terminal.sendMessage(world.terminal.advice(request, "returned"))
    expect(await money(world)).toEqual(START)
    expect(await violations(world.bank)).toEqual([])
  })

  it("is taken back by a reversal when no answer came", async () => {
    const world = await openWorld()
    const request = await cashIn(world)
    expect((await world.terminal.sendMessage(world.terminal.reversal(request))).code).toBe("00")
    expect(await money(world)).toEqual(START)
    expect(await violations(world.bank)).toEqual([])
  })

  it("keeps notes that can neither be stored nor returned in suspense (D4), for the customer or against him", async () => {
    for (const [to, expected] of [
      ["customer", { ...HELD, customersFen: 1_050_000n, pendingFen: 0n }],
      ["machine", START],
    ] as const) {
      const world = await openWorld()
      const request = await cashIn(world)
      await world.terminal.sendMessage(world.terminal.advice(request, "unknown"))
      expect(await money(world)).toEqual({ ...HELD, pendingFen: 0n, suspenseFen: 50_000n })
      await world.bank.settleSuspense(`00010000-ATM00001-${request.fields[11]}-20251120`, to)
      expect(await money(world)).toEqual(expected)
      expect(await violations(world.bank)).toEqual([])
    }
  })

  it.each([
    ["stored", undefined, { ...HELD, customersFen: 1_050_000n, pendingFen: 0n }],
    ["stored", 20_000, { ...START, customersFen: 1_020_000n, machineFen: 100_020_000n }],
    ["returned", undefined, START],
    ["unknown", undefined, { ...HELD, pendingFen: 0n, suspenseFen: 50_000n }],
  ] as const)("takes an advice after the end of its day: %s", async (outcome, actual, expected) => {
    const world = await openWorld()
    const request = await cashIn(world)
    world.clock.set("2025-11-21T02:00:00Z")
    expect(await world.bank.closeDay()).toHaveLength(1)
    await world.terminal.signOn()
    expect((await world.terminal.sendMessage(world.terminal.advice(request, outcome, actual))).code).toBe("00")
    expect(await money(world)).toEqual(expected)
    expect(await violations(world.bank)).toEqual([])
  })

  it("takes a reversal after the end of its day", async () => {
    const world = await openWorld()
    const request = await cashIn(world)
    world.clock.set("2025-11-21T02:00:00Z")
    await world.bank.closeDay()
    await world.terminal.signOn()
    expect((await world.terminal.sendMessage(world.terminal.reversal(request))).code).toBe("00")
    expect(await money(world)).toEqual(START)
    expect(await violations(world.bank)).toEqual([])
  })

  it.each(["taken", "partial", "retracted"] as const)(
    "answers 22 to an outcome of a dispenser: %s",
    async (outcome) => {
      const world = await openWorld()
      const request = await cashIn(world)
      expect((await world.terminal.sendMessage(world.terminal.advice(request, outcome))).code).toBe("22")
      expect(await money(world)).toEqual(HELD)
    },
  )

  it("answers 22 when more was stored than was approved", async () => {
    const world = await openWorld()
    const request = await cashIn(world)
    expect((await world.terminal.sendMessage(world.terminal.advice(request, "stored", 60_000))).code).toBe("22")
  })

  it("refuses a count of notes that is not the amount (64), and takes one that is", async () => {
    const { terminal } = await openWorld()
    const counted = (denominationYuan: number, count: number) => ({
      48: encodePrivateData({ notes: [{ denominationYuan, count }] }),
    })
    expect((await terminal.sendMessage(terminal.cashIn(50_000, { fields: counted(100, 4) }))).code).toBe("64")
    expect((await terminal.sendMessage(terminal.cashIn(50_000, { fields: counted(50, 10) }))).code).toBe("00")
  })

  it("works at a kiosk where the region allows it", async () => {
    const { terminal } = await openWorld({
      terminal: "KSK00001",
      region: defaultRegion({ bank: { cashInAtKiosk: true } }),
    })
    expect((await terminal.sendMessage(terminal.cashIn(50_000))).code).toBe("00")
  })
})

const TELLER = { terminal: "TLR00001" } as const
const HOLDER: PrivateData = { documentType: "00", identityNumber: "999999199001010016" }
const data = (more: PrivateData) => ({ data: { teller: "A001", ...more } })
const tillFen = async ({ bank }: World) => (await bank.ledger.summary()).cashFen.get("1002:TLR00001")

describe("counter (host-iso8583 §11.8)", () => {
  it("pays out any amount at once (C1)", async () => {
    const world = await openWorld(TELLER)
    const { code } = await world.terminal.sendMessage(world.terminal.withdrawal(12_345, data({})))
    expect(code).toBe("00")
    expect(await tillFen(world)).toBe(100_000_000n - 12_345n)
    expect(await violations(world.bank)).toEqual([])
  })

  it("does not count for the limits of machines", async () => {
    const world = await openWorld({ ...TELLER, card: { openingBalanceFen: 10_000_000 } })
    const { code } = await world.terminal.sendMessage(world.terminal.withdrawal(4_000_000, data({})))
    expect(code).toBe("00")
    const machine = await world.connect("ATM00001")
    machine.setAtc(10)
    expect((await machine.sendMessage(machine.withdrawal(500_000))).code).toBe("00")
    expect(await violations(world.bank)).toEqual([])
  })

  it("takes a withdrawal back, and only once (C2)", async () => {
    const world = await openWorld(TELLER)
    const request = world.terminal.withdrawal(12_345, data({}))
    await world.terminal.sendMessage(request)
    const reversal = world.terminal.reversal(request, "96")
    for (let i = 0; i < 2; i++) expect((await world.terminal.sendMessage(reversal)).code).toBe("00")
    expect(await world.bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n })
    expect(await violations(world.bank)).toEqual([])
  })

  it("takes cash in without PIN, by card or by its number (C1)", async () => {
    const world = await openWorld(TELLER)
    const byCard = world.terminal.cashIn(12_345, { ...data({}), fields: { 52: undefined, 53: undefined } })
    const byNumber = world.terminal.cashIn(1, {
      ...data({}),
      fields: { 22: "012", 23: undefined, 35: undefined, 52: undefined, 53: undefined, 55: undefined },
    })
    expect((await world.terminal.sendMessage(byCard)).code).toBe("00")
    expect((await world.terminal.sendMessage(byNumber)).code).toBe("00")
    expect(await world.bank.account(PAN)).toMatchObject({ balanceFen: 1_012_346n })
    expect(await tillFen(world)).toBe(100_012_346n)
    expect(await violations(world.bank)).toEqual([])
  })

  it("takes cash in for a card whose PIN is locked", async () => {
    const world = await openWorld(TELLER)
    await world.bank.setCardState(PAN, "pinLocked")
    expect((await world.terminal.sendMessage(world.terminal.cashIn(100, data({})))).code).toBe("00")
    expect((await world.terminal.sendMessage(world.terminal.withdrawal(100, data({})))).code).toBe("75")
  })

  it("takes nothing for an account that is not activated (R2, R3)", async () => {
    const { terminal } = await openWorld({ ...TELLER, card: { state: "notActivated", openingBalanceFen: 0 } })
    expect((await terminal.sendMessage(terminal.cashIn(100, data({})))).code).toBe("21")
  })

  it("takes a deposit back only while the money is there", async () => {
    const world = await openWorld({ ...TELLER, card: { openingBalanceFen: 0 } })
    const [spent, kept] = [world.terminal.cashIn(100_00, data({})), world.terminal.cashIn(5, data({}))]
    await world.terminal.sendMessage(spent)
    await world.terminal.sendMessage(kept)
    expect((await world.terminal.sendMessage(world.terminal.reversal(kept, "96"))).code).toBe("00")
    await world.terminal.sendMessage(world.terminal.withdrawal(1, data({})))
    expect((await world.terminal.sendMessage(world.terminal.reversal(spent, "96"))).code).toBe("22")
    expect(await world.bank.cases()).toHaveLength(1)
    expect(await violations(world.bank)).toEqual([])
  })

  const LARGE = { ...TELLER, card: { openingBalanceFen: 20_000_000 } }

  it.each([
    ["05", "no document was shown", {}],
    ["05", "the document is another person's", { ...HOLDER, identityNumber: "999999198506150028" }],
    ["05", "the name is another person's", { ...HOLDER, name: "测试二号" }],
    ["63", "no second person agreed", HOLDER],
    ["61", "the cash was not ordered", { ...HOLDER, authorisingTeller: "B002" }],
  ] as const)("answers %s to 50,000.00 when %s", async (code, _when, more) => {
    const { terminal } = await openWorld(LARGE)
    expect((await terminal.sendMessage(terminal.withdrawal(5_000_000, data(more)))).code).toBe(code)
  })

  it("pays 50,000.00 that was ordered a day ahead, to the holder, with a second person", async () => {
    const world = await openWorld(LARGE)
    await world.bank.reserveCash(PAN, "20251120", 5_000_000)
    const withdraw = () =>
      world.terminal.sendMessage(
        world.terminal.withdrawal(5_000_000, data({ ...HOLDER, name: "测试一号", authorisingTeller: "B002" })),
      )
    expect((await withdraw()).code).toBe("61")
    await world.bank.reserveCash(PAN, "20251121", 5_000_000)
    world.clock.set("2025-11-21T02:00:00Z")
    await world.terminal.signOn()
    expect((await withdraw()).code).toBe("00")
  })

  it("takes 50,000.00 in from the holder alone", async () => {
    const { terminal } = await openWorld(LARGE)
    expect((await terminal.sendMessage(terminal.cashIn(5_000_000, data({})))).code).toBe("05")
    expect((await terminal.sendMessage(terminal.cashIn(5_000_000, data(HOLDER)))).code).toBe("00")
  })

  it("reads the stripe only when a second person agreed", async () => {
    const { terminal } = await openWorld(TELLER)
    const stripe = { 22: "021", 23: undefined, 55: undefined }
    expect((await terminal.sendMessage(terminal.withdrawal(100, { ...data({}), fields: stripe }))).code).toBe("45")
    const agreed = encodePrivateData({ teller: "A001", authorisingTeller: "B002" })
    expect((await terminal.sendMessage(terminal.withdrawal(100, { fields: { ...stripe, 48: agreed } }))).code).toBe(
      "00",
    )
  })
})
