import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Dump, formatDump, formatFailedExchange, hex, InputError, parseDump, toHex } from "../../src/apdu/index.js"

describe("reading dumps", () => {
  it("reads what apdu4j writes", () => {
    const dump = parseDump(
      [
        "# Generated on Mon, 15 Jan 2024",
        "# ATR: 3B6D00000081543110866011 0816000001",
        "# PROTOCOL: T=0",
        "#",
        "00A4040000",
        "# 12ms",
        "6F108408A000000003000000A5049F6501FF9000",
        "",
        "80ca9f7f00",
        "6A88",
      ].join("\n"),
    )
    expect(toHex(dump.atr!)).toBe("3B6D000000815431108660110816000001")
    expect(dump.protocol).toBe("T=0")
    expect(dump.entries.map(({ command, response }) => [toHex(command), toHex(response).slice(-4)])).toEqual([
      ["00A4040000", "9000"],
      ["80CA9F7F00", "6A88"],
    ])
    expect(dump.entries.map(({ milliseconds }) => milliseconds)).toEqual([12, undefined])
  })

  it("takes any line end, a byte order mark, space around lines and comments that say nothing", () => {
    const { entries } = parseDump("\uFEFF00 A4 00 00 \r\n  # 0.25ms\r# a note, 3ms\r\n\n 9000\r\n")
    expect(entries).toEqual([{ command: hex("00A40000"), response: hex("9000"), milliseconds: 0.25 }])
  })

  it("finds the ATR in any comment, and knows nothing of the card without it", () => {
    expect(toHex(parseDump("00A40000\n9000\n# ATR: 3B00\n").atr!)).toBe("3B00")
    expect(parseDump("00A40000\n9000\n")).toEqual({ entries: [{ command: hex("00A40000"), response: hex("9000") }] })
    expect(parseDump("").entries).toEqual([])
  })

  it.each([
    ["bad hex", "# note\n00XX\n9000", 'dump line 2: expected hexadecimal digits, got "X"'],
    ["half a byte", "00A40000\n900", "dump line 2: expected an even number of hex digits, got 3"],
    ["a bad ATR", "# ATR: 3B0", "dump line 1: expected an even number of hex digits, got 3"],
    ["another protocol", "# PROTOCOL: T=15", 'dump line 1: expected protocol T=0 or T=1, got "T=15"'],
    ["half a status word", "00A40000\n90", "dump line 2: expected a response of at least 2 bytes, got 1"],
    [
      "a command without response",
      "00A40000\n9000\n00B0000000\n# 12ms Card removed\n",
      "dump line 3: expected a response after this command, got the end of the dump",
    ],
  ])("refuses %s by line", (_, text, message) => {
    expect(() => parseDump(text)).toThrow(InputError)
    expect(() => parseDump(text)).toThrow(message)
  })
})

describe("writing dumps", () => {
  it("writes card, commands, times and responses", () => {
    const dump: Dump = {
      atr: hex("3B00"),
      protocol: "T=1",
      entries: [
        { command: hex("00A40000"), response: hex("9000"), milliseconds: 12 },
        { command: hex("0084000008"), response: hex("01020304050607089000"), milliseconds: 0.04449 },
        { command: hex("00A4"), response: hex("6700") },
      ],
    }
    expect(formatDump(dump)).toBe(
      "# ATR: 3B00\n# PROTOCOL: T=1\n00A40000\n# 12ms\n9000\n0084000008\n# 0.044ms\n01020304050607089000\n00A4\n6700\n",
    )
  })

  it("writes a failed exchange as one comment, so that what follows stays in step", () => {
    const line = formatFailedExchange(hex("00A40000"), 12.5, "The card\nwas removed.")
    expect(line).toBe("# 00A40000 failed after 12.5ms: The card was removed.\n")
    expect(parseDump(`${line}00A40000\n9000\n`).entries).toEqual([{ command: hex("00A40000"), response: hex("9000") }])
  })

  it("refuses what could not be read back", () => {
    const write = (command: string, response: string) => () =>
      formatDump({ entries: [{ command: hex(command), response: hex(response) }] })
    expect(write("", "9000")).toThrow(/^command: expected at least 1 byte, got 0$/)
    expect(write("00", "90")).toThrow(/^response: expected at least 2 bytes, got 1$/)
  })

  it("reads back what it wrote", () => {
    const some = (min: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: min, maxLength: 40 })
    const time = fc.nat(10_000_000).map((microseconds) => microseconds / 1000)
    const entry = fc.record(
      { command: some(1), response: some(2), milliseconds: time },
      { requiredKeys: ["command", "response"] },
    )
    const dump = fc.record(
      { atr: some(2), protocol: fc.constantFrom("T=0" as const, "T=1" as const), entries: fc.array(entry) },
      { requiredKeys: ["entries"], noNullPrototype: true },
    )
    fc.assert(
      fc.property(dump, (value) => {
        expect(parseDump(formatDump(value))).toEqual(value)
      }),
    )
  })

  it("gives a dump or an InputError for any text", () => {
    const line = fc.oneof(
      fc.constantFrom("# ATR: 3B00", "# PROTOCOL: T=0", "# 12ms", "00A40000", "9000", "", "zz", "# ATR: x"),
      fc.string({ unit: "binary", maxLength: 12 }),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          parseDump(lines.join("\n"))
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
    )
  })
})
