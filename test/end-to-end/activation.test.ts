import { describe, expect, it } from "vitest"
import { inProcessLink, type LinkFaults } from "../../src/host/index.js"
import {
  activateFinancial,
  type FinancialActivated,
  type FinancialRefusal,
  financialBalance,
  withdraw,
} from "../../src/terminal/index.js"
import { NEW, type World, worldOf } from "./world.js"

function activate(
  world: World,
  { pin = NEW.pin, holder = NEW }: { pin?: string; holder?: typeof NEW } = {},
): Promise<FinancialActivated | FinancialRefusal> {
  return activateFinancial(world.slot.insert(), {
    terminal: world.terminal,
    pinPad: world.pinPad(pin, pin),
    holder,
    teller: "T0001",
  })
}

/** The card and the account are active, and the PIN is the one that was typed last. */
async function expectActive(world: World, pin = NEW.pin): Promise<void> {
  expect(await world.bank.account(NEW.pan)).toMatchObject({ state: "active", pinTriesLeft: 3 })
  const pinPad = world.pinPad(pin)
  const balance = await financialBalance(world.slot.insert(), { terminal: world.terminal, pinPad })
  expect(balance).toEqual({ ok: true, ledgerFen: 0, availableFen: 0 })
  expect((await world.bank.ledger.verify()).violations).toEqual([])
}

const newWorld = () => worldOf({ holder: NEW, kind: "teller" })

describe("activation of the financial account with card and bank", () => {
  it("unblocks the card, sets the PIN and proves it by a balance", async () => {
    const world = await newWorld()
    expect(await activate(world)).toEqual({
      ok: true,
      confirmed: true,
      balance: { ok: true, ledgerFen: 0, availableFen: 0 },
    })
    await expectActive(world)
  })

  it("is needed before anything else can be done with the account", async () => {
    const world = await newWorld()
    const { terminal, slot } = world
    const pinPad = world.pinPad()
    expect(await withdraw(slot.insert(), { terminal, pinPad, amountFen: 10_000 })).toMatchObject({
      code: "APPLICATION_BLOCKED",
    })
    expect(await financialBalance(slot.insert(), { terminal, pinPad })).toMatchObject({ code: "APPLICATION_BLOCKED" })
  })

  it.each([
    ["another's identity document", { holder: { ...NEW, identityNumber: "999999198506150028" } }, "HOLDER_MISMATCH"],
    ["another's name", { holder: { ...NEW, name: "测试二号" } }, "05"],
    ["a PIN that anybody would guess", { pin: "123456" }, "12"],
  ])("is refused with %s, and may be tried again", async (_, more, code) => {
    const world = await newWorld()
    expect(await activate(world, more)).toMatchObject({ ok: false, code })
    expect(await world.bank.account(NEW.pan)).toMatchObject({ state: "notActivated" })
    expect(await activate(world)).toMatchObject({ ok: true, confirmed: true })
    await expectActive(world)
  })

  it("is refused at a machine", async () => {
    const world = await worldOf({ holder: NEW, kind: "atm" })
    expect(await activate(world)).toMatchObject({ ok: false, code: "58" })
  })

  it("may be done again with another PIN while the card is active", async () => {
    const world = await newWorld()
    await activate(world)
    expect(await activate(world, { pin: "975310" })).toMatchObject({ ok: true, confirmed: true })
    await expectActive(world, "975310")
  })
})

describe("an activation that is interrupted is repaired by doing it again", () => {
  it("whenever the card is pulled", async () => {
    const whole = await newWorld()
    const transport = whole.slot.insert()
    const options = { terminal: whole.terminal, pinPad: whole.pinPad(NEW.pin), holder: NEW, teller: "T0001" }
    await activateFinancial(transport, { ...options, prove: false })
    const total = whole.slot.commands()
    expect(total).toBeGreaterThan(8)
    for (let commands = 0; commands < total; commands++) {
      const world = await newWorld()
      const pulled = world.slot.insert()
      world.slot.pullAfter(commands)
      const { terminal } = world
      const first = await activateFinancial(pulled, {
        terminal,
        pinPad: world.pinPad(),
        holder: NEW,
        teller: "T0001",
        prove: false,
      })
      expect(first).toMatchObject({ ok: false, code: "CARD_REMOVED" })
      expect(await activate(world)).toMatchObject({ ok: true, confirmed: true })
      await expectActive(world)
    }
  })

  it.each([false, true])("wherever power fails on the card (torn: %s)", async (torn) => {
    let cuts = 0
    for (let writes = 0; ; writes++) {
      const world = await newWorld()
      const transport = world.slot.insert()
      world.slot.card.cutPowerAfter(writes, { torn })
      const { terminal } = world
      const first = await activateFinancial(transport, {
        terminal,
        pinPad: world.pinPad(NEW.pin, NEW.pin),
        holder: NEW,
        teller: "T0001",
        prove: false,
      })
      if (first.ok) break
      cuts++
      expect(first).toMatchObject({ code: "CARD_REMOVED" })
      expect(await activate(world)).toMatchObject({ ok: true, confirmed: true })
      await expectActive(world)
    }
    expect(cuts).toBeGreaterThan(5)
  })

  it.each<[string, (isTurn: () => boolean) => LinkFaults]>([
    ["a request is lost", (isTurn) => ({ dropRequest: isTurn })],
    ["an answer is lost", (isTurn) => ({ dropAnswer: isTurn })],
    ["an answer is changed", (isTurn) => ({ changeAnswer: (answer) => (isTurn() ? flipLast(answer) : answer) })],
  ])("when %s, whichever it is", async (_, make) => {
    for (let nth = 0; nth < 4; nth++) {
      let count = 0
      const faults = make(() => count++ === nth)
      const world = await worldOf({ holder: NEW, kind: "teller", link: (bank) => inProcessLink(bank, faults) })
      await activate(world)
      expect(await activate(world)).toMatchObject({ ok: true, confirmed: true })
      await expectActive(world)
    }
  })
})

function flipLast(bytes: Uint8Array): Uint8Array {
  const changed = bytes.slice()
  changed[changed.length - 1]! ^= 1
  return changed
}
