import { describe, expect, it } from "vitest"
import { blockDecrypt, encryptPinBlock, lineMac, testTerminalKeys } from "../../../src/crypto/index.js"
import {
  decodeFrame,
  decodeMessage,
  decodeWorkingKeys,
  encodeFrame,
  encodeMessage,
  encodeWithMac,
  macInput,
} from "../../../src/dictionary/index.js"
import { createBank } from "../../../src/host/index.js"
import { CARD, chipData, PAN, PIN, testClock } from "../test-terminal.js"
import { openWorld, violations } from "../world.js"

describe("network messages (host-iso8583 §11.1)", () => {
  it("answers an echo without keys and without a MAC", async () => {
    const { terminal } = await openWorld()
    expect(await terminal.network("301")).toMatchObject({ code: "00", isSigned: false })
  })

  it.each(["001", "004", "201", "202", "999"])("does not do network code %s (40)", async (networkCode) => {
    const { terminal } = await openWorld()
    expect((await terminal.network(networkCode)).code).toBe("40")
  })

  it.each([
    ["97", { 41: "NOBODY" }],
    ["03", { 42: "SOMEBODY" }],
    ["30", { 60: "00" }],
  ] as const)("answers %s to a sign-on that is not right", async (code, changes) => {
    const { terminal } = await openWorld()
    const answer = await terminal.network("003", changes)
    expect(answer.code).toBe(code)
    expect(answer.fields[62]).toBeUndefined()
  })

  it("gives other keys at every sign-on", async () => {
    const { terminal } = await openWorld()
    const first = terminal.keys()
    await terminal.signOn()
    expect(terminal.keys().macKey).not.toEqual(first.macKey)
    expect(terminal.keys().pinKey).not.toEqual(first.pinKey)
  })

  it("takes a message under the key before for a minute: it was on its way", async () => {
    const { terminal, clock } = await openWorld()
    const before = terminal.keys()
    await terminal.signOn()
    const after = terminal.keys()
    terminal.useMacKey(before.macKey)
    clock.advance(60_000)
    expect(await terminal.sendMessage(terminal.inquiry())).toMatchObject({ code: "00", isMacRight: true })
    clock.advance(1)
    expect((await terminal.sendMessage(terminal.inquiry())).code).toBe("A0")
    terminal.useMacKey(after.macKey)
    expect((await terminal.sendMessage(terminal.inquiry())).code).toBe("00")
  })

  it("refuses a terminal that signed off until it signs on again (77)", async () => {
    const { bank, terminal } = await openWorld()
    await terminal.network("002")
    expect((await terminal.sendMessage(terminal.inquiry())).code).toBe("77")
    await terminal.signOn()
    expect((await terminal.sendMessage(terminal.inquiry())).code).toBe("00")
    expect(await violations(bank)).toEqual([])
  })

  it("works with SM4 keys where the terminal does", async () => {
    const clock = testClock()
    const bank = createBank({ clock, terminals: [{ id: "ATM00009", kind: "atm", algorithm: "sm4" }] })
    await bank.enroll(CARD)
    const head = { 11: "000001", 41: "ATM00009", 42: "SHEBAO000000001", 60: "00000001003" }
    const answer = await bank.handle(encodeFrame(encodeMessage({ messageType: "0800", fields: head })))
    const keys = decodeWorkingKeys(decodeMessage(decodeFrame(answer!).message).fields[62]!)
    const [pinKey, macKey] = [keys.pinKey, keys.macKey].map((key) =>
      blockDecrypt("sm4", testTerminalKeys().tmk, key.wrapped),
    )
    const fields = {
      2: PAN,
      3: "300000",
      7: "1120103000",
      11: "000002",
      12: "103000",
      13: "1120",
      18: "6011",
      22: "051",
      25: "02",
      32: "00010000",
      41: "ATM00009",
      42: "SHEBAO000000001",
      49: "156",
      52: encryptPinBlock("sm4", pinKey!, PIN, PAN),
      53: "2300000000000000",
      55: chipData({ atc: 1, amountFen: 0, type: "30" }),
      60: "0100000100050",
    }
    const frame = encodeFrame(
      encodeWithMac({ messageType: "0200", fields }, (input) => lineMac("sm4ecb", macKey!, input)),
    )
    const { message } = decodeFrame((await bank.handle(frame))!)
    expect(decodeMessage(message).fields[39]).toBe("00")
    expect(message.slice(-8)).toEqual(lineMac("sm4ecb", macKey!, macInput(message)))
  })
})
