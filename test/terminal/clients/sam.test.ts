import { describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { lowerUsages, samClient } from "../../../src/terminal/clients/sam.js"
import { memoryReader, openCard } from "../../../src/terminal/index.js"
import { samCard, testStore } from "../../support/sam-card.js"
import { scriptedLine } from "../support/lines.js"

const open = async (card = samCard()) => samClient(await openCard(memoryReader(card)))

describe("SAM client (card-commands §11)", () => {
  it("reads terminal number and public information", async () => {
    const sam = await open()
    expect(await sam.selectMasterFile()).toMatchObject({ ok: true })
    expect(await sam.readTerminalNumber()).toEqual({ ok: true, terminalNumber: "320800000001" })
    expect(await sam.readPublicInformation()).toEqual({
      ok: true,
      serial: "00000000000000000001",
      version: 1,
      keyType: 0,
      issuerData: "0000",
    })
  })

  it("sends what drivers send for the terminal number", async () => {
    const line = scriptedLine(["3208000000019000"])
    await samClient(line).readTerminalNumber()
    expect(line.sent).toEqual(["00B0960006"])
  })

  it("finds the keys of the store, on whatever level, and nothing else", async () => {
    const store = testStore("3des")
    const sam = await open()
    await sam.selectApplication("3des")
    expect(await sam.findKeys()).toEqual(store.map(({ usage, id }) => ({ usage, id })))

    const irk = { usage: 0x27, id: 0x08, value: new Uint8Array(16), tries: 3 }
    const city = await open(samCard({ environments: [{ algorithm: "3des", keys: [irk] }] }))
    await city.selectApplication("3des")
    expect(await city.findKeys()).toEqual([{ usage: 0x27, id: 0x08 }])
  })

  it("makes a purchase (financial-emv §12 V-A2)", async () => {
    const keys = [{ usage: 0x02, id: 1, value: hex("11223344556677888877665544332211"), tries: 3 }]
    const sam = await open(
      samCard({ environments: [{ algorithm: "3des", keys }], terminalNumber: hex("001122334455") }),
    )
    await sam.selectApplication("3des")
    const begun = await sam.beginPurchase({
      random: hex("11223344"),
      number: hex("0000"),
      amount: hex("00001000"),
      type: 0x06,
      dateTime: hex("20120229135100"),
      keyVersion: 1,
      algorithmId: 1,
      factors: [],
    })
    expect(begun).toEqual({ ok: true, sequence: 1, mac1: hex("F15CAB75") })
    expect(await sam.creditPurchase(hex("56988A13"))).toEqual({ ok: true })
    expect(await sam.creditPurchase(hex("56988A13"))).toEqual({ ok: false, statusWord: 0x6985 })
  })

  it("works with a card key itself (V-A5)", async () => {
    const keys = [{ usage: 0x08, id: 1, value: hex("0123456789ABCDEFFEDCBA9876543210"), tries: 3 }]
    const sam = await open(samCard({ environments: [{ algorithm: "3des", keys }] }))
    await sam.selectApplication("3des")
    expect(await sam.initialiseCardKey(0x08, 1, [])).toEqual({ ok: true })
    expect(await sam.encrypt(hex("0312345680000000"))).toEqual({ ok: true, data: hex("443FBFE8B3103299") })
  })

  it("sends long MACs in parts: first, next, last", async () => {
    const line = scriptedLine(["9000", "9000", "AABBCCDD9000"])
    expect(await samClient(line).mac("3des", new Uint8Array(480))).toEqual({ ok: true, mac: hex("AABBCCDD") })
    expect(line.sent.map((command) => command.slice(0, 10))).toEqual(["80FA0700F0", "80FA0300F0", "80FA010008"])
  })

  it.each([
    [0x67, [0x67, 0x47, 0x27]],
    [0x48, [0x48, 0x28]],
    [0x07, []],
  ])("levels below usage %i", (usage, lower) => {
    expect(lowerUsages(usage)).toEqual(lower)
  })
})
