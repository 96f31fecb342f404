import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { testTerminalKeys } from "../../../src/crypto/index.js"
import { decodePrivateData, encodePrivateData } from "../../../src/dictionary/index.js"
import {
  type AcceptorFault,
  bankTerminal,
  type DepositOptions,
  deposit,
  memoryJournal,
  scriptedPinPad,
  simulatedAcceptor,
} from "../../../src/terminal/index.js"
import { scriptedHost } from "../bank/scripted-host.js"
import { AAC, type ObligingCardOptions, obligingCard } from "./financial-card.js"

const APPROVED = { code: "00", fields: { 55: hex("910A4C70186B21450E763030") } } as const
const NOTES = [
  { denominationYuan: 100, count: 15 },
  { denominationYuan: 50, count: 10 },
]

function scene(options: { card?: ObligingCardOptions; kind?: "atm" | "teller"; pins?: string[] } = {}) {
  const host = scriptedHost()
  const journal = memoryJournal()
  const kind = options.kind ?? "atm"
  const terminal = bankTerminal({
    link: host,
    kind,
    terminalId: "ATM00001",
    tmk: testTerminalKeys().tmk,
    clock: () => new Date("2025-11-20T02:30:00Z"),
    journal,
  })
  const acceptor = simulatedAcceptor()
  acceptor.insert(NOTES)
  const card = obligingCard(options.card)
  const machine = { pinPad: scriptedPinPad(terminal.keys, options.pins ?? ["123456"]) }
  return {
    host,
    journal,
    terminal,
    acceptor,
    messages: () =>
      host.requests.map(({ message: { messageType, fields } }) => {
        const outcome = fields[48] && decodePrivateData(fields[48]).dispenseOutcome
        return [messageType, fields[39], outcome].filter(Boolean).join(" ")
      }),
    run: (more: Partial<DepositOptions> = {}) =>
      deposit(card, { terminal, acceptor, ...(kind === "atm" ? machine : { teller: "U0001" }), ...more }),
  }
}

describe("a deposit at a machine (host-iso8583 §11.4)", () => {
  it("stores what was counted, and confirms it", async () => {
    const me = scene()
    me.host.on("0200", APPROVED)
    expect(await me.run()).toMatchObject({ ok: true, amountFen: 200_000 })
    expect(me.messages()).toEqual(["0200", "0220 stored"])
    const { fields } = me.host.requests[0]!.message
    expect(fields).toMatchObject({ 3: "210000", 4: "000000200000", 22: "051" })
    expect(decodePrivateData(fields[48]!).notes).toEqual(NOTES)
    expect(me.acceptor.positions()).toEqual({ escrowFen: 0, storedFen: 200_000, returnedFen: 0, stuckFen: 0 })
    expect(me.journal.state).toMatchObject({ open: [], queue: [] })
  })

  it("without cash is none", async () => {
    const me = scene()
    me.acceptor.insert([])
    expect(await me.run()).toMatchObject({ code: "NO_CASH" })
    expect(me.messages()).toEqual([])
  })

  it("that the customer does not confirm is given back", async () => {
    const me = scene()
    expect(await me.run({ confirm: async (amountFen) => amountFen !== 200_000 })).toMatchObject({ code: "CANCELLED" })
    expect(me.acceptor.positions()).toMatchObject({ returnedFen: 200_000 })
    expect(me.messages()).toEqual([])
  })

  it.each<[string, Parameters<typeof scene>[0], Parameters<ReturnType<typeof scene>["host"]["on"]>, string, string[]]>([
    ["refused", {}, ["0200", { code: "57" }], "57", ["0200"]],
    ["without an answer", {}, ["0200", "lost"], "NO_ANSWER", ["0200", "0420 98"]],
    ["with an answer that cannot be trusted", {}, ["0200", "wrongMac"], "NO_ANSWER", ["0200", "0420 A0"]],
    ["declined by the card", { card: { second: AAC } }, ["0200", APPROVED], "CARD_DECLINED", ["0200", "0420 06"]],
    [
      "with a card that was pulled",
      { card: { pulledAt: { ins: 0xae, nth: 2 } } },
      ["0200", APPROVED],
      "CARD_REMOVED",
      ["0200", "0420 06"],
    ],
    ["without a PIN", { pins: [] }, ["0200", APPROVED], "CANCELLED", []],
  ])("%s is given back", async (_, options, reply, code, messages) => {
    const me = scene(options)
    me.host.on(...reply)
    expect(await me.run()).toMatchObject({ ok: false, code })
    expect(me.messages()).toEqual(messages)
    expect(me.acceptor.positions()).toEqual({ escrowFen: 0, storedFen: 0, returnedFen: 200_000, stuckFen: 0 })
    expect(me.journal.state.open).toEqual([])
  })

  it("keeps the notes in the escrow while the PIN is asked for again", async () => {
    const me = scene({ pins: ["111111", "123456"] })
    me.host.on("0200", { code: "55", fields: { 48: encodePrivateData({ pinTriesLeft: 2 }) } }, APPROVED)
    expect(await me.run()).toMatchObject({ ok: true })
    expect(me.acceptor.positions()).toMatchObject({ storedFen: 200_000, returnedFen: 0 })
  })

  it("keeps them there as well while the terminal signs on again", async () => {
    const me = scene({ pins: ["123456", "123456"] })
    me.host.on("0200", { code: "77" }, APPROVED)
    expect(await me.run()).toMatchObject({ ok: true })
    expect(me.acceptor.positions()).toMatchObject({ storedFen: 200_000, returnedFen: 0 })
  })

  it.each<[string, AcceptorFault, string, string[], object]>([
    ["cannot be stored: given back, reversed", "storeFails", "DEPOSIT_FAILED", ["0420 06"], { returnedFen: 200_000 }],
    [
      "got lost while storing: the bank has to find out",
      "storeUnknown",
      "NOTES_UNKNOWN",
      ["0220 unknown"],
      { stuckFen: 200_000 },
    ],
  ])("whose notes %s", async (_, fault, code, messages, positions) => {
    const me = scene()
    me.host.on("0200", APPROVED)
    me.acceptor.failNext(fault)
    expect(await me.run()).toMatchObject({ code })
    expect(me.messages()).toEqual(["0200", ...messages])
    expect(me.acceptor.positions()).toMatchObject(positions)
  })

  it("whose notes can neither be stored nor given back is for the bank to find out", async () => {
    const me = scene()
    me.host.on("0200", "lost")
    me.acceptor.failNext("returnFails")
    expect(await me.run()).toMatchObject({ code: "NOTES_UNKNOWN" })
    expect(me.messages()).toEqual(["0200", "0220 unknown"])
  })
})

describe("a deposit at a counter (host-iso8583 §11.8)", () => {
  it("asks for no PIN, and the answer is final", async () => {
    const me = scene({ kind: "teller" })
    me.host.on("0200", APPROVED)
    expect(await me.run()).toMatchObject({ ok: true, amountFen: 200_000 })
    expect(me.messages()).toEqual(["0200"])
    const { fields } = me.host.requests[0]!.message
    expect(fields).toMatchObject({ 18: "6010", 22: "052" })
    expect(fields[52]).toBeUndefined()
    expect(decodePrivateData(fields[48]!).teller).toBe("U0001")
    expect(me.journal.state.open).toEqual([])
  })
})
