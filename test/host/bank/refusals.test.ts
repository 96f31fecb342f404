import { describe, expect, it } from "vitest"
import { findTlv, hex, parseTlv, toHex } from "../../../src/apdu/index.js"
import { decodePrivateData, type Message } from "../../../src/dictionary/index.js"
import { createBank, defaultRegion } from "../../../src/host/index.js"
import { memoryStore } from "../../../src/host/store/memory-store.js"
import { faultyStore } from "../faulty-store.js"
import { CARD, PAN, testTerminal } from "../test-terminal.js"
import { openWorld, violations, type World, type WorldOptions } from "../world.js"

const OTHER_PAN = "6217998765432101232"

interface Case {
  readonly code: string
  readonly when: string
  readonly options?: WorldOptions
  readonly prepare?: (world: World) => unknown
  /** Default: a withdrawal of 500.00. */
  readonly message?: (world: World) => Message
  /** The answer carries tag 91: the card was believed. */
  readonly has91?: boolean
}

const withdrawal =
  (fen: number, more = {}) =>
  ({ terminal }: World) =>
    terminal.withdrawal(fen, more)
const state =
  (name: Parameters<World["bank"]["setCardState"]>[1]) =>
  ({ bank }: World) =>
    bank.setCardState(PAN, name)
const region = (changes: Parameters<typeof defaultRegion>[0]): WorldOptions => ({ region: defaultRegion(changes) })
const spend = async ({ terminal }: World, fen: number) => terminal.sendMessage(terminal.withdrawal(fen))
const chip = (changed: Record<number, Uint8Array | undefined>) => withdrawal(50_000, { chip: { changed } })

const CASES: readonly Case[] = [
  { code: "00", when: "all is right", has91: true },
  {
    code: "00",
    when: "the cryptogram has version 17",
    message: withdrawal(50_000, { chip: { version: 0x17 } }),
    has91: true,
  },
  { code: "01", when: "the card is listed for referral", prepare: ({ bank }) => bank.listCard(PAN, "01") },
  {
    code: "03",
    when: "the merchant is not the terminal's",
    message: withdrawal(50_000, { fields: { 42: "SOMEBODY" } }),
  },
  { code: "04", when: "the card is listed for capture", prepare: ({ bank }) => bank.listCard(PAN, "04") },
  { code: "05", when: "the cryptogram is wrong", message: chip({ 40742: hex("0011223344556677") }) },
  {
    code: "05",
    when: "the cryptogram is for another amount",
    message: withdrawal(50_000, { chip: { amountFen: 50_000, changed: { 40707: hex("000000000001") } } }),
  },
  {
    code: "05",
    when: "the cryptogram version is not known",
    message: chip({ 40720: hex("0701FF03A00002010A0100000100003769DA83") }),
  },
  {
    code: "05",
    when: "the key index is not known",
    message: chip({ 40720: hex("07090103A00002010A0100000100003769DA83") }),
  },
  { code: "05", when: "the issuer data have another form", message: chip({ 40720: hex("06010103A000") }) },
  { code: "05", when: "the cryptogram is no ARQC", message: chip({ 40743: hex("40") }) },
  { code: "12", when: "the processing code is not known", message: withdrawal(50_000, { fields: { 3: "550000" } }) },
  {
    code: "12",
    when: "the merchant category is not a bank's",
    message: withdrawal(50_000, { fields: { 18: "5411" } }),
  },
  { code: "12", when: "the currency is not the yuan", message: withdrawal(50_000, { fields: { 49: "840" } }) },
  { code: "12", when: "the chip's currency is not the yuan", message: chip({ 24362: hex("0840") }) },
  { code: "12", when: "the chip made another kind of transaction", message: chip({ 156: hex("21") }) },
  {
    code: "12",
    when: "the number was keyed in at an ATM",
    message: withdrawal(50_000, { fields: { 22: "011", 55: undefined } }),
  },
  { code: "13", when: "the amount is 0", message: withdrawal(0) },
  { code: "13", when: "no notes make up the amount", message: withdrawal(50_050) },
  {
    code: "13",
    when: "an inquiry has an amount",
    message: ({ terminal }) => terminal.inquiry({ fields: { 4: "000000000100" } }),
  },
  {
    code: "14",
    when: "the card is not known",
    message: withdrawal(50_000, { pan: OTHER_PAN, fields: { 35: undefined } }),
  },
  {
    code: "14",
    when: "the check digit is wrong",
    message: withdrawal(50_000, { fields: { 2: "6217000000000000047", 35: undefined } }),
  },
  { code: "14", when: "the card is closed", prepare: state("closed") },
  { code: "14", when: "the card was replaced", prepare: state("reissued") },
  { code: "14", when: "the sequence number is another", message: withdrawal(50_000, { fields: { 23: "002" } }) },
  {
    code: "14",
    when: "track 2 belongs to another card",
    message: withdrawal(50_000, { fields: { 35: `${OTHER_PAN}D3512220` } }),
  },
  {
    code: "15",
    when: "another bank issued the card",
    message: withdrawal(50_000, { pan: "4111111111111111", fields: { 35: undefined } }),
  },
  { code: "21", when: "the account is not activated", prepare: state("notActivated") },
  { code: "21", when: "the activation is not complete", prepare: state("activating") },
  { code: "30", when: "a mandatory element is missing", message: withdrawal(50_000, { fields: { 7: undefined } }) },
  { code: "30", when: "the amount is missing", message: withdrawal(50_000, { fields: { 4: undefined } }) },
  { code: "30", when: "the PIN block is missing", message: withdrawal(50_000, { fields: { 52: undefined } }) },
  { code: "30", when: "the chip data are missing", message: withdrawal(50_000, { fields: { 55: undefined } }) },
  { code: "30", when: "a chip value is missing", message: chip({ 40759: undefined }) },
  { code: "30", when: "a chip value has another length", message: chip({ 40758: hex("000001") }) },
  { code: "30", when: "the chip data are no TLV", message: withdrawal(50_000, { fields: { 55: hex("9F26") } }) },
  { code: "30", when: "the date is three days old", message: withdrawal(50_000, { fields: { 13: "1117" } }) },
  { code: "30", when: "the date does not exist", message: withdrawal(50_000, { fields: { 13: "1399" } }) },
  {
    code: "38",
    when: "the PIN is locked and the region keeps such cards",
    options: region({ bank: { retainOnPinLock: true } }),
    prepare: state("pinLocked"),
  },
  { code: "58", when: "a machine asks for a purchase", message: withdrawal(50_000, { fields: { 3: "000000" } }) },
  {
    code: "40",
    when: "the bank does not load electronic cash",
    message: withdrawal(50_000, { fields: { 3: "600000" } }),
  },
  { code: "12", when: "the chip did not make a transfer", message: withdrawal(50_000, { fields: { 3: "400000" } }) },
  { code: "41", when: "the card is reported lost", prepare: state("tempLost") },
  { code: "41", when: "the card is formally lost", prepare: state("formallyLost") },
  { code: "43", when: "the card is listed as stolen", prepare: ({ bank }) => bank.listCard(PAN, "43") },
  {
    code: "45",
    when: "the stripe of a chip card was read",
    message: withdrawal(50_000, { fields: { 22: "021", 55: undefined } }),
  },
  { code: "51", when: "the balance is too low", options: { card: { openingBalanceFen: 49_999 } }, has91: true },
  {
    code: "54",
    when: "the card has expired",
    options: { card: { expiry: "2510" } },
    message: withdrawal(50_000, { fields: { 14: undefined } }),
  },
  { code: "54", when: "the date on the card has passed", message: withdrawal(50_000, { fields: { 14: "2510" } }) },
  {
    code: "54",
    when: "the terminal found the application expired",
    message: withdrawal(50_000, { chip: { results: "0040048000" } }),
    has91: true,
  },
  { code: "55", when: "the PIN is wrong", message: withdrawal(50_000, { pin: "000000" }), has91: true },
  { code: "57", when: "the account sleeps", prepare: state("dormant") },
  {
    code: "57",
    when: "the holder may not put money in himself",
    options: region({ bank: { creditSources: ["approvedPayout"] } }),
    message: ({ terminal }) => terminal.cashIn(50_000),
    has91: true,
  },
  {
    code: "58",
    when: "a machine asks for an activation",
    message: withdrawal(50_000, { fields: { 3: "920000", 4: undefined } }),
  },
  { code: "58", when: "a kiosk asks for notes", options: { terminal: "KSK00001" } },
  {
    code: "58",
    when: "a kiosk takes notes in a region without that",
    options: { terminal: "KSK00001" },
    message: ({ terminal }) => terminal.cashIn(50_000),
  },
  {
    code: "58",
    when: "a counter asks a machine's transaction",
    options: { terminal: "TLR00001" },
    message: withdrawal(50_000, { fields: { 18: "6011" } }),
  },
  {
    code: "59",
    when: "the transaction counter was used before",
    prepare: async (world) => {
      await spend(world, 10_000)
      world.terminal.setAtc(0)
    },
    has91: true,
  },
  {
    code: "59",
    when: "data authentication failed",
    message: withdrawal(50_000, { chip: { results: "0800048000" } }),
    has91: true,
  },
  { code: "61", when: "the amount is above the single limit", message: withdrawal(510_000), has91: true },
  {
    code: "61",
    when: "the day's limit is used up",
    options: { card: { openingBalanceFen: 10_000_000 } },
    prepare: async (world) => {
      for (let i = 0; i < 4; i++) await spend(world, 500_000)
    },
    message: withdrawal(10_000),
    has91: true,
  },
  { code: "61", when: "the month's limit is used up", options: region({ bank: { atmPerMonth: 400 } }), has91: true },
  { code: "61", when: "there would be too many notes", options: region({ bank: { maxNotes: 4 } }), has91: true },
  { code: "62", when: "the account is frozen", prepare: state("frozen") },
  { code: "62", when: "payment is stopped", prepare: state("stopPay") },
  {
    code: "64",
    when: "the chip confirmed another amount",
    message: withdrawal(50_000, { chip: { amountFen: 10_000 } }),
  },
  {
    code: "65",
    when: "the number of withdrawals is used up",
    options: region({ bank: { atmCountPerDay: 1 } }),
    prepare: (world) => spend(world, 10_000),
    has91: true,
  },
  {
    code: "75",
    when: "the last PIN try is wrong",
    options: region({ card: { bankPinTries: 1 } }),
    message: withdrawal(50_000, { pin: "000000" }),
    has91: true,
  },
  { code: "75", when: "the PIN is locked", prepare: state("pinLocked") },
  { code: "77", when: "the terminal has signed off", prepare: ({ terminal }) => terminal.network("002") },
  { code: "90", when: "the business day is changing", prepare: ({ bank }) => bank.setService("cutover") },
  { code: "91", when: "the bank's service is stopped", prepare: ({ bank }) => bank.setService("stopped") },
  { code: "97", when: "the terminal is not known", message: withdrawal(50_000, { fields: { 41: "NOBODY" } }) },
  {
    code: "97",
    when: "the terminal belongs to another acquirer",
    message: withdrawal(50_000, { fields: { 32: "99990000" } }),
  },
  {
    code: "99",
    when: "the PIN block holds no PIN",
    message: withdrawal(50_000, { fields: { 52: hex("0000000000000000") } }),
    has91: true,
  },
  {
    code: "99",
    when: "the PIN block is without the PAN",
    message: withdrawal(50_000, { fields: { 53: "1600000000000000" } }),
    has91: true,
  },
  {
    code: "99",
    when: "the PIN block is under another cipher",
    message: withdrawal(50_000, { fields: { 52: new Uint8Array(16).fill(0xa5), 53: "2300000000000000" } }),
    has91: true,
  },
]

/** Codes whose answers nothing proves: nobody knows yet who asked. */
const UNSIGNED = new Set(["03", "77", "97", "A0"])

describe("answer codes (host-iso8583 §6, §14)", () => {
  it.each(CASES)("answers $code when $when", async ({ code, options = {}, prepare, message, has91 = false }) => {
    const world = await openWorld(options)
    await prepare?.(world)
    const before = await world.bank.account(PAN)
    const request = (message ?? withdrawal(50_000))(world)
    const answer = await world.terminal.sendMessage(request)
    expect(answer.code).toBe(code)
    const icData = answer.fields[55]
    expect(icData === undefined ? undefined : toHex(findTlv(parseTlv(icData), 0x91)!.value.slice(8))).toBe(
      has91 ? toHex(Uint8Array.from(code, (character) => character.charCodeAt(0))) : undefined,
    )
    if (code !== "00") expect((await world.bank.account(PAN))?.balanceFen).toBe(before?.balanceFen)
    if (UNSIGNED.has(code)) expect(answer.isSigned).toBe(false)
    else if (code !== "30") expect(answer.isMacRight).toBe(true)
    expect(await violations(world.bank)).toEqual([])
  })

  it("answers A0 when the MAC is wrong, and believes nothing of it", async () => {
    const { bank, terminal } = await openWorld()
    const request = terminal.withdrawal(50_000)
    const frame = terminal.sign(request)
    frame[frame.length - 1]! ^= 1
    const answer = await terminal.sendFrame(frame)
    expect(answer).toMatchObject({ code: "A0", isSigned: false })
    expect((await terminal.sendMessage(request)).code).toBe("00")
    expect(await violations(bank)).toEqual([])
  })

  it("answers A0 when there is no MAC", async () => {
    const { terminal } = await openWorld()
    const frame = terminal.sign(terminal.withdrawal(50_000))
    const bitmapEnd = 11 + 2 + 8 - 1
    frame[bitmapEnd]! &= 0xfe
    expect((await terminal.sendFrame(frame.slice(0, -8))).code).toBe("A0")
  })

  it("answers 77 to a terminal that never signed on", async () => {
    const bank = createBank()
    await bank.enroll(CARD)
    const terminal = testTerminal(bank.link(), { clock: () => new Date() })
    expect((await terminal.sendMessage(terminal.withdrawal(50_000))).code).toBe("77")
  })

  it("answers 94 to a key that was used, and posts nothing", async () => {
    const { bank, terminal } = await openWorld()
    const request = terminal.withdrawal(50_000)
    await terminal.sendMessage(request)
    expect((await terminal.sendMessage(request)).code).toBe("94")
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 950_000n })
  })

  it("answers 40 to a kind of message it does not do", async () => {
    const { terminal } = await openWorld()
    const { fields } = terminal.withdrawal(50_000)
    expect(await terminal.send("0100", fields)).toMatchObject({ code: "40", isMacRight: true })
  })

  it("answers 96 and posts nothing when something breaks inside", async () => {
    const store = faultyStore(memoryStore())
    const { bank, terminal, events } = await openWorld({ store })
    store.breakAfter(8)
    const answer = await terminal.sendMessage(terminal.withdrawal(50_000))
    expect(answer).toMatchObject({ code: "96", isMacRight: true })
    expect(events.at(-2)).toMatchObject({ type: "alert", reason: "system error: Error" })
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 1_000_000n })
  })

  it("tells how many PIN tries are left", async () => {
    const { terminal } = await openWorld()
    const left: (number | undefined)[] = []
    const codes: (string | undefined)[] = []
    for (let i = 0; i < 4; i++) {
      const { code, fields } = await terminal.sendMessage(terminal.withdrawal(10_000, { pin: "000000" }))
      codes.push(code)
      left.push(fields[48] && decodePrivateData(fields[48]).pinTriesLeft)
    }
    expect(codes).toEqual(["55", "55", "75", "75"])
    expect(left).toEqual([2, 1, 0, undefined])
  })

  it("forgets wrong tries after a right one", async () => {
    const { bank, terminal } = await openWorld()
    for (const pin of ["000000", "000000", "123456", "000000"])
      await terminal.sendMessage(terminal.withdrawal(10_000, { pin }))
    expect(await bank.account(PAN)).toMatchObject({ state: "active", pinTriesLeft: 2 })
  })

  it("keeps the transaction counter of a request it declined for another reason", async () => {
    const { terminal } = await openWorld()
    await terminal.sendMessage(terminal.withdrawal(10_000, { pin: "000000", chip: { atc: 7 } }))
    expect((await terminal.sendMessage(terminal.withdrawal(10_000, { chip: { atc: 7 } }))).code).toBe("59")
    expect((await terminal.sendMessage(terminal.withdrawal(10_000, { chip: { atc: 8 } }))).code).toBe("00")
  })

  it("does not keep the transaction counter of a forged cryptogram", async () => {
    const { terminal } = await openWorld()
    const forged = { atc: 9000, changed: { 40742: hex("0011223344556677") } }
    expect((await terminal.sendMessage(terminal.withdrawal(10_000, { chip: forged }))).code).toBe("05")
    expect((await terminal.sendMessage(terminal.withdrawal(10_000, { chip: { atc: 8 } }))).code).toBe("00")
  })

  it("alerts when a transaction counter jumps by more than 1000", async () => {
    const { terminal, events } = await openWorld()
    await terminal.sendMessage(terminal.withdrawal(10_000, { chip: { atc: 1 } }))
    await terminal.sendMessage(terminal.withdrawal(10_000, { chip: { atc: 1002 } }))
    expect(events).toContainEqual(
      expect.objectContaining({ type: "alert", reason: "the card's transaction counter jumped" }),
    )
  })
})
