import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  assertBytes,
  assertInteger,
  concat,
  equalBytes,
  hex,
  hexNumber,
  InputError,
  notBytes,
  readUint16,
  readUint32,
  toHex,
  uint16,
  uint32,
  xorBytes,
} from "../../src/apdu/index.js"

const bytes = fc.uint8Array({ maxLength: 300 })

describe("hexadecimal text", () => {
  it("reads digits of either case with white space between", () => {
    expect(hex(" 00 a4\t04\n00 ")).toEqual(Uint8Array.of(0, 0xa4, 4, 0))
  })
  it("writes upper case, with a separator on demand", () => {
    expect(toHex(Uint8Array.of(0x0f, 0xa0))).toBe("0FA0")
    expect(toHex(Uint8Array.of(0x0f, 0xa0, 1), " ")).toBe("0F A0 01")
  })
  it("names the field and the wrong character", () => {
    expect(() => hex("00G4", "key")).toThrow(/^key: expected hexadecimal digits, got "G"$/)
    expect(() => hex("0x00")).toThrow(InputError)
  })
  it("refuses half a byte", () => {
    expect(() => hex("001", "key")).toThrow(/^key: expected an even number of hex digits, got 3$/)
  })
  it("reads back what it wrote", () => {
    fc.assert(fc.property(bytes, (value) => equalBytes(hex(toHex(value)), value)))
  })
  it("writes numbers with leading zeros", () => {
    expect([hexNumber(5), hexNumber(0x61, 4), hexNumber(0x9f38)]).toEqual(["05", "0061", "9F38"])
  })
})

describe("byte strings", () => {
  it("joins byte strings and single bytes", () => {
    expect(toHex(concat(0x83, 2, hex("0102"), new Uint8Array(0)))).toBe("83020102")
  })
  it("compares content and length", () => {
    expect(equalBytes(hex("0102"), hex("0102"))).toBe(true)
    expect(equalBytes(hex("0102"), hex("0103"))).toBe(false)
    expect(equalBytes(hex("0102"), hex("010200"))).toBe(false)
  })
  it("xors byte strings of one length only", () => {
    expect(toHex(xorBytes(hex("FF0F"), hex("0FFF")))).toBe("F0F0")
    expect(() => xorBytes(hex("FF"), hex("0FFF"))).toThrow(/^b: expected 1 bytes like a, got 2$/)
  })
  it("inverts", () => {
    expect(toHex(notBytes(hex("00F0FF")))).toBe("FF0F00")
  })
})

describe("big-endian numbers", () => {
  it("writes and reads 2 and 4 bytes, without a sign", () => {
    expect(toHex(uint16(0x0127))).toBe("0127")
    expect(toHex(uint32(0xfffffffe))).toBe("FFFFFFFE")
    fc.assert(fc.property(fc.nat(0xffff), (value) => readUint16(uint16(value)) === value))
    fc.assert(fc.property(fc.nat(0xffffffff), (value) => readUint32(concat(0, uint32(value)), 1) === value))
  })
  it.each([-1, 0x10000, 1.5, Number.NaN])("refuses %s as 2 bytes", (value) => {
    expect(() => uint16(value)).toThrow(RangeError)
  })
  it("refuses what does not fit in 4 bytes", () => {
    expect(() => uint32(0x1_0000_0000)).toThrow(/^value: expected an integer in 0\.\.4294967295, got 4294967296$/)
  })
})

describe("argument checks", () => {
  it("accept what they should", () => {
    assertBytes("key", new Uint8Array(8), 8, 16)
    assertBytes("key", Buffer.alloc(3))
    assertInteger("le", 256, 1, 256)
  })
  it("begin with the parameter's name and say what came", () => {
    expect(() => assertBytes("key", new Uint8Array(9), 8, 16)).toThrow(/^key: expected 8 or 16 bytes, got 9$/)
    expect(() => assertBytes("key", "00" as unknown as Uint8Array)).toThrow(TypeError)
    expect(() => assertInteger("le", 257, 1, 256)).toThrow(/^le: expected an integer in 1\.\.256, got 257$/)
  })
})
