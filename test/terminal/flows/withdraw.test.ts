import { describe, expect, it } from "vitest"
import { findTlv, hex, ShebaoError, toHex } from "../../../src/apdu/index.js"
import { testTerminalKeys } from "../../../src/crypto/index.js"
import { decodeIcData, decodePrivateData, encodeBalances, encodePrivateData } from "../../../src/dictionary/index.js"
import {
  bankTerminal,
  type DispenserFault,
  type FinancialEvent,
  memoryJournal,
  type SimulatedDispenserOptions,
  scriptedPinPad,
  simulatedDispenser,
  type WithdrawOptions,
  withdraw,
} from "../../../src/terminal/index.js"
import { scriptedHost } from "../bank/scripted-host.js"
import { AAC, type ObligingCardOptions, obligingCard } from "./financial-card.js"

const APPROVED = {
  code: "00",
  fields: { 37: "532410000123", 38: "A00001", 55: hex("910A4C70186B21450E763030") },
} as const

function scene(
  options: {
    card?: ObligingCardOptions
    pins?: string[]
    dispenser?: SimulatedDispenserOptions
    kind?: "atm" | "teller"
  } = {},
) {
  const host = scriptedHost()
  const journal = memoryJournal()
  const terminal = bankTerminal({
    link: host,
    kind: options.kind ?? "atm",
    terminalId: "ATM00001",
    tmk: testTerminalKeys().tmk,
    clock: () => new Date("2025-11-20T02:30:00Z"),
    journal,
  })
  const dispenser = simulatedDispenser(options.dispenser)
  const events: FinancialEvent[] = []
  const card = obligingCard(options.card)
  const pinPad = scriptedPinPad(terminal.keys, options.pins ?? ["123456"])
  return {
    host,
    journal,
    terminal,
    dispenser,
    events,
    card,
    /** Type, answer code or outcome, and actual amount of every message. */
    messages: () =>
      host.requests.map(({ message: { messageType, fields } }) => {
        const outcome = fields[48] && decodePrivateData(fields[48]).dispenseOutcome
        return [messageType, fields[39], outcome, fields[95]?.slice(0, 12)].filter(Boolean).join(" ")
      }),
    run: (more: Partial<WithdrawOptions> = {}) =>
      withdraw(card, {
        terminal,
        ...((options.kind ?? "atm") === "atm" && { dispenser }),
        pinPad,
        amountFen: 50_000,
        onEvent: (event) => events.push(event),
        ...more,
      }),
  }
}

type Scene = ReturnType<typeof scene>
const hands = ({ dispenser }: Scene) => dispenser.positions().handsFen
const steps = ({ events }: Scene) => events.flatMap((event) => (event.type === "step" ? [event.step] : []))

describe("a withdrawal", () => {
  it("pays, and confirms with the TC (host-iso8583 §11.2)", async () => {
    const me = scene()
    me.host.on("0200", { ...APPROVED, fields: { ...APPROVED.fields, 54: balances(950_000) } })
    expect(await me.run()).toEqual({
      ok: true,
      amountFen: 50_000,
      stan: 2,
      referenceNumber: "532410000123",
      authorisationCode: "A00001",
      availableFen: 950_000,
    })
    expect(me.messages()).toEqual(["0200", "0220 taken 000000050000"])
    expect(hands(me)).toBe(50_000)
    expect(steps(me)).toEqual(["answered", "stacking", "stacked", "cardOut", "presenting", "presented", "taken"])
    const confirmation = decodeIcData(me.host.requests[1]!.message.fields[55]!)
    expect(toHex(findTlv(confirmation, 0x9f26)!.value)).toBe("E6B9C13B4ED809F0")
    expect(me.journal.state).toMatchObject({ open: [], queue: [] })
  })

  it("tells the cryptograms in its events: the ARQC that went to the bank, the TC that the card gave", async () => {
    const me = scene()
    me.host.on("0200", APPROVED)
    await me.run()
    const request = decodeIcData(me.host.requests[0]!.message.fields[55]!)
    expect(me.events.find(({ type }) => type === "host-asked")).toMatchObject({
      arqc: toHex(findTlv(request, 0x9f26)!.value),
    })
    expect(me.events.find(({ type }) => type === "card-decided")).toMatchObject({
      cryptogram: { type: "TC", value: "E6B9C13B4ED809F0" },
    })
  })

  it("tells nothing secret in its events", async () => {
    const me = scene()
    await me.run()
    const text = JSON.stringify(me.events)
    expect(text).toContain("621700*********0046")
    expect(text).not.toContain("6217000000000000046")
    expect(text).not.toContain("123456")
  })

  it.each([
    [0, "AMOUNT_ZERO"],
    [-10_000, "AMOUNT_ZERO"],
    [50_001, "AMOUNT_NOT_MULTIPLE"],
    [510_000, "AMOUNT_OVER_LIMIT"],
  ])("of %i fen is refused before anybody is asked: %s", async (amountFen, code) => {
    const me = scene()
    expect(await me.run({ amountFen })).toMatchObject({ ok: false, code })
    expect(me.host.requests).toHaveLength(0)
    expect(me.card.transactions()).toBe(0)
  })

  it("is refused by a machine without notes", async () => {
    expect(await scene({ dispenser: { notes: 4 } }).run()).toMatchObject({ code: "MACHINE_EMPTY" })
  })

  it.each([Number.NaN, 0.5, Number.MAX_VALUE])("of %d is a mistake of the program", async (amountFen) => {
    await expect(scene().run({ amountFen })).rejects.toThrow(/^amountFen/)
  })

  it("gives the card before the cash, or after it when told to", async () => {
    const order: string[] = []
    const me = scene()
    const [present, returnCard] = [me.dispenser.present, async () => "taken" as const]
    const log = {
      returnCard: () => {
        order.push("card")
        return returnCard()
      },
      dispenser: {
        ...me.dispenser,
        present: () => {
          order.push("cash")
          return present()
        },
      },
    }
    await me.run({ ...log, pinPad: scriptedPinPad(me.terminal.keys, ["123456"]) })
    await me.run({ ...log, order: "cashFirst", pinPad: scriptedPinPad(me.terminal.keys, ["123456"]) })
    expect(order).toEqual(["card", "cash", "cash", "card"])
  })
})

describe("the host refuses", () => {
  it.each(["51", "61", "13", "05", "75", "XY"])("with %s: nothing moves, nothing is reversed", async (code) => {
    const me = scene()
    me.host.on("0200", { code })
    expect(await me.run()).toMatchObject({ ok: false, code, reason: { zh: expect.any(String) } })
    expect(me.messages()).toEqual(["0200"])
    expect(hands(me)).toBe(0)
    expect(me.journal.state.open).toEqual([])
  })

  it("a wrong PIN, and asks for it again in a new transaction while tries are left", async () => {
    const me = scene({ pins: ["111111", "222222", "123456"] })
    const wrong = (left: number) => ({ code: "55", fields: { 48: encodePrivateData({ pinTriesLeft: left }) } })
    me.host.on("0200", wrong(2), wrong(1), APPROVED)
    expect(await me.run()).toMatchObject({ ok: true })
    expect(me.card.transactions()).toBe(3)
    expect(me.host.requests.map(({ message }) => message.fields[11])).toEqual(["000002", "000003", "000004", "000004"])
    expect(me.events.filter(({ type }) => type === "pin-asked")).toEqual([
      { type: "pin-asked", purpose: "current" },
      { type: "pin-asked", purpose: "current", triesLeft: 2 },
      { type: "pin-asked", purpose: "current", triesLeft: 1 },
    ])
  })

  it("a wrong PIN: who gives up hears how many tries are left", async () => {
    const me = scene({ pins: ["111111"] })
    me.host.on("0200", { code: "55", fields: { 48: encodePrivateData({ pinTriesLeft: 2 }) } })
    expect(await me.run()).toMatchObject({ code: "55", triesLeft: 2 })
    expect(me.journal.state.open).toEqual([])
  })

  it("a wrong PIN for ever: the terminal does not believe a count that stays", async () => {
    const me = scene({ pins: Array.from({ length: 9 }, () => "111111") })
    const same = { code: "55", fields: { 48: encodePrivateData({ pinTriesLeft: 2 }) } }
    me.host.on("0200", same, same, same, same)
    expect(await me.run()).toMatchObject({ code: "55" })
    expect(me.messages()).toEqual(["0200", "0200"])
  })

  it("keys that it does not know: the terminal signs on and tries once more", async () => {
    const me = scene({ pins: ["123456", "123456"] })
    me.host.on("0200", { code: "77" }, APPROVED)
    expect(await me.run()).toMatchObject({ ok: true })
    expect(me.host.signOns).toHaveLength(2)
    me.host.on("0200", { code: "77" }, { code: "77" })
    expect(await me.run({ pinPad: scriptedPinPad(me.terminal.keys, ["123456", "123456", "123456"]) })).toMatchObject({
      code: "77",
    })
  })
})

describe("the host is silent or cannot be trusted: reversed, and never paid", () => {
  it.each([
    ["lost", "98"],
    ["unreachable", "98"],
    ["garbage", "98"],
    ["wrongMac", "A0"],
  ] as const)("answer %s", async (reply, reason) => {
    const me = scene()
    me.host.on("0200", reply)
    expect(await me.run()).toMatchObject({ ok: false, code: "NO_ANSWER" })
    expect(me.messages()).toEqual(["0200", `0420 ${reason}`])
    expect(hands(me)).toBe(0)
    expect(me.journal.state).toMatchObject({ open: [], queue: [] })
  })

  it.each([
    ["68", "98"],
    ["96", "96"],
    ["98", "98"],
  ])("answer code %s, which leaves open what the host has done", async (code, reason) => {
    const me = scene()
    me.host.on("0200", { code })
    expect(await me.run()).toMatchObject({ ok: false, code })
    expect(me.messages()).toEqual(["0200", `0420 ${reason}`])
  })

  it("and while the reversal is not delivered, the next customer is not served", async () => {
    const me = scene()
    me.host.on("0200", "lost")
    me.host.on("0420", "lost", "lost")
    expect(await me.run()).toMatchObject({ code: "NO_ANSWER" })
    expect(await me.run()).toMatchObject({ code: "QUEUE" })
    expect(await me.run({ pinPad: scriptedPinPad(me.terminal.keys, ["123456"]) })).toMatchObject({ ok: true })
    expect(me.messages()).toEqual(["0200", "0420 98", "0420 98", "0420 98", "0200", "0220 taken 000000050000"])
  })
})

describe("the card", () => {
  it("that declines at once ends it without a message", async () => {
    const me = scene({ card: { first: AAC } })
    expect(await me.run()).toMatchObject({ code: "CARD_DECLINED" })
    expect(me.messages()).toEqual([])
    expect(me.journal.state.open).toEqual([])
  })

  it("that declines after the host's approval has it reversed (case 7)", async () => {
    const me = scene({ card: { second: AAC } })
    expect(await me.run()).toMatchObject({ code: "CARD_DECLINED" })
    expect(me.messages()).toEqual(["0200", "0420 06"])
    expect(hands(me)).toBe(0)
  })

  it("that answers nonsense after the approval has it reversed", async () => {
    const me = scene({ card: { second: "6F00" } })
    expect(await me.run()).toMatchObject({ code: "CARD_DATA" })
    expect(me.messages()).toEqual(["0200", "0420 06"])
  })

  it.each([
    ["selection", { ins: 0xa4 }, []],
    ["reading", { ins: 0xb2, nth: 3 }, []],
    ["the first cryptogram", { ins: 0xae }, []],
    ["the issuer's cryptogram", { ins: 0x82 }, ["0200", "0420 06"]],
    ["the second cryptogram", { ins: 0xae, nth: 2 }, ["0200", "0420 06"]],
  ])("that is pulled at %s", async (_, pulledAt, messages) => {
    const me = scene({ card: { pulledAt } })
    me.host.on("0200", APPROVED)
    expect(await me.run()).toMatchObject({ code: "CARD_REMOVED" })
    expect(me.messages()).toEqual(messages)
    expect(hands(me)).toBe(0)
    expect(me.journal.state.open).toEqual([])
  })

  it("that is pulled while a script runs has it reversed: the machine holds the cash still", async () => {
    const me = scene({ card: { pulledAt: { ins: 0x18 } } })
    me.host.on("0200", { ...APPROVED, fields: { 55: hex("7212 9F180400000001 8609 8418000004F2DEA2D4") } })
    expect(await me.run()).toMatchObject({ code: "CARD_REMOVED" })
    expect(me.messages()).toEqual(["0200", "0420 06"])
  })

  it("whose scripts ran is reported (host-iso8583 §11.2 step 8)", async () => {
    const me = scene()
    me.host.on("0200", { ...APPROVED, fields: { 55: hex("7212 9F180400000001 8609 8418000004F2DEA2D4") } })
    expect(await me.run()).toMatchObject({ ok: true })
    expect(me.messages()).toEqual(["0200", "0620", "0220 taken 000000050000"])
    const { fields } = me.host.requests[1]!.message
    expect(fields).toMatchObject({ 11: "000003", 90: expect.stringMatching(/^0200000002/) })
    expect(toHex(findTlv(decodeIcData(fields[55]!), 0xdf31)!.value)).toBe("2000000001")
  })

  it("that is not taken back is retained with the notes unseen: reversed", async () => {
    const me = scene()
    expect(await me.run({ returnCard: async () => "notTaken" })).toMatchObject({ code: "CARD_NOT_TAKEN" })
    expect(me.messages()).toEqual(["0200", "0420 06"])
    expect(me.dispenser.positions()).toMatchObject({ handsFen: 0, rejectFen: 50_000 })
  })
})

// terminal-devices §9.2, host-iso8583 §17.
describe("a dispense that fails", () => {
  it.each<[string, DispenserFault, string, string[], Partial<Record<string, number>>]>([
    ["case 1, jam before presenting", "stackFails", "DISPENSE_FAILED", ["0420 06"], { handsFen: 0 }],
    ["case 1, shutter shut", "presentFails", "DISPENSE_FAILED", ["0420 06"], { rejectFen: 50_000, handsFen: 0 }],
    ["case 3, not taken", "notTaken", "NOTES_RETRACTED", ["0220 retracted 000000000000"], { retractFen: 50_000 }],
    ["case 3b, partly taken", "partlyTaken", "NOTES_RETRACTED", ["0220 retracted 000000020000"], { handsFen: 20_000 }],
    ["case 4, partial", "partial", "DISPENSE_FAILED", ["0420 06"], { rejectFen: 20_000, handsFen: 0 }],
    ["case 5, unknown", "presentUnknown", "NOTES_UNKNOWN", ["0220 unknown 000000050000"], {}],
    ["case 5, retract bin full", "retractFails", "NOTES_UNKNOWN", ["0220 unknown 000000050000"], { exitFen: 50_000 }],
    ["case 8, exposed and left", "exposedLeft", "NOTES_RETRACTED", ["0220 retracted 000000000000"], { handsFen: 0 }],
    ["case 8, exposed and unknown", "exposedUnknown", "NOTES_UNKNOWN", ["0220 unknown 000000050000"], {}],
  ])("%s", async (_, fault, code, messages, positions) => {
    const me = scene()
    me.dispenser.failNext(fault)
    expect(await me.run()).toMatchObject({ ok: false, code })
    expect(me.messages()).toEqual(["0200", ...messages])
    expect(me.dispenser.positions()).toMatchObject(positions)
    expect(me.journal.state).toMatchObject({ open: [], queue: [] })
  })

  it.each<[string, DispenserFault]>([
    ["case 8, exposed and taken", "exposedTaken"],
    ["case 9, a note rejected inside", "noteRejected"],
  ])("%s: the customer has the cash", async (_, fault) => {
    const me = scene()
    me.dispenser.failNext(fault)
    expect(await me.run()).toMatchObject({ ok: true })
    expect(me.messages()).toEqual(["0200", "0220 taken 000000050000"])
    expect(hands(me)).toBe(50_000)
  })

  it("case 4, partial, presented where the machine's owner wants that", async () => {
    const me = scene()
    me.dispenser.failNext("partial")
    expect(await me.run({ partial: "present" })).toMatchObject({ ok: true, amountFen: 20_000 })
    expect(me.messages()).toEqual(["0200", "0220 partial 000000020000"])
  })

  it("case 2: the confirmation is repeated until it is heard, and there is no reversal", async () => {
    const me = scene()
    me.host.on("0220", "lost", "lost")
    expect(await me.run()).toMatchObject({ ok: true })
    expect(me.journal.state.queue).toHaveLength(1)
    expect(await me.terminal.forward()).toBe(false)
    expect(await me.terminal.forward()).toBe(true)
    expect(me.messages()).toEqual(["0200", ...Array.from({ length: 3 }, () => "0220 taken 000000050000")])
  })
})

describe("a journal that cannot be written", () => {
  it.each(["sent", "answered", "stacking", "presenting"])("stops everything at %s", async (step) => {
    const me = scene()
    const { append } = me.journal
    me.journal.append = async (...records) => {
      if (records.some((record) => record.type === "step" && record.step === step))
        throw new ShebaoError("JOURNAL_WRITE", "disk full")
      return append(...records)
    }
    await expect(me.run()).rejects.toMatchObject({ code: "JOURNAL_WRITE" })
    expect(hands(me)).toBe(0)
    expect(me.messages()).toEqual(step === "sent" ? [] : ["0200"])
  })
})

describe("at a counter", () => {
  it("the answer is final: no advice, any amount (host-iso8583 §11.8)", async () => {
    const me = scene({ kind: "teller" })
    expect(await me.run({ amountFen: 12_345 })).toMatchObject({ ok: true, amountFen: 12_345 })
    expect(me.messages()).toEqual(["0200"])
    expect(me.host.requests[0]!.message.fields).toMatchObject({ 18: "6010", 25: "00", 60: "0200000100050" })
    expect(me.journal.state.open).toEqual([])
  })

  it("silence is reversed before anything is paid", async () => {
    const me = scene({ kind: "teller" })
    me.host.on("0200", "lost")
    expect(await me.run()).toMatchObject({ code: "NO_ANSWER" })
    expect(me.messages()).toEqual(["0200", "0420 98"])
  })
})

function balances(amountFen: number): string {
  const of = (kind: "ledger" | "available") => ({ accountType: "10", kind, currency: "156", amountFen })
  return encodeBalances([of("ledger"), of("available")])
}
