import { describe, expect, it } from "vitest"
import { concat, findTlv, hex, parseTlv, toHex, uint32 } from "../../../src/apdu/index.js"
import { encryptPinBlock, lineMac, testTerminalKeys } from "../../../src/crypto/index.js"
import { encodeFrame, encodeWithMac, type Message, type PrivateData } from "../../../src/dictionary/index.js"
import { createBank } from "../../../src/host/index.js"
import {
  CARD,
  type CashRequest,
  type Changes,
  PAN,
  type TestTerminal,
  testClock,
  testTerminal,
} from "../test-terminal.js"
import { openWorld, type World } from "../world.js"

const DATA: PrivateData = {
  atc: hex("0000"),
  challenge: hex("0102030405060708"),
  documentType: "00",
  identityNumber: "999999199001010016",
  name: "测试一号",
  teller: "A001",
}
const NEW_PIN = "246810"
/** DE48 of the activation vector (host-iso8583 §11.7). */
const VECTOR_DATA = hex(
  "DF01020000DF02080102030405060708DF030100DF0412393939393939313939303031303130303136DF050CE6B58BE8AF95E4B880E58FB7DF07055430303031",
)
const VECTOR_SCRIPT = "722D9F180400000001860984180000044FA0C4BA8619842400021469EC92B9A5449ED037EAD3AE9CD88C0A693846F8"

function activation(terminal: TestTerminal, data: PrivateData = {}, pin = NEW_PIN, fields: Changes = {}): Message {
  const request: CashRequest = {
    pin,
    data: { ...DATA, ...data },
    fields: { 18: "6010", 35: undefined, 55: undefined, ...fields },
  }
  return terminal.request("920000", request)
}

const results = (outcome: number, id: number) => concat(outcome, uint32(id))
const scriptId = (message: Message) => Number.parseInt(toHex(findTlv(parseTlv(message.fields[55]!), 0x9f18)!.value), 16)

const FRESH = {
  terminal: "TLR00001",
  card: { state: "notActivated", pin: undefined as never, openingBalanceFen: 0 },
} as const
const stateOf = async ({ bank }: World) => (await bank.account(PAN))?.state

/** Whether the card's PIN is this one, found out by an inquiry. */
async function isPinNow({ connect }: World, pin: string, atc: number): Promise<boolean> {
  const machine = await connect("ATM00001")
  machine.setAtc(atc)
  machine.setStan(100 + atc)
  return (await machine.sendMessage(machine.inquiry({ pin }))).code === "00"
}

describe("activation (host-iso8583 §11.7)", () => {
  it("gives the script of the vector: unblock, then the new PIN (financial-emv V-B13)", async () => {
    const keys = [testTerminalKeys().tpk, testTerminalKeys().tak]
    const random = (length: number) => (length === 16 ? keys.shift()! : new Uint8Array(length))
    const clock = testClock()
    const bank = createBank({ clock, random })
    await bank.enroll({ ...CARD, state: "notActivated" })
    const terminal = testTerminal(bank.link(), { id: "TLR00001", clock })
    await terminal.signOn()
    const message = activation(terminal, {}, NEW_PIN, { 48: VECTOR_DATA, 52: hex("3EF5911C7020B1B9") })
    const { code, fields } = await terminal.sendMessage(message)
    expect(code).toBe("00")
    expect(fields[38]).toBe("A00001")
    expect(fields[54]).toBeUndefined()
    expect(toHex(fields[55]!)).toBe(VECTOR_SCRIPT)
  })

  it("is complete when the card reports that the script ran: then account and PIN are valid", async () => {
    const world = await openWorld(FRESH)
    const request = activation(world.terminal)
    const answer = await world.terminal.sendMessage(request)
    expect(await stateOf(world)).toBe("activating")
    const report = world.terminal.scriptResult(request, results(0x20, scriptId(answer.message)))
    const done = await world.terminal.sendMessage(report)
    expect(done).toMatchObject({ code: "00", isMacRight: true, message: { messageType: "0630" } })
    expect(await stateOf(world)).toBe("active")
    expect(await isPinNow(world, NEW_PIN, 0)).toBe(true)
    expect(await isPinNow(world, "123456", 1)).toBe(false)
  })

  it("refuses money while it is not complete", async () => {
    const world = await openWorld(FRESH)
    await world.terminal.sendMessage(activation(world.terminal))
    const machine = await world.connect("ATM00001")
    expect((await machine.sendMessage(machine.withdrawal(10_000, { pin: NEW_PIN }))).code).toBe("21")
  })

  it.each([
    ["failed", 0x12],
    ["was not run", 0x00],
  ])("stays incomplete when the script %s, and can be repeated", async (_what, outcome) => {
    const world = await openWorld(FRESH)
    const request = activation(world.terminal)
    const answer = await world.terminal.sendMessage(request)
    const report = world.terminal.scriptResult(request, results(outcome, scriptId(answer.message)))
    expect((await world.terminal.sendMessage(report)).code).toBe("00")
    expect(await stateOf(world)).toBe("activating")
    const again = activation(world.terminal, { challenge: hex("1112131415161718") })
    const second = await world.terminal.sendMessage(again)
    expect(scriptId(second.message)).toBe(2)
    await world.terminal.sendMessage(world.terminal.scriptResult(again, results(0x20, 2)))
    expect(await stateOf(world)).toBe("active")
  })

  it("repairs itself by repeating when the answer was lost", async () => {
    let isLost = true
    const world = await openWorld({ ...FRESH, faults: { dropAnswer: (request) => request[11] === 2 && isLost } })
    await expect(world.terminal.sendMessage(activation(world.terminal))).rejects.toMatchObject({ code: "TIMEOUT" })
    isLost = false
    const again = activation(world.terminal)
    const { code, message } = await world.terminal.sendMessage(again)
    expect(code).toBe("00")
    await world.terminal.sendMessage(world.terminal.scriptResult(again, results(0x20, scriptId(message))))
    expect(await stateOf(world)).toBe("active")
  })

  it("gives an active card of the same holder a fresh script; the old PIN holds until it ran", async () => {
    const world = await openWorld({ terminal: "TLR00001" })
    const request = activation(world.terminal)
    const { code, message } = await world.terminal.sendMessage(request)
    expect(code).toBe("00")
    expect(await stateOf(world)).toBe("active")
    expect(await isPinNow(world, "123456", 0)).toBe(true)
    await world.terminal.sendMessage(world.terminal.scriptResult(request, results(0x20, scriptId(message))))
    expect(await isPinNow(world, NEW_PIN, 1)).toBe(true)
    expect(await isPinNow(world, "123456", 2)).toBe(false)
  })

  it("believes the news of two scripts in any order: the later one's PIN holds", async () => {
    const world = await openWorld(FRESH)
    const [first, second] = [activation(world.terminal), activation(world.terminal, {}, "135791")]
    for (const request of [first, second]) await world.terminal.sendMessage(request)
    for (const [request, id] of [
      [second, 2],
      [first, 1],
    ] as const)
      await world.terminal.sendMessage(world.terminal.scriptResult(request, results(0x20, id)))
    expect(await isPinNow(world, "135791", 0)).toBe(true)
  })

  it("answers a repeated report like the first", async () => {
    const world = await openWorld(FRESH)
    const request = activation(world.terminal)
    await world.terminal.sendMessage(request)
    const report = world.terminal.scriptResult(request, results(0x20, 1))
    const first = await world.terminal.sendMessage(report)
    await world.bank.setCardState(PAN, "frozen")
    expect((await world.terminal.sendMessage(report)).message).toEqual(first.message)
    expect(await stateOf(world)).toBe("frozen")
  })

  it("does not fail again what has run", async () => {
    const world = await openWorld(FRESH)
    const request = activation(world.terminal)
    await world.terminal.sendMessage(request)
    await world.terminal.sendMessage(world.terminal.scriptResult(request, results(0x20, 1)))
    await world.terminal.sendMessage(world.terminal.scriptResult(request, results(0x10, 1)))
    expect(await stateOf(world)).toBe("active")
    expect(await isPinNow(world, NEW_PIN, 0)).toBe(true)
  })

  it("answers 25 to the report of a script it never sent, 30 to one without results", async () => {
    const world = await openWorld(FRESH)
    const request = activation(world.terminal)
    const unknown = world.terminal.scriptResult(request, results(0x20, 9))
    expect((await world.terminal.sendMessage(unknown)).code).toBe("25")
    const empty = world.terminal.scriptResult(request, new Uint8Array(0), { 55: hex("9F36020000") })
    expect((await world.terminal.sendMessage(empty)).code).toBe("30")
    const odd = world.terminal.scriptResult(request, new Uint8Array(0), { 55: hex("DF310420000000") })
    expect((await world.terminal.sendMessage(odd)).code).toBe("30")
    expect(await stateOf(world)).toBe("notActivated")
  })

  it.each([
    ["05", "the document number is another", { identityNumber: "999999198506150028" }, NEW_PIN],
    ["05", "the document type is another", { documentType: "02" }, NEW_PIN],
    ["05", "the name is another", { name: "测试二号" }, NEW_PIN],
    ["12", "the PIN is all one digit", {}, "111111"],
    ["12", "the PIN counts up", {}, "123456"],
    ["12", "the PIN has four digits", {}, "2468"],
    ["30", "the teller is not named", { teller: undefined }, NEW_PIN],
    ["30", "the card's challenge is missing", { challenge: undefined }, NEW_PIN],
  ] as const)("answers %s when %s, and changes nothing", async (code, _when, data, pin) => {
    const world = await openWorld(FRESH)
    const answer = await world.terminal.sendMessage(activation(world.terminal, data as PrivateData, pin))
    expect(answer.code).toBe(code)
    expect(answer.fields[55]).toBeUndefined()
    expect(await stateOf(world)).toBe("notActivated")
  })

  it.each([
    ["99", { 52: hex("0000000000000000") }],
    ["99", { 53: "1600000000000000" }],
    ["30", { 52: undefined }],
  ] as const)("answers %s to a PIN that cannot be read", async (code, fields) => {
    const world = await openWorld(FRESH)
    expect((await world.terminal.sendMessage(activation(world.terminal, {}, NEW_PIN, fields))).code).toBe(code)
  })

  it.each([
    ["41", "tempLost"],
    ["62", "frozen"],
    ["14", "closed"],
    ["75", "pinLocked"],
  ] as const)("answers %s for a card that is %s", async (code, state) => {
    const world = await openWorld(FRESH)
    await world.bank.setCardState(PAN, state)
    expect((await world.terminal.sendMessage(activation(world.terminal))).code).toBe(code)
  })

  it("is done at a counter, or at a kiosk that staff release", async () => {
    const world = await openWorld({ ...FRESH, terminal: "KSK00001" })
    expect((await world.terminal.sendMessage(activation(world.terminal))).code).toBe("58")
    const released = activation(world.terminal, { authorisingTeller: "B002" })
    expect((await world.terminal.sendMessage(released)).code).toBe("00")
  })

  it("is never reversed", async () => {
    const world = await openWorld(FRESH)
    const request = activation(world.terminal)
    await world.terminal.sendMessage(request)
    const reversal = world.terminal.reversal(request, "98", { 4: "000000000000" })
    expect((await world.terminal.sendMessage(reversal)).code).toBe("00")
    expect(await stateOf(world)).toBe("activating")
  })

  it("keeps the new PIN out of its events and answers", async () => {
    const world = await openWorld(FRESH)
    const request = activation(world.terminal)
    const { message } = await world.terminal.sendMessage(request)
    const shown = JSON.stringify(
      world.events.map((event) =>
        event.type === "exchange" ? [event.describeRequest("en"), event.describeAnswer("zh")] : event,
      ),
    )
    const block = encryptPinBlock("3des", world.terminal.keys().pinKey, NEW_PIN, PAN)
    for (const secret of [
      NEW_PIN,
      PAN,
      toHex(block),
      "999999199001010016",
      "测试一号",
      toHex(message.fields[55]!).slice(-40),
    ])
      expect(shown).not.toContain(secret)
    const frame = encodeFrame(encodeWithMac(request, (input) => lineMac("ecb", world.terminal.keys().macKey, input)))
    expect(toHex(frame)).not.toContain(toHex(new TextEncoder().encode(NEW_PIN)))
  })
})
