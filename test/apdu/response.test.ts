import { describe, expect, it } from "vitest"
import { hex, isOk, responseApdu, responseData, SW, statusWord, toHex } from "../../src/apdu/index.js"

describe("responses", () => {
  it("are data and a status word", () => {
    const response = hex("01029000")
    expect(statusWord(response)).toBe(SW.OK)
    expect(toHex(responseData(response))).toBe("0102")
    expect(isOk(response)).toBe(true)
    expect(toHex(responseApdu(hex("0102"), SW.OK))).toBe("01029000")
  })
  it("may be a status word alone", () => {
    expect(statusWord(hex("6A82"))).toBe(SW.FILE_NOT_FOUND)
    expect(responseData(hex("6A82"))).toHaveLength(0)
    expect([isOk(hex("6A82")), isOk(hex("6190"))]).toEqual([false, false])
  })
  it.each([statusWord, responseData, isOk])("are never shorter", (read) => {
    expect(() => read(hex("90"))).toThrow(/^response: expected at least 2 bytes, got 1$/)
  })
})
