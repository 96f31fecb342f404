import { describe, expect, it } from "vitest"
import { CardRemovedError, findTlv, hex, type Transport, toHex } from "../../../src/apdu/index.js"
import { testTerminalKeys } from "../../../src/crypto/index.js"
import { decodeIcData } from "../../../src/dictionary/index.js"
import {
  type ActivateFinancialOptions,
  activateFinancial,
  bankTerminal,
  scriptedPinPad,
} from "../../../src/terminal/index.js"
import { type Reply, scriptedHost } from "../bank/scripted-host.js"
import { DIRECTORY, RECORD_1_1, RECORD_2_1, type ScriptedCard, scriptedCard } from "../emv/scripted-card.js"

// financial-emv V-B13, host-iso8583 §11.7.
const UNBLOCK = "84180000044FA0C4BA"
const CHANGE_PIN = "842400021469EC92B9A5449ED037EAD3AE9CD88C0A693846F8"
const SCRIPT = `722D9F18040000000186098418000004 4FA0C4BA8619${CHANGE_PIN}`.replace(" ", "")
const PRIVATE_DATA =
  "DF01020000DF02080102030405060708DF030100DF0412393939393939313939303031303130303136DF050CE6B58BE8AF95E4B880E58FB7DF07055430303031"
const SELECT = "00A4040008A00000033301010100"
const BLOCKED = `${DIRECTORY[SELECT].slice(0, -4)}6283`
const HOLDER = { identityNumber: "999999199001010016", name: "测试一号" }
const APPROVED: Reply = { code: "00", fields: { 55: hex(SCRIPT) } }

/** The default card as issued; it answers the next SELECT as active once it has run the script. */
const inactiveCard = (more: Readonly<Record<string, string | readonly string[]>> = {}): ScriptedCard =>
  scriptedCard({
    ...DIRECTORY,
    "00B2010C00": [DIRECTORY["00B2010C00"], `${RECORD_1_1}9000`],
    "00B2011400": `${RECORD_2_1}9000`,
    [SELECT]: [BLOCKED, DIRECTORY[SELECT]],
    "80CA9F3600": "9F360200009000",
    "0084000008": "01020304050607089000",
    [UNBLOCK]: "9000",
    [CHANGE_PIN]: "9000",
    ...more,
  })

function scene(card: Transport, options: Partial<ActivateFinancialOptions> = {}) {
  const host = scriptedHost()
  const terminal = bankTerminal({
    link: host,
    kind: "teller",
    terminalId: "TLR00001",
    tmk: testTerminalKeys().tmk,
    clock: () => new Date("2025-11-20T02:30:00Z"),
  })
  const pinPad = scriptedPinPad(terminal.keys, ["246810"])
  const run = () =>
    activateFinancial(card, { terminal, pinPad, holder: HOLDER, teller: "T0001", prove: false, ...options })
  return { host, terminal, run }
}

describe("activation of the financial account", () => {
  it("sends the request of vector V-B13, runs the script as it is, and reports it", async () => {
    const card = inactiveCard()
    const { host, run } = scene(card)
    host.on("0200", APPROVED)
    expect(await run()).toEqual({ ok: true, confirmed: true, balance: undefined })
    const [request, result] = host.requests.map(({ message }) => message)
    expect(request!.fields).toMatchObject({
      2: "6217000000000000046",
      3: "920000",
      18: "6010",
      22: "051",
      23: "001",
      25: "00",
    })
    expect(toHex(request!.fields[48]!)).toBe(PRIVATE_DATA)
    expect(toHex(request!.fields[52]!)).toBe("3EF5911C7020B1B9")
    expect([4, 35, 55].filter((number) => number in request!.fields)).toEqual([])
    expect(card.commands.slice(-3)).toEqual([UNBLOCK, CHANGE_PIN, SELECT])
    expect(result!.messageType).toBe("0620")
    expect(result!.fields[90]).toMatch(/^0200000002/)
    const chip = decodeIcData(result!.fields[55]!)
    expect(toHex(findTlv(chip, 0xdf31)!.value)).toBe("2000000001")
    expect(toHex(findTlv(chip, 0x9f36)!.value)).toBe("0000")
  })

  it("says when the bank has not heard of the script yet; it will", async () => {
    const { host, terminal, run } = scene(inactiveCard())
    host.on("0200", APPROVED)
    host.on("0620", "lost")
    expect(await run()).toMatchObject({ ok: true, confirmed: false })
    expect(terminal.journal.state.queue).toHaveLength(1)
    expect(await terminal.forward()).toBe(true)
  })

  it.each<[string, ScriptedCard, Partial<ActivateFinancialOptions>, string]>([
    [
      "the document belongs to somebody else",
      inactiveCard(),
      { holder: { ...HOLDER, identityNumber: "110101199003070011" } },
      "HOLDER_MISMATCH",
    ],
    ["the card is blocked", scriptedCard({ "00A404000E315041592E5359532E444446303100": "6A81" }), {}, "CARD_BLOCKED"],
    ["there is no financial application", scriptedCard({}), {}, "NO_APPLICATION"],
    ["the card gives no PAN", inactiveCard({ "00B2011400": "6A83" }), {}, "CARD_DATA"],
    ["the card gives no challenge", inactiveCard({ "0084000008": "6D00" }), {}, "CARD_DATA"],
  ])("is refused before the bank is asked when %s", async (_, card, options, code) => {
    const { host, run } = scene(card, options)
    expect(await run()).toMatchObject({ ok: false, code })
    expect(host.requests).toHaveLength(0)
  })

  it("is cancelled at the PIN pad", async () => {
    const pinPad = { enterPin: async () => ({ outcome: "cancelled" }) as const }
    const { host, run } = scene(inactiveCard(), { pinPad })
    expect(await run()).toMatchObject({ code: "CANCELLED" })
    expect(host.requests).toHaveLength(0)
  })

  it.each<[string, Reply, string]>([
    ["the bank refuses", { code: "05" }, "05"],
    ["the bank is silent", "lost", "NO_ANSWER"],
    ["the answer cannot be trusted", "wrongMac", "NO_ANSWER"],
    ["the answer has no script", { code: "00" }, "SCRIPT_FAILED"],
  ])("is refused when %s, and nothing is reversed", async (_, reply, code) => {
    const card = inactiveCard()
    const { host, run } = scene(card)
    host.on("0200", reply)
    expect(await run()).toMatchObject({ ok: false, code })
    expect(host.requests.map(({ message }) => message.messageType)).toEqual(["0200"])
    expect(card.commands.some((command) => command.startsWith("84"))).toBe(false)
  })

  it.each([
    ["the first", { [UNBLOCK]: "6988" }, "1100000001"],
    ["the second", { [CHANGE_PIN]: "6985" }, "1200000001"],
  ])("fails with %s command of the script, which the bank is told", async (_, answers, results) => {
    const { host, run } = scene(inactiveCard(answers))
    host.on("0200", APPROVED)
    expect(await run()).toMatchObject({ code: "SCRIPT_FAILED" })
    expect(toHex(findTlv(decodeIcData(host.requests[1]!.message.fields[55]!), 0xdf31)!.value)).toBe(results)
  })

  it("is repeated when the card was pulled between the commands of the script", async () => {
    const card = inactiveCard()
    let pulled = false
    const transport: Transport = {
      async transmit(command) {
        if (toHex(command) === CHANGE_PIN) pulled = true
        if (pulled) throw new CardRemovedError()
        return card.transmit(command)
      },
      async close() {},
    }
    const { host, run } = scene(transport)
    host.on("0200", APPROVED)
    expect(await run()).toMatchObject({ code: "CARD_REMOVED" })
    expect(host.requests.map(({ message }) => message.messageType)).toEqual(["0200"])
  })

  it("repeats an activation whose answer was lost on a card that is active already", async () => {
    const { host, run } = scene(inactiveCard({ [SELECT]: DIRECTORY[SELECT] }))
    host.on("0200", APPROVED)
    expect(await run()).toMatchObject({ ok: true })
  })
})
