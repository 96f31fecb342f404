import { describe, expect, it } from "vitest"
import { decodePrivateData } from "../../../src/dictionary/index.js"
import { defaultRegion } from "../../../src/host/index.js"
import { CARD, PAN } from "../test-terminal.js"
import { openWorld, violations, type World, type WorldOptions } from "../world.js"

const OTHER = {
  ...CARD,
  pan: "6217998765432101232",
  holderName: "测试三号",
  idNumber: "999999199203030038",
  openingBalanceFen: 0,
}
const OWN = { ...CARD, pan: "6217000000000000012", openingBalanceFen: 0 }
const OUT = "460000"

async function open(options: WorldOptions = {}) {
  const world = await openWorld({ issuedPrefixes: ["621700", "621799"], ...options })
  await world.bank.enroll(OTHER)
  await world.bank.enroll(OWN)
  return world
}

const request = ({ terminal }: World, payee: string | undefined, code = OUT, fen = 30_000, more = {}) =>
  terminal.request(code, { fen, fields: { 103: payee, ...more } })
const balance = async ({ bank }: World, pan: string) => (await bank.account(pan))?.balanceFen
const keyOf = (stan: string | undefined) => `00010000-ATM00001-${stan}-20251120`

describe("transfers (host-iso8583 §11.5)", () => {
  it("to somebody else at a machine are paid after 24 hours, and tell the payee's name masked", async () => {
    const world = await open()
    const { bank, clock, terminal } = world
    const answer = await terminal.sendMessage(request(world, OTHER.pan))
    expect([answer.code, answer.fields[63]]).toEqual(["00", "PAID IN 24 HOURS"])
    expect(decodePrivateData(answer.fields[48]!).name).toMatch(/\*/)
    expect([await balance(world, PAN), await balance(world, OTHER.pan)]).toEqual([970_000n, 0n])
    expect(await violations(bank)).toEqual([])
    clock.set("2025-11-21T02:29:59Z")
    expect(await bank.payDueTransfers()).toEqual([])
    clock.set("2025-11-21T02:30:00Z")
    expect(await bank.payDueTransfers()).toEqual([keyOf(answer.fields[11])])
    expect(await balance(world, OTHER.pan)).toBe(30_000n)
    expect(await bank.payDueTransfers()).toEqual([])
    expect(await violations(bank)).toEqual([])
  })

  it("can be called off until then, and not after", async () => {
    const world = await open()
    const { bank, clock, terminal } = world
    const first = keyOf((await terminal.sendMessage(request(world, OTHER.pan))).fields[11])
    expect([await bank.cancelTransfer(first), await bank.cancelTransfer(first)]).toEqual([true, false])
    expect(await balance(world, PAN)).toBe(1_000_000n)
    const second = keyOf((await terminal.sendMessage(request(world, OTHER.pan))).fields[11])
    clock.set("2025-11-21T02:30:00Z")
    await bank.closeDay()
    expect(await bank.cancelTransfer(second)).toBe(false)
    expect([await balance(world, PAN), await balance(world, OTHER.pan)]).toEqual([970_000n, 30_000n])
    expect(await violations(bank)).toEqual([])
  })

  it.each([
    ["between own accounts", "400000", OWN.pan, "ATM00001"],
    ["at a counter", OUT, OTHER.pan, "TLR00001"],
  ])("%s are paid at once", async (_what, code, payee, terminal) => {
    const world = await open({ terminal })
    expect((await world.terminal.sendMessage(request(world, payee, code))).code).toBe("00")
    expect([await balance(world, PAN), await balance(world, payee)]).toEqual([970_000n, 30_000n])
    expect(await violations(world.bank)).toEqual([])
  })

  it("find the payee by account number as well", async () => {
    const world = await open()
    const { accountNumber } = (await world.bank.account(OWN.pan))!
    expect((await world.terminal.sendMessage(request(world, accountNumber, "400000"))).code).toBe("00")
    expect(await balance(world, OWN.pan)).toBe(30_000n)
  })

  it("to another bank go to clearing", async () => {
    const world = await open()
    expect((await world.terminal.sendMessage(request(world, "4111111111111111"))).code).toBe("00")
    expect(await balance(world, PAN)).toBe(970_000n)
    expect(await violations(world.bank)).toEqual([])
  })

  it.each([
    ["30", "nobody is named", undefined, OUT, {}],
    ["14", "the payee is not known", "6217000000000000999", OUT, {}],
    ["14", "it is to be paid from another account", OTHER.pan, OUT, { 102: OTHER.pan }],
    ["12", "the payee is the payer", PAN, OUT, {}],
    ["12", "an own account belongs to somebody else", OTHER.pan, "400000", {}],
    ["13", "the amount is 0", OTHER.pan, OUT, { 4: "000000000000" }],
  ])("are refused with %s when %s", async (code, _when, payee, processing, fields) => {
    const world = await open()
    expect((await world.terminal.sendMessage(request(world, payee, processing, 30_000, fields))).code).toBe(code)
    expect(await balance(world, PAN)).toBe(1_000_000n)
    expect(await violations(world.bank)).toEqual([])
  })

  it("are refused with 51 when the balance is too low, 55 when the PIN is wrong", async () => {
    const world = await open()
    const { terminal } = world
    expect((await terminal.sendMessage(request(world, OTHER.pan, OUT, 1_000_001))).code).toBe("51")
    const wrong = terminal.request(OUT, { fen: 100, pin: "000000", fields: { 103: OTHER.pan } })
    expect((await terminal.sendMessage(wrong)).code).toBe("55")
  })

  it("are refused with 61 above the limits of payer and payee, 14 to a closed account", async () => {
    const limited = await openWorld({ card: { accountClass: "III", openingBalanceFen: 200_000 } })
    await limited.bank.enroll({ ...OTHER, accountClass: "III" })
    await limited.terminal.sendMessage(request(limited, OTHER.pan, OUT, 150_000))
    expect((await limited.terminal.sendMessage(request(limited, OTHER.pan, OUT, 50_001))).code).toBe("61")
    const world = await open()
    await world.bank.enroll({ ...OTHER, pan: "6217000000000000020", accountClass: "III" })
    expect((await world.terminal.sendMessage(request(world, "6217000000000000020", OUT, 200_001))).code).toBe("61")
    await world.bank.setCardState(OTHER.pan, "closed")
    expect((await world.terminal.sendMessage(request(world, OTHER.pan))).code).toBe("14")
  })

  it.each([
    ["400000", OWN.pan],
    [OUT, OTHER.pan],
    [OUT, "4111111111111111"],
  ])("%s to %s is taken back by a reversal, once", async (code, payee) => {
    const world = await open({ region: defaultRegion() })
    const { bank, terminal } = world
    const message = request(world, payee, code)
    await terminal.sendMessage(message)
    for (let i = 0; i < 2; i++) expect((await terminal.sendMessage(terminal.reversal(message))).code).toBe("00")
    expect(await balance(world, PAN)).toBe(1_000_000n)
    expect(await violations(bank)).toEqual([])
  })

  it("is not taken back when the payee has spent it: 22 and a case", async () => {
    const world = await open()
    const { bank, terminal } = world
    const message = request(world, OWN.pan, "400000")
    await terminal.sendMessage(message)
    const spent = terminal.request("400000", {
      fen: 30_000,
      pan: OWN.pan,
      chip: { pan: OWN.pan },
      fields: { 103: PAN },
    })
    expect((await terminal.sendMessage(spent)).code).toBe("00")
    expect((await terminal.sendMessage(terminal.reversal(message))).code).toBe("22")
    expect(await bank.cases()).toHaveLength(1)
    expect(await violations(bank)).toEqual([])
  })

  it("is not taken back when it waited and was paid: 22", async () => {
    const world = await open()
    const message = request(world, OTHER.pan)
    await world.terminal.sendMessage(message)
    world.clock.set("2025-11-21T02:30:00Z")
    await world.bank.payDueTransfers()
    expect((await world.terminal.sendMessage(world.terminal.reversal(message))).code).toBe("22")
    expect(await violations(world.bank)).toEqual([])
  })
})

describe("the statement", () => {
  it("tells the last ten movements with the balance after each, newest first", async () => {
    const { bank, terminal } = await openWorld()
    for (let i = 0; i < 11; i++) await terminal.sendMessage(terminal.withdrawal(10_000))
    const answer = await terminal.sendMessage(terminal.request("380000", {}))
    const { statement } = decodePrivateData(answer.fields[48]!)
    expect([answer.code, statement]).toMatchObject(["00", { length: 10 }])
    expect(statement![0]).toEqual({ date: "20251120", kind: "W1", amountFen: -10_000, balanceFen: 890_000 })
    expect(statement![9]).toEqual({ date: "20251120", kind: "W1", amountFen: -10_000, balanceFen: 980_000 })
    expect(await violations(bank)).toEqual([])
  })

  it("tells what came in, and needs the PIN", async () => {
    const { terminal } = await openWorld()
    const answer = await terminal.sendMessage(terminal.request("380000", {}))
    expect(decodePrivateData(answer.fields[48]!).statement).toEqual([
      { date: "20251120", kind: "O1", amountFen: 1_000_000, balanceFen: 1_000_000 },
    ])
    expect((await terminal.sendMessage(terminal.request("380000", { pin: "000000" }))).code).toBe("55")
  })
})
