import { describe, expect, it } from "vitest"
import { findTlv, hex, parseTlv, toHex } from "../../../src/apdu/index.js"
import { encryptPinBlock } from "../../../src/crypto/index.js"
import { encodePrivateData } from "../../../src/dictionary/index.js"
import { PAN } from "../test-terminal.js"
import { openWorld, type World } from "../world.js"

const NEW_PIN = "246810"

function request({ terminal }: World, newPin: string, more = {}) {
  const newPinBlock = encryptPinBlock("3des", terminal.keys().pinKey, newPin, PAN)
  return terminal.request("900000", { fields: { 48: encodePrivateData({ newPinBlock }) }, ...more })
}
const codeWith = async ({ terminal }: World, pin: string, chip = {}) =>
  (await terminal.sendMessage(terminal.inquiry({ pin, chip }))).code

describe("PIN change (host-iso8583 §11.6)", () => {
  it("counts when the card reports that its script ran", async () => {
    const world = await openWorld()
    const message = request(world, NEW_PIN)
    const answer = await world.terminal.sendMessage(message)
    expect(answer.code).toBe("00")
    const objects = parseTlv(answer.fields[55]!)
    expect(findTlv(objects, 0x91)?.value).toHaveLength(10)
    expect(toHex(findTlv(objects, 0x86)!.value)).toMatch(/^8424000214[0-9A-F]{40}$/)
    await world.terminal.sendMessage(world.terminal.scriptResult(message, hex("2000000001")))
    expect([await codeWith(world, "123456"), await codeWith(world, NEW_PIN)]).toEqual(["55", "00"])
  })

  it("leaves the old PIN when the script failed on the card", async () => {
    const world = await openWorld()
    const message = request(world, NEW_PIN)
    await world.terminal.sendMessage(message)
    await world.terminal.sendMessage(world.terminal.scriptResult(message, hex("1100000001")))
    expect([await codeWith(world, NEW_PIN), await codeWith(world, "123456")]).toEqual(["55", "00"])
  })

  it("leaves the old PIN when the answer never reached the card, as its next transaction shows", async () => {
    const world = await openWorld()
    await world.terminal.sendMessage(request(world, NEW_PIN))
    expect([await codeWith(world, NEW_PIN), await codeWith(world, "123456")]).toEqual(["55", "00"])
  })

  it.each([
    ["12", "000000", "all digits equal"],
    ["12", "123456", "consecutive, and the old one"],
    ["12", "1234", "too short"],
  ])("refuses with %s the new PIN %s: %s", async (code, pin) => {
    const world = await openWorld()
    expect((await world.terminal.sendMessage(request(world, pin))).code).toBe(code)
  })

  it("refuses the PIN that is set already", async () => {
    const world = await openWorld({ card: { pin: NEW_PIN } })
    const answer = await world.terminal.sendMessage(request(world, NEW_PIN, { pin: NEW_PIN }))
    expect([answer.code, answer.fields[63]]).toEqual(["12", "PIN NOT NEW"])
  })

  it.each([
    ["55", "the old PIN is wrong", { pin: "000000" }],
    ["30", "the new PIN is missing", { fields: { 48: undefined } }],
    ["99", "the new PIN cannot be read", { fields: { 48: encodePrivateData({ newPinBlock: new Uint8Array(8) }) } }],
    ["30", "the card does not prove itself", { fields: { 55: undefined } }],
  ])("is refused with %s when %s", async (code, _when, more) => {
    const world = await openWorld()
    expect((await world.terminal.sendMessage(request(world, NEW_PIN, more))).code).toBe(code)
    expect(await codeWith(world, "123456")).toBe("00")
  })
})
