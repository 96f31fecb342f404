import { expect, it } from "vitest"
import { testTerminalKeys } from "../../src/crypto/index.js"
import { bankTerminal, scriptedPinPad, simulatedDispenser, withdraw } from "../../src/terminal/index.js"
import { ACTIVE, bankOf, cardOf, NOW, slotWith } from "./world.js"

it("a terminal whose line is protected with SM4 pays out: keys, PIN block and MAC (host-iso8583 §7 to §9)", async () => {
  const bank = await bankOf(ACTIVE, { terminals: [{ id: "ATM00001", kind: "atm", algorithm: "sm4" }] })
  const terminal = bankTerminal({
    link: bank.link(),
    kind: "atm",
    terminalId: "ATM00001",
    tmk: testTerminalKeys().tmk,
    algorithm: "sm4",
    clock: () => NOW,
  })
  const options = { terminal, dispenser: simulatedDispenser(), amountFen: 50_000 }
  const card = slotWith(cardOf(ACTIVE)).insert()
  const wrong = scriptedPinPad(terminal.keys, ["000000"])
  expect(await withdraw(card, { ...options, pinPad: wrong })).toMatchObject({ code: "55", triesLeft: 2 })
  const pinPad = scriptedPinPad(terminal.keys, [ACTIVE.pin])
  expect(await withdraw(card, { ...options, pinPad })).toMatchObject({ ok: true, amountFen: 50_000 })
  expect((await bank.ledger.verify()).violations).toEqual([])
})
