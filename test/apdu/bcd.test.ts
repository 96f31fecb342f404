import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bcdDigits, bcdLeft, bcdRight, hex, InputError, isBcd, isPaddedBcd, toHex } from "../../src/apdu/index.js"

const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength: 40 })

describe("packed decimal digits", () => {
  it.each([
    ["50000", 6, "000000050000"],
    ["", 2, "0000"],
    ["123456", 3, "123456"],
  ])("%s right aligned in %i bytes is %s", (text, length, bytes) => {
    expect(toHex(bcdRight(text, length))).toBe(bytes)
  })

  it.each([
    ["6217000000000000046", 10, "6217000000000000046F"],
    ["", 2, "FFFF"],
    ["20240315", 4, "20240315"],
  ])("%s left aligned in %i bytes is %s", (text, length, bytes) => {
    expect(toHex(bcdLeft(text, length))).toBe(bytes)
  })

  it("reads up to the first F nibble", () => {
    expect(bcdDigits(hex("12345F"))).toBe("12345")
    expect(bcdDigits(hex("1F2345"))).toBe("1")
    expect(bcdDigits(hex("FFFF"))).toBe("")
  })

  it("refuses nibbles A to E without telling the digits", () => {
    expect(() => bcdDigits(hex("6217A0"), "pan")).toThrow(
      /^pan: expected packed decimal digits, got nibble 4 outside 0\.\.9$/,
    )
  })

  it.each([bcdRight, bcdLeft])("refuses other characters and digits that do not fit, without telling them", (write) => {
    expect(() => write("12a4", 2, "amount")).toThrow(/^amount: expected decimal digits only$/)
    expect(() => write("１２", 2)).toThrow(InputError)
    expect(() => write("12345", 2, "amount")).toThrow(/^amount: expected at most 4 digits, got 5$/)
    expect(() => write("1", -1)).toThrow(/^length: /)
  })

  it("knows digits alone from digits with padding", () => {
    expect([hex("20240315"), hex("2024031F"), hex("202403A5")].map(isBcd)).toEqual([true, false, false])
    expect([hex("20240315"), hex("1234FF"), hex("123FFF"), hex("12F4FF"), hex("12AFFF")].map(isPaddedBcd)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })

  it("reads back what it wrote", () => {
    fc.assert(
      fc.property(digits, fc.nat(5), (text, extra) => {
        const length = Math.ceil(text.length / 2) + extra
        expect(bcdDigits(bcdLeft(text, length))).toBe(text)
        expect(bcdDigits(bcdRight(text, length))).toBe(text.padStart(2 * length, "0"))
        expect(isPaddedBcd(bcdLeft(text, length))).toBe(true)
        expect(isBcd(bcdRight(text, length))).toBe(true)
      }),
    )
  })
})
