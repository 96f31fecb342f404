import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { offlinePinAt, offlinePinBlock, scriptedKeypad } from "../../src/terminal/index.js"

describe("the block of an offline PIN", () => {
  it.each([
    ["1234", "241234FFFFFFFFFF"], // financial-emv §18
    ["123456", "26123456FFFFFFFF"], // terminal-devices §4
    ["123456789012", "2C123456789012FF"],
  ])("of %s is %s", (pin, block) => {
    expect(toHex(offlinePinBlock(pin))).toBe(block)
  })
  it.each(["123", "1234567890123", "12a4"])("does not exist for %s", (pin) => {
    expect(() => offlinePinBlock(pin)).toThrow(/^pin: /)
  })
})

describe("an offline PIN typed at a keypad", () => {
  it.each<[string[], object]>([
    [["1234"], { outcome: "entered", block: hex("241234FFFFFFFFFF") }],
    [["12", "1234"], { outcome: "entered", block: hex("241234FFFFFFFFFF") }],
    [["1", "2", "3", "1234"], { outcome: "cancelled" }],
    [[""], { outcome: "bypassed" }],
    [["cancel"], { outcome: "cancelled" }],
    [["timeout"], { outcome: "cancelled" }],
  ])("%j", async (entries, expected) => {
    const keypad = scriptedKeypad(entries)
    expect(await offlinePinAt(keypad)(2)).toEqual(expected)
    expect(keypad.questions[0]).toEqual({ purpose: "current", triesLeft: 2 })
  })
})
