import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { testTerminalKeys } from "../../../src/crypto/index.js"
import { bankTerminal, financialBalance, scriptedPinPad } from "../../../src/terminal/index.js"
import { type Reply, scriptedHost } from "../bank/scripted-host.js"
import { AAC, type ObligingCardOptions, obligingCard } from "./financial-card.js"

const CHIP = hex("910A4C70186B21450E763030")
// host-iso8583 §4.3.
const BALANCES = "1001156C0000009500001002156C000000900000"

async function inquire(reply: Reply, options: ObligingCardOptions = {}) {
  const host = scriptedHost()
  const terminal = bankTerminal({ link: host, kind: "atm", terminalId: "ATM00001", tmk: testTerminalKeys().tmk })
  host.on("0200", reply)
  const pinPad = scriptedPinPad(terminal.keys, ["123456"])
  const result = await financialBalance(obligingCard(options), { terminal, pinPad })
  return { result, host, terminal }
}

describe("the balance of the financial account", () => {
  it("comes from the host, ledger and available", async () => {
    const { result, host } = await inquire({ code: "00", fields: { 54: BALANCES, 55: CHIP } })
    expect(result).toEqual({ ok: true, ledgerFen: 950_000, availableFen: 900_000 })
    const { fields } = host.requests[0]!.message
    expect(fields).toMatchObject({ 3: "300000", 18: "6011", 22: "051" })
    expect(fields[4]).toBeUndefined()
  })

  it.each<[string, Reply, ObligingCardOptions, string]>([
    ["the host refuses", { code: "75" }, {}, "75"],
    ["the host is silent", "lost", {}, "NO_ANSWER"],
    ["the answer has no balances", { code: "00", fields: { 55: CHIP } }, {}, "NO_ANSWER"],
    ["the balances cannot be read", { code: "00", fields: { 54: "1001156C0000", 55: CHIP } }, {}, "NO_ANSWER"],
    ["the card declines", { code: "00", fields: { 54: BALANCES, 55: CHIP } }, { second: AAC }, "CARD_DECLINED"],
    [
      "the card is pulled",
      { code: "00", fields: { 54: BALANCES, 55: CHIP } },
      { pulledAt: { ins: 0xae } },
      "CARD_REMOVED",
    ],
  ])("is refused when %s, and nothing is ever reversed", async (_, reply, options, code) => {
    const { result, host, terminal } = await inquire(reply, options)
    expect(result).toMatchObject({ ok: false, code })
    expect(host.requests.every(({ message }) => message.messageType === "0200")).toBe(true)
    expect(terminal.journal.state).toMatchObject({ open: [], queue: [] })
  })
})
