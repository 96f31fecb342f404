import { describe, expect, it } from "vitest"
import { findTlv, hex, parseTlv, toHex } from "../../../src/apdu/index.js"
import {
  bundledProfiles,
  createCard,
  historicalBytes,
  lintProfile,
  loadProfile,
  parseProfile,
} from "../../../src/card/index.js"
import { exchange } from "../../support/exchange.js"

/** The third software function table as a terminal reads it (ISO 7816-4 §12.1.1.9). */
function announced(third: number) {
  return {
    chaining: (third & 0x80) !== 0,
    extendedLength: (third & 0x40) !== 0,
    channels: (third & 0x18) === 0 ? 1 : (third & 0x07) + 1,
    byCard: (third & 0x10) !== 0,
    byTerminal: (third & 0x08) !== 0,
  }
}

describe("the card capabilities of the profile iso", () => {
  const card = createCard({ profile: "iso" })
  card.powerOn()
  const historical = historicalBytes(card.atr)
  const told = announced(historical[6]!)

  it("are in the historical bytes as compact header 73, and the same in EF.ATR", () => {
    expect(toHex(historical)).toBe("8031F873F741FF")
    exchange(card, "00A4020C022F01")
    const objects = parseTlv(hex(exchange(card, "00B0000000")).subarray(0, -2))
    expect(findTlv(objects, 0x43)!.value).toEqual(historical.subarray(2, 3))
    expect(findTlv(objects, 0x47)!.value).toEqual(historical.subarray(4, 7))
  })

  it("announce what the card does: chains", () => {
    expect(told.chaining).toBe(true)
    expect(exchange(card, "10D6850001AA")).toBe("9000")
    expect(exchange(card, "00D6850001BB")).toBe("9000")
  })

  it("announce what the card does: extended lengths, as far as EF.ATR says", () => {
    expect(told.extendedLength).toBe(true)
    exchange(card, "00A4020C022F01")
    const limits = findTlv(parseTlv(hex(exchange(card, "00B0000000")).subarray(0, -2)), 0x7f66)!.children!
    const [longestCommand, longestAnswer] = limits.map(({ value }) => Number.parseInt(toHex(value), 16))
    expect(longestCommand).toBe(4 + 3 + 0xffff + 2)
    expect(longestAnswer).toBe(0xffff)
    const command = new Uint8Array(longestCommand!)
    command.set(hex("00D6850000FFFF"))
    expect(toHex(card.process(command))).toBe("6A84")
    exchange(card, "00A4080C044F000007")
    expect(card.process(hex("00B00000000000"))).toHaveLength(40_000 + 2)
  })

  it("announce what the card does: eight or more channels, numbered by card and by terminal", () => {
    expect(told).toMatchObject({ channels: 8, byCard: true, byTerminal: true })
    expect(exchange(card, "0070000001")).toBe("019000")
    expect(exchange(card, "00700013")).toBe("9000")
    expect(exchange(card, "00708001")).toBe("9000")
  })

  it("announce how files are selected: by full and partial name, path, identifier, SFI, record number and identifier", () => {
    expect(historical[4]! & 0xf7).toBe(0xf7)
    card.reset()
    for (const command of ["00A4040C06F00000000001", "00A4040C05F000000000", "00A4080C044F004F01", "00A4000C024F00"])
      expect(exchange(card, command)).toBe("9000")
    for (const command of ["00B0810001", "00B2011C00", "00B22E1800"]) expect(exchange(card, command)).toMatch(/9000$/)
  })

  it("announce that WRITE is an inclusive or on bytes", () => {
    expect(historical[5]).toBe(0x41)
    for (const command of ["00A4080C022F05", "00D600000101", "00D000000180"]) exchange(card, command)
    expect(exchange(card, "00B0000001")).toBe("819000")
  })
})

describe("the linter on capabilities", () => {
  const lint = (changes: object) =>
    lintProfile(parseProfile({ extends: "iso", ...changes })).map(
      ({ severity, field, en }) => `${severity} ${field}: ${en}`,
    )
  const loans = loadProfile("iso")

  it("finds nothing in any bundled profile", () => {
    for (const name of bundledProfiles()) {
      const errors = lintProfile(loadProfile(name)).filter(({ severity }) => severity === "error")
      expect(errors, name).toEqual([])
    }
  })

  it.each([
    ["fewer channels", { options: { channels: 3 } }, "F741FA"],
    ["one channel", { options: { channels: 1 } }, "F741E0"],
    ["no chains", { options: { chaining: 0 } }, "F7417F"],
    ["short lengths only", { options: { extendedLength: false } }, "F741BF"],
  ])("says in historical bytes and EF.ATR what %s must announce", (_, changes, expected) => {
    expect(lint(changes)).toEqual(
      ["atr", "root.ATR"].map(
        (field) => `error ${field}: announces other capabilities than the card has: expected ${expected}, got F741FF`,
      ),
    )
  })

  it("knows which files the card has and how they are read", () => {
    const [directory, information, ...files] = (loans as { root: { files: unknown[] } }).root.files
    expect(lint({ root: { files: [information, ...files] } })).toEqual(
      ["atr", "root.ATR"].map(
        (field) => `error ${field}: announces other capabilities than the card has: expected D8, got F8`,
      ),
    )
    expect(lint({ root: { files: [directory, ...files] } })).toEqual([
      "error atr: announces other capabilities than the card has: expected E8, got F8",
      "error atr: announces other capabilities than the card has: expected F741DF, got F741FF",
    ])
    expect(lint({ root: { files: [directory, { ...(information as object), content: "4303" }, ...files] } })).toEqual([
      "error root.ATR: EF.ATR must consist of BER-TLV data objects",
    ])
  })

  it("leaves historical bytes alone that are no COMPACT-TLV of category 80, or have no capabilities", () => {
    for (const hex of ["3B00", "3B03807531", "3B0200F7"])
      expect(
        lint({ atr: { hex }, options: { channels: 3 } }).filter((finding) => finding.startsWith("error atr")),
      ).toEqual([])
  })
})
