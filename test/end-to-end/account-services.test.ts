import { describe, expect, it } from "vitest"
import { inProcessLink } from "../../src/host/index.js"
import {
  changeFinancialPin,
  financialBalance,
  financialStatement,
  recover,
  transfer,
} from "../../src/terminal/index.js"
import { ACTIVE, bankOf, NEW, type World, worldOf } from "./world.js"

const PAYEE = {
  pan: NEW.pan,
  expiry: "3512",
  holderName: NEW.name,
  idNumber: NEW.identityNumber,
  state: "active",
} as const

async function openWorld(...link: Parameters<typeof worldOf>) {
  const world = await worldOf(...link)
  await world.bank.enroll(PAYEE)
  return world
}

const devices = (world: World, ...pins: string[]) => ({ terminal: world.terminal, pinPad: world.pinPad(...pins) })
const send = (world: World) => transfer(world.slot.insert(), { ...devices(world), amountFen: 20_000, payee: PAYEE.pan })
const balanceFen = async ({ bank }: World) => (await bank.account(ACTIVE.pan))!.balanceFen

describe("a transfer with card, terminal and bank", () => {
  it("debits the account, and pays the payee after the delay", async () => {
    const world = await openWorld()
    expect(await send(world)).toMatchObject({
      ok: true,
      amountFen: 20_000,
      payeeName: expect.stringContaining("*"),
      isDelayed: true,
      availableFen: 480_000,
    })
    expect((await world.bank.ledger.verify()).violations).toEqual([])
  })

  it("is taken back when the answer was lost", async () => {
    const bank = await bankOf(ACTIVE)
    const isRequest = (frame: Uint8Array) => frame[11] === 0x02 && frame[12] === 0x00
    const world = await openWorld({ bank, link: () => inProcessLink(bank, { dropAnswer: isRequest }) })
    expect(await send(world)).toMatchObject({ ok: false, code: "NO_ANSWER" })
    expect(world.journal.state).toMatchObject({ open: [], queue: [] })
    expect(await balanceFen(world)).toBe(500_000n)
    expect((await bank.ledger.verify()).violations).toEqual([])
  })

  it("is taken back by the next start when the power went away before the answer", async () => {
    const bank = await bankOf(ACTIVE)
    const world = await openWorld({
      bank,
      link: () => ({
        async exchange(frame) {
          const answer = await bank.link().exchange(frame)
          if (frame[11] === 0x02 && frame[12] === 0x00) throw new RangeError("power cut")
          return answer
        },
        async close() {},
      }),
    })
    await expect(send(world)).rejects.toThrow("power cut")
    expect(await balanceFen(world)).toBe(480_000n)
    const terminal = world.restart()
    expect(await recover(terminal, {})).toMatchObject([{ step: "sent", decision: "reversed" }])
    await terminal.prepare()
    expect(await balanceFen(world)).toBe(500_000n)
    expect((await bank.ledger.verify()).violations).toEqual([])
  })

  it("does not begin for nothing, nor to nobody", async () => {
    const world = await openWorld()
    const card = world.slot.insert()
    expect(await transfer(card, { ...devices(world), amountFen: 0, payee: PAYEE.pan })).toMatchObject({
      code: "AMOUNT_ZERO",
    })
    expect(() => transfer(card, { ...devices(world), amountFen: 1, payee: "张三" })).toThrow(/^payee/)
  })
})

describe("the statement with card, terminal and bank", () => {
  it("tells the movements of the account", async () => {
    const world = await openWorld()
    await send(world)
    expect(await financialStatement(world.slot.insert(), devices(world))).toMatchObject({
      ok: true,
      lines: [
        { kind: "T1", amountFen: -20_000, balanceFen: 480_000 },
        { kind: "O1", amountFen: 500_000, balanceFen: 500_000 },
      ],
    })
  })

  it("asks again after a wrong PIN", async () => {
    const world = await openWorld()
    const outcome = await financialStatement(world.slot.insert(), devices(world, "000000", ACTIVE.pin))
    expect(outcome).toMatchObject({ ok: true })
  })
})

describe("a PIN change with card, terminal and bank", () => {
  const NEW_PIN = "864202"

  it("sets the PIN on the card and at the bank", async () => {
    const world = await openWorld()
    const changed = await changeFinancialPin(world.slot.insert(), devices(world, ACTIVE.pin, NEW_PIN))
    expect(changed).toEqual({ ok: true, confirmed: true })
    expect(await financialBalance(world.slot.insert(), devices(world, NEW_PIN))).toMatchObject({ ok: true })
    expect(await financialBalance(world.slot.insert(), devices(world, ACTIVE.pin))).toMatchObject({ code: "55" })
  })

  it("is settled by the card's next transaction when its result never came", async () => {
    const bank = await bankOf(ACTIVE)
    const world = await openWorld({
      bank,
      link: () => inProcessLink(bank, { dropRequest: (frame) => frame[11] === 0x06 }),
    })
    const changed = await changeFinancialPin(world.slot.insert(), devices(world, ACTIVE.pin, NEW_PIN))
    expect(changed).toEqual({ ok: true, confirmed: false })
    // Another terminal, which has nothing to deliver.
    const other = await worldOf({ bank, kind: "teller" })
    const balance = await financialBalance(world.slot.insert(), {
      terminal: other.terminal,
      pinPad: other.pinPad(NEW_PIN),
    })
    expect(balance).toMatchObject({ ok: true })
  })

  it("asks nobody when the person gives up", async () => {
    const world = await openWorld()
    const outcome = await changeFinancialPin(world.slot.insert(), devices(world, ACTIVE.pin))
    expect(outcome).toMatchObject({ ok: false, code: "CANCELLED" })
    expect(await financialBalance(world.slot.insert(), devices(world))).toMatchObject({ ok: true })
  })

  it("tells what the bank refuses: too simple a PIN", async () => {
    const world = await openWorld()
    const outcome = await changeFinancialPin(world.slot.insert(), devices(world, ACTIVE.pin, "111111"))
    expect(outcome).toMatchObject({ ok: false, code: "12" })
  })
})
