import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { commandApdu, equalBytes, hex, parseCommand, toHex } from "../../src/apdu/index.js"

const bytes = (count: number): Uint8Array => new Uint8Array(count).fill(0xab)

describe("writing command APDUs (ISO 7816-3 §12.1)", () => {
  it.each<[string, Uint8Array | undefined, number | undefined, string]>([
    ["case 1", undefined, undefined, "00A40000"],
    ["case 1 with empty data", new Uint8Array(0), undefined, "00A40000"],
    ["case 2 short", undefined, 4, "00A4000004"],
    ["case 2 short, Le 256", undefined, 256, "00A4000000"],
    ["case 3 short", hex("3F00"), undefined, "00A40000023F00"],
    ["case 4 short", hex("3F00"), 256, "00A40000023F0000"],
    ["case 2 extended", undefined, 257, "00A40000000101"],
    ["case 2 extended, Le 65536", undefined, 65536, "00A40000000000"],
    ["case 3 extended", bytes(256), undefined, `00A40000000100${"AB".repeat(256)}`],
    ["case 4 extended for the data", bytes(256), 8, `00A40000000100${"AB".repeat(256)}0008`],
    ["case 4 extended for Le", hex("3F00"), 300, "00A400000000023F00012C"],
    ["case 4 extended, Le 65536", hex("3F00"), 65536, "00A400000000023F000000"],
  ])("%s", (_, data, le, expected) => {
    expect(toHex(commandApdu(0x00, 0xa4, 0, 0, data, le))).toBe(expected)
  })

  it.each<[string, () => Uint8Array]>([
    ["cla", () => commandApdu(256, 0, 0, 0)],
    ["ins", () => commandApdu(0, -1, 0, 0)],
    ["p1", () => commandApdu(0, 0, 0.5, 0)],
    ["p2", () => commandApdu(0, 0, 0, Number.NaN)],
    ["data", () => commandApdu(0, 0, 0, 0, bytes(65536))],
    ["le", () => commandApdu(0, 0, 0, 0, undefined, 0)],
    ["le", () => commandApdu(0, 0, 0, 0, undefined, 65537)],
  ])("refuses %s out of range", (name, write) => {
    expect(write).toThrow(RangeError)
    expect(write).toThrow(new RegExp(`^${name}`))
  })
})

describe("reading command APDUs", () => {
  it.each([
    ["00A40000", 1, false, "", undefined],
    ["00B0810004", 2, false, "", 4],
    ["00B0810000", 2, false, "", 256],
    ["00A40000023F00", 3, false, "3F00", undefined],
    ["00A40000023F0000", 4, false, "3F00", 256],
    ["00A40000023F0010", 4, false, "3F00", 16],
    ["00B00000000000", 2, true, "", 65536],
    ["00B00000000100", 2, true, "", 256],
    ["00A400000000023F00", 3, true, "3F00", undefined],
    ["00A400000000023F000000", 4, true, "3F00", 65536],
    ["00A400000000023F000100", 4, true, "3F00", 256],
  ])("%s is case %i", (text, number, extended, data, le) => {
    const { data: parsedData, ...parsed } = parseCommand(hex(text))!
    expect(parsed).toMatchObject({ cla: 0, p2: 0, case: number, extended, le })
    expect(toHex(parsedData)).toBe(data)
  })

  it.each([
    ["nothing", ""],
    ["half a header", "00A400"],
    ["Lc 02 with one byte", "00A40000023F"],
    ["Lc 02 with two bytes too many", "00A40000023F000000"],
    ["an extended length cut short", "00A400000001"],
    ["an extended Lc of 0000", "00A40000000000AA"],
    ["an extended Lc with too few bytes", "00A400000000033F00"],
    ["half an extended Le", "00A400000000023F0000"],
  ])("takes %s for no command", (_, text) => {
    expect(parseCommand(hex(text))).toBeUndefined()
  })

  it("reads back what was written", () => {
    const data = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 256, max: 65535 }).map(bytes))
    const le = fc.option(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 65536 })), {
      nil: undefined,
    })
    const byte = fc.nat(255)
    fc.assert(
      fc.property(byte, byte, byte, byte, data, le, (cla, ins, p1, p2, value, expected) => {
        const parsed = parseCommand(commandApdu(cla, ins, p1, p2, value, expected))
        expect(parsed).toMatchObject({ cla, ins, p1, p2, le: expected })
        expect(equalBytes(parsed!.data, value)).toBe(true)
        expect(parsed?.extended).toBe(value.length > 255 || (expected ?? 0) > 256)
      }),
    )
  })

  it("accounts for every byte of whatever it reads", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
        const parsed = parseCommand(input)
        if (!parsed) return
        const lengthField = parsed.extended ? 3 : 1
        const lc = parsed.data.length > 0 ? lengthField : 0
        const le = parsed.le === undefined ? 0 : parsed.extended && lc > 0 ? 2 : lengthField
        expect(4 + lc + parsed.data.length + le).toBe(input.length)
      }),
    )
  })
})
