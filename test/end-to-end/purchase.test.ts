import { describe, expect, it } from "vitest"
import { testTerminalKeys } from "../../src/crypto/index.js"
import { bankTerminal, purchase, refund, scriptedPinPad } from "../../src/terminal/index.js"
import { ACTIVE, bankOf, cardOf, NOW, slotWith } from "./world.js"

async function shop() {
  const bank = await bankOf(ACTIVE)
  const terminal = bankTerminal({
    link: bank.link(),
    kind: "pos",
    terminalId: "POS00001",
    tmk: testTerminalKeys().tmk,
    clock: () => NOW,
  })
  const slot = slotWith(cardOf(ACTIVE))
  const pinPad = () => scriptedPinPad(terminal.keys, [ACTIVE.pin])
  return { bank, terminal, slot, pinPad, balanceFen: async () => (await bank.account(ACTIVE.pan))!.balanceFen }
}

describe("a purchase with card, merchant's terminal and bank", () => {
  it("is paid, and paid back by a refund that names it", async () => {
    const { bank, terminal, slot, pinPad, balanceFen } = await shop()
    const bought = await purchase(slot.insert(), { terminal, pinPad: pinPad(), amountFen: 12_345 })
    expect(bought).toMatchObject({ ok: true, amountFen: 12_345, date: "1120" })
    expect(await balanceFen()).toBe(487_655n)
    const original = { stan: bought.ok ? bought.stan : 0, date: "1120" }
    expect(await refund(slot.insert(), { terminal, amountFen: 2_345, original })).toMatchObject({ ok: true })
    expect(await balanceFen()).toBe(490_000n)
    expect(await refund(slot.insert(), { terminal, amountFen: 10_001, original })).toMatchObject({ code: "64" })
    expect((await bank.ledger.verify()).violations).toEqual([])
  })
})
