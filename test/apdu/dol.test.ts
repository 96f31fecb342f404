import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  buildDol,
  concat,
  type DolValue,
  dolLength,
  hex,
  InputError,
  parseDol,
  splitDol,
  tagBytes,
  toHex,
} from "../../src/apdu/index.js"

describe("data object lists (EMV Book 3 §5.4)", () => {
  const cdol1 = hex("9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704 9F2103 9F4E14")

  it("reads tags and lengths", () => {
    const entries = parseDol(cdol1)
    expect(entries.slice(0, 4)).toEqual([
      { tag: 0x9f02, length: 6 },
      { tag: 0x9f03, length: 6 },
      { tag: 0x9f1a, length: 2 },
      { tag: 0x95, length: 5 },
    ])
    expect(dolLength(entries)).toBe(0x34)
  })

  it.each([
    ["half a tag", "9505 9F", "half a tag at offset 2"],
    ["half a tag of three bytes", "DF81", "half a tag at offset 0"],
    ["a tag of four bytes", "DF81810100", "a tag of more than 3 bytes at offset 0"],
    ["no length", "9F02", "no length after tag 9F02 at offset 0"],
  ])("refuses %s", (_, list, message) => {
    expect(() => parseDol(hex(list))).toThrow(InputError)
    expect(() => parseDol(hex(list))).toThrow(`dol: expected a list of tags and lengths, got ${message}`)
  })

  it.each<[string, DolValue["format"], string, number, string]>([
    ["keeps a value of the right length", "n", "0156", 2, "0156"],
    ["cuts the left of a numeric value", "n", "000000050000", 3, "050000"],
    ["fills the left of a numeric value with zeros", "n", "0156", 4, "00000156"],
    ["cuts the right of a compressed numeric value", "cn", "621700000046", 4, "62170000"],
    ["fills the right of a compressed numeric value with F", "cn", "6217", 4, "6217FFFF"],
    ["cuts the right of any other value", "other", "0102030405", 3, "010203"],
    ["fills the right of any other value with zeros", "other", "0102", 4, "01020000"],
    ["gives nothing where nothing is asked", "n", "0102", 0, ""],
  ])("%s", (_, format, value, length, expected) => {
    expect(toHex(buildDol([{ tag: 0x9f02, length }], () => ({ value: hex(value), format })))).toBe(expected)
  })

  it("fills what the terminal does not know with zeros", () => {
    const values = new Map<number, DolValue>([[0x9a, { value: hex("251120"), format: "n" }]])
    expect(toHex(buildDol(parseDol(hex("9505 9A03 9F3704")), (tag) => values.get(tag)))).toBe(
      "000000000025112000000000",
    )
  })

  it("cuts data by the list, and takes no other length", () => {
    const entries = parseDol(hex("9505 9A03"))
    const values = splitDol(entries, hex("0000048000 251120"))
    expect([...values!].map(([tag, value]) => [tag, toHex(value)])).toEqual([
      [0x95, "0000048000"],
      [0x9a, "251120"],
    ])
    expect(splitDol(entries, hex("00"))).toBeUndefined()
    expect(splitDol(entries, new Uint8Array(9))).toBeUndefined()
  })

  const entry = fc.record({
    tag: fc.constantFrom<number[]>(0x95, 0x9a, 0x9c, 0x9f02, 0x9f37, 0x5f2a, 0x9f4e, 0xdf8121),
    length: fc.nat(255),
  })
  const distinct = fc.uniqueArray(entry, { selector: ({ tag }) => tag })

  it("splits what it built", () => {
    fc.assert(
      fc.property(distinct, fc.infiniteStream(fc.nat(255)), (entries, bytes) => {
        const values = new Map(
          entries.map(({ tag, length }) => [tag, Uint8Array.from({ length }, () => bytes.next().value as number)]),
        )
        const data = buildDol(entries, (tag) => ({ value: values.get(tag)!, format: "other" }))
        expect(splitDol(entries, data)).toEqual(values)
      }),
    )
  })

  it("reads back any list", () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const list = concat(...entries.flatMap(({ tag, length }) => [tagBytes(tag), length]))
        expect(parseDol(list)).toEqual(entries)
      }),
    )
  })

  it("reads any bytes or refuses them with an InputError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          const entries = parseDol(bytes)
          expect(2 * entries.length).toBeLessThanOrEqual(bytes.length)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
    )
  })
})
