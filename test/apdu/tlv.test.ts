import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  concat,
  encodeTlv,
  equalBytes,
  findTlv,
  hex,
  InputError,
  lengthBytes,
  parseTlv,
  type Tlv,
  tagBytes,
  toHex,
} from "../../src/apdu/index.js"

/** A compact picture of a parsed list: `6F[84:A000 A5[50:]]`. */
const picture = (list: readonly Tlv[]): string =>
  list
    .map(({ tag, value, children }) => {
      const name = toHex(tagBytes(tag))
      return children ? `${name}[${picture(children)}]` : `${name}:${toHex(value)}`
    })
    .join(" ")
const lenient = (text: string): string => picture(parseTlv(hex(text), { mode: "lenient" }))

describe("reading BER-TLV", () => {
  it.each([
    ["an empty list", "", ""],
    ["a primitive object", "5F340101", "5F34:01"],
    ["an empty value", "8400", "84:"],
    ["a template", "6F0A8404A0000003A5025000", "6F[84:A0000003 A5[50:]]"],
    ["several objects", "8A02303091020102", "8A:3030 91:0102"],
    ["a tag of three bytes", "DF812101AA", "DF8121:AA"],
    ["a length in two bytes", `5381${"80"}${"11".repeat(128)}`, `53:${"11".repeat(128)}`],
    ["a length in three bytes", `53820100${"22".repeat(256)}`, `53:${"22".repeat(256)}`],
  ])("reads %s", (_, text, expected) => {
    expect(picture(parseTlv(hex(text)))).toBe(expected)
  })

  it("gives views of the input, not copies", () => {
    const bytes = hex("840401020304")
    expect(parseTlv(bytes)[0]?.value.buffer).toBe(bytes.buffer)
  })

  it("finds objects depth first", () => {
    const list = parseTlv(hex("6F088406A00000033301 8401FF"))
    expect(toHex(findTlv(list, 0x84)!.value)).toBe("A00000033301")
    expect(findTlv(list, 0x9f38)).toBeUndefined()
  })

  it.each([
    ["trailing padding", "840101" + "00", "padding byte 00 at offset 3"],
    ["leading padding", "FF840101", "padding byte FF at offset 0"],
    ["half a tag", "9F", "half a tag at offset 0"],
    ["half a tag of three bytes", "DF81", "half a tag at offset 0"],
    ["a tag of four bytes", "DF81810100", "a tag of more than 3 bytes at offset 0"],
    ["a tag number with leading zeros", "DF800100", "a tag number with leading zeros at offset 0"],
    ["a tag alone", "84", "no length at offset 1"],
    ["half a length", "848201", "length byte 82 at offset 1"],
    ["an indefinite length", "6F8084000000", "length byte 80 at offset 1"],
    ["a length of five bytes", "8485000000000100", "length byte 85 at offset 1"],
    ["81 where one byte is enough", "84810101", "a length that is longer than needed at offset 1"],
    ["82 where two are enough", `84820080${"00".repeat(128)}`, "a length that is longer than needed at offset 1"],
    ["a value that is cut short", "840301", "a value of 3 bytes, only 1 are left at offset 0"],
    ["4 GiB that are not there", "8484FFFFFFFF01", "a value of 4294967295 bytes, only 1 are left at offset 0"],
    ["a broken object inside a template", "6F02840F", "a value of 15 bytes, only 0 are left at offset 2"],
  ])("strict mode refuses %s", (_, text, message) => {
    expect(() => parseTlv(hex(text))).toThrow(InputError)
    expect(() => parseTlv(hex(text))).toThrow(`tlv: expected well-formed BER-TLV, got ${message}`)
  })

  it.each([
    ["skips padding between objects", "0000 8401AA 00FF 8401BB FFFF", "84:AA 84:BB"],
    ["skips padding inside templates", "7006 00 5A0112 0000", "70[5A:12]"],
    ["takes lengths longer than needed", "84820001AA", "84:AA"],
    ["gives what stands before a broken tail", "8401AA8405BB", "84:AA"],
    ["gives what stands before half a tag", "8401AA9F", "84:AA"],
    ["gives what stands before a tag of four bytes", "8401AADF81810100", "84:AA"],
    ["shortens the children of a template that is broken inside", "70058401AA5A05 8401CC", "70[84:AA] 84:CC"],
    ["gives nothing for nonsense", "9F9F9F9F", ""],
  ])("lenient mode %s", (_, text, expected) => {
    expect(lenient(text)).toBe(expected)
  })
})

describe("hostile nesting", () => {
  const nested = (depth: number): Uint8Array => {
    let bytes = new Uint8Array(0)
    for (let i = 0; i < depth; i++) bytes = Uint8Array.from(encodeTlv(0x70, bytes))
    return bytes
  }
  const depthOf = (list: readonly Tlv[]): number => (list[0] ? 1 + depthOf(list[0].children ?? []) : 0)

  it("is followed through 15 templates, to the sixteenth level", () => {
    expect(depthOf(parseTlv(nested(15)))).toBe(15)
  })
  it("is refused below that, or left unparsed", () => {
    expect(() => parseTlv(nested(17))).toThrow(/nesting deeper than 16/)
    expect(depthOf(parseTlv(nested(2000), { mode: "lenient" }))).toBe(16)
  })
})

describe("writing BER-TLV", () => {
  it("joins the parts of a template", () => {
    expect(toHex(encodeTlv(0x70, [encodeTlv(0x5a, hex("12")), encodeTlv(0x5f34, hex("01"))]))).toBe(
      "70075A01125F340101",
    )
  })
  it.each([
    [0, "00"],
    [127, "7F"],
    [128, "8180"],
    [255, "81FF"],
    [256, "820100"],
    [65536, "83010000"],
    [0xffffffff, "84FFFFFFFF"],
  ])("writes the length %i as %s", (length, bytes) => {
    expect(toHex(lengthBytes(length))).toBe(bytes)
  })
  it.each([
    [0x84, "84"],
    [0x9f38, "9F38"],
    [0xdf8121, "DF8121"],
  ])("writes the tag %i as %s", (tag, bytes) => {
    expect(toHex(tagBytes(tag))).toBe(bytes)
  })
  it.each([0, -1, 0x9f, 0x8438, 0x9f81, 0xdf21_21, 0xdf8181, 0xdf8021, 0xff01, 0xff, 0x1_000_000, 1.5])(
    "refuses %d as a tag",
    (tag) => {
      expect(() => tagBytes(tag)).toThrow(/^tag: /)
    },
  )
})

const tag = fc.oneof(
  fc.constantFrom(0x84, 0x5a, 0x5f34, 0x9f38, 0xdf31, 0xdf8121, 0x70, 0x6f, 0xa5, 0xbf0c, 0x72),
  fc.integer({ min: 1, max: 0xfe }).filter((byte) => (byte & 0x1f) !== 0x1f),
)
interface Tree {
  tag: number
  value: Uint8Array | Tree[]
}
const isConstructed = (number: number): boolean => (tagBytes(number)[0]! & 0x20) !== 0
const tree: fc.Memo<Tree> = fc.memo((depth) =>
  tag.chain((number) =>
    fc.record({
      tag: fc.constant(number),
      value: isConstructed(number)
        ? fc.array(tree(depth - 1), { maxLength: depth > 1 ? 4 : 0 })
        : fc.uint8Array({ maxLength: 200 }),
    }),
  ),
)
const encode = (node: Tree): Uint8Array =>
  encodeTlv(node.tag, node.value instanceof Uint8Array ? node.value : node.value.map(encode))
const matches = (node: Tree, parsed: Tlv | undefined): boolean =>
  parsed?.tag === node.tag &&
  (node.value instanceof Uint8Array
    ? equalBytes(parsed.value, node.value) && parsed.children === undefined
    : parsed.children?.length === node.value.length &&
      node.value.every((child, i) => matches(child, parsed.children?.[i])))

describe("properties of BER-TLV", () => {
  const forest = fc.array(tree(4), { maxLength: 4 })

  it("both modes read back what was written", () => {
    fc.assert(
      fc.property(forest, (nodes) => {
        const bytes = concat(...nodes.map(encode))
        for (const mode of ["strict", "lenient"] as const) {
          const list = parseTlv(bytes, { mode })
          expect(list).toHaveLength(nodes.length)
          expect(nodes.every((node, i) => matches(node, list[i]))).toBe(true)
        }
      }),
    )
  })

  it("strict mode gives a list or an InputError for any bytes, lenient mode always a list", () => {
    const mutated = fc
      .tuple(forest, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }), fc.nat())
      .map(([nodes, changes, cut]) => {
        const bytes = concat(...nodes.map(encode))
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte
        return cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes
      })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 600 })), (bytes) => {
        const tolerant = parseTlv(bytes, { mode: "lenient" })
        try {
          expect(picture(parseTlv(bytes))).toBe(picture(tolerant))
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
