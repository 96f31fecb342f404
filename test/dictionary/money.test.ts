import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { InputError } from "../../src/apdu/index.js"
import { fenDigits, formatYuan, parseYuan, roundYuan } from "../../src/dictionary/index.js"

describe("parseYuan", () => {
  it.each([
    ["500", 50_000],
    ["500.00", 50_000],
    ["500.5", 50_050],
    ["0.01", 1],
    ["0", 0],
    [" 12.34 ", 1234],
    ["9999999999.99", 999_999_999_999],
  ])("reads %j as %i fen", (text, fen) => {
    expect(parseYuan(text)).toBe(fen)
  })

  it.each(["", "-1", "+1", "1.234", "1.", ".5", "1,000", "1e3", "0x10", "12a", "99999999999", "NaN", "5 00", "五百"])(
    "refuses %j and names the field",
    (text) => {
      expect(() => parseYuan(text, "withdraw.amount")).toThrow(InputError)
      expect(() => parseYuan(text, "withdraw.amount")).toThrow(/^withdraw\.amount: /)
    },
  )

  it("is the inverse of formatYuan", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (fen) => parseYuan(formatYuan(fen)) === fen))
  })
})

describe("roundYuan", () => {
  it.each([
    ["12.12", 1212],
    ["12.123", 1212],
    ["12.125", 1213],
    ["0.995", 100],
    // As floating point number 1.005 is below its half.
    ["1.005", 101],
  ])("%s is %i fen", (text, fen) => {
    expect(roundYuan(text)).toBe(fen)
  })

  it.each(["", "-1", "1e3", "1.", "abc"])("refuses %j", (text) => {
    expect(() => roundYuan(text)).toThrow(InputError)
  })
})

describe("formatYuan", () => {
  it.each([
    [0, "0.00"],
    [1, "0.01"],
    [50_050, "500.50"],
    [-5, "-0.05"],
    [123_456_789_012_345_678n, "1234567890123456.78"],
    [-100n, "-1.00"],
  ])("%s fen", (fen, text) => {
    expect(formatYuan(fen)).toBe(text)
  })

  it("refuses a number that is no safe integer", () => {
    expect(() => formatYuan(0.1)).toThrow(/^fen: /)
    expect(() => formatYuan(2 ** 53)).toThrow(RangeError)
  })
})

describe("fenDigits", () => {
  it("gives twelve digits", () => {
    expect(fenDigits(50_000)).toBe("000000050000")
    expect(fenDigits(999_999_999_999n)).toBe("999999999999")
  })

  it.each([-1, 0.5, 1e12, -1n, 10n ** 12n, Number.NaN])("refuses %s", (fen) => {
    expect(() => fenDigits(fen)).toThrow(RangeError)
  })
})
