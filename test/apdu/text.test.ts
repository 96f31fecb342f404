import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, decodeText, encodeText, hex, InputError, toHex } from "../../src/apdu/index.js"

describe("writing text", () => {
  it.each([
    ["张三", 6, "D5C5C8FD0000"],
    ["阿·布", 6, "B0A2A1A4B2BC"],
    ["2.00", 4, "322E3030"],
    ["", 2, "0000"],
  ])("%j in %i bytes", (text, length, bytes) => {
    expect(toHex(encodeText(text, length))).toBe(bytes)
  })

  it("takes as many bytes as needed when there is no length", () => {
    expect(toHex(encodeText("张三", undefined))).toBe("D5C5C8FD")
  })

  it("pads with the byte asked for", () => {
    expect(toHex(encodeText("AB", 4, { pad: 0x20 }))).toBe("41422020")
  })

  it("never cuts, so no two-byte character is left half written", () => {
    expect(() => encodeText("张三", 3, { field: "holder.name" })).toThrow(
      /^holder\.name: expected at most 3 bytes in gbk, got 4$/,
    )
  })

  it("names the field and the character that GBK does not have", () => {
    expect(() => encodeText("王𠮷", 30, { field: "holder.name" })).toThrow(
      /^holder\.name: "𠮷" \(U\+20BB7\) cannot be written in gbk$/,
    )
  })

  it("writes rare names with the four-byte characters of GB 18030", () => {
    const bytes = encodeText("王𠮷", 8, { encoding: "gb18030" })
    expect(toHex(bytes)).toBe("CDF59534B2350000")
    expect(decodeText(bytes, "gb18030")).toBe("王𠮷")
  })

  it("keeps ASCII fields ASCII", () => {
    expect(toHex(encodeText("11010519491231002X", 18, { encoding: "ascii" }))).toBe(
      "3131303130353139343931323331303032" + "58",
    )
    expect(() => encodeText("é", 2, { encoding: "ascii" })).toThrow(/"é" \(U\+00E9\) cannot be written in ascii/)
  })

  it.each(["a\u0000b", "line\nbreak", "\u007F", "\uD800", "x\uDC00y"])(
    "refuses control characters and half surrogates: %j",
    (text) => {
      expect(() => encodeText(text, 30, { encoding: "gb18030" })).toThrow(InputError)
    },
  )
})

describe("reading text", () => {
  it("drops bytes 00 and 20 on the right only", () => {
    expect(decodeText(hex("2041422000200000"))).toBe(" AB")
    expect(decodeText(new Uint8Array(30))).toBe("")
  })

  it("reads a view into a larger buffer", () => {
    expect(decodeText(hex("FFD5C5C8FD00FF").subarray(1, 6))).toBe("张三")
  })

  it("never throws, whatever a card sends", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom("gbk" as const, "gb18030" as const),
        (bytes, encoding) => {
          expect(typeof decodeText(bytes, encoding)).toBe("string")
        },
      ),
    )
  })

  it("reads back every text that could be written", () => {
    const han = fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCodePoint(code))
    const rare = fc.integer({ min: 0x20000, max: 0x2a6d6 }).map((code) => String.fromCodePoint(code))
    const ascii = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCodePoint(code))
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(han, ascii), maxLength: 30 }), fc.nat(5), (text, extra) => {
        const bytes = encodeText(text, undefined)
        expect(decodeText(encodeText(text, bytes.length + extra))).toBe(text)
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(han, rare, ascii), maxLength: 30 }), (text) => {
        expect(decodeText(concat(encodeText(text, undefined, { encoding: "gb18030" }), 0), "gb18030")).toBe(text)
      }),
    )
  })

  it("refuses any other text with an InputError and nothing else", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 10 }), fc.nat(20), (text, length) => {
        try {
          const bytes = encodeText(text, length)
          expect(bytes).toHaveLength(length)
          expect(decodeText(bytes)).toBe(text.replace(/ +$/, ""))
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
    )
  })
})
