import { describe, expect, it } from "vitest"
import { hex, InputError } from "../../src/apdu/index.js"
import { checkAtr } from "../../src/virtual-reader/index.js"

describe("9.1.8 an answer to reset is checked before it is used (ISO 7816-3 §8.2)", () => {
  it.each([
    ["3B6D00000081543100866011081600 0000", "user card", ["T=0"], 13],
    ["3B7D94000000815431008660110816000000", "SAM", ["T=0"], 13],
    ["3B00", "shortest", ["T=0"], 0],
    ["3F00", "inverse convention", ["T=0"], 0],
    ["3B80800101", "contactless, T=0 and T=1, TCK", ["T=0", "T=1"], 0],
    ["3B8001 81", "T=1 only, TCK", ["T=1"], 0],
    ["3B80 1F 00 9F", "T=15 after nothing: T=0 stays", ["T=0"], 0],
  ])("accepts %s (%s)", (text, _, protocols, historical) => {
    const facts = checkAtr(hex(text))
    expect(facts.protocols).toEqual(protocols)
    expect(facts.historicalBytes).toHaveLength(historical)
  })

  it.each([
    ["3B", "expected 2 to 33 bytes, got 1"],
    ["", "expected 2 to 33 bytes, got 0"],
    [`3B${"00".repeat(33)}`, "expected 2 to 33 bytes, got 34"],
    ["0000", "expected 3B or 3F as first byte"],
    ["3B8001", "expected 4 bytes by its own structure, got 3"],
    ["3B80800102", "the check byte TCK is wrong"],
    ["3B0A00112233445566778899AA", "expected 12 bytes by its own structure, got 13"],
    ["3B6000", "expected 4 bytes by its own structure, got 3"],
    ["3FFF", "interface bytes are cut short"],
    ["3B".repeat(33), "expected 15 bytes by its own structure, got 33"],
    ["3B8080", "interface bytes are cut short"],
  ])("refuses %s: %s", (text, message) => {
    expect(() => checkAtr(hex(text))).toThrow(new InputError("atr", message))
  })
})
