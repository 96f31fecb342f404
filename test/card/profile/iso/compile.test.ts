import { describe, expect, it } from "vitest"
import { toHex } from "../../../../src/apdu/index.js"
import { createCard, lintProfile, parseProfile } from "../../../../src/card/index.js"
import { send } from "../../../support/financial-card.js"

const profile = {
  card: "iso",
  name: "library",
  description: { zh: "图书馆卡", en: "library card" },
  atr: { hex: "3B00" },
  root: {
    name: "MF",
    fid: "3F00",
    environment: true,
    pin: { value: "1234" },
    files: [{ name: "DIR", structure: "variable", sfi: 30, records: ["61044F02A000"], write: "never" }],
    directories: [
      {
        name: "LOANS",
        fid: "4F00",
        aid: "F000000001",
        keys: [{ test: true, name: "CLERK", id: "81", value: "00112233445566778899AABBCCDDEEFF" }],
        files: [
          { name: "NUMBER", structure: "transparent", fid: "0001", size: 8, content: "0102", write: "CLERK" },
          {
            name: "BOOKS",
            structure: "cyclic",
            fid: "0002",
            recordLength: 2,
            recordCount: 3,
            records: ["BBBB", "AAAA"],
          },
          {
            name: "RULES",
            structure: "fixed",
            fid: "0003",
            recordLength: 1,
            recordCount: 2,
            records: ["07"],
            read: "PIN",
          },
          { name: "NOTES", structure: "variable", fid: "0004", records: ["4E01FF"], room: 8, spare: [4] },
        ],
        directories: [{ name: "INNER", fid: "4F01", fci: "6F00" }],
      },
    ],
  },
}

const cardOf = (changes: object = {}) => {
  const card = createCard({ profile: parseProfile({ ...profile, ...changes }) })
  card.powerOn()
  return card
}

describe("a profile of the kind iso", () => {
  it("makes a card with its answer to reset and its tree", () => {
    const card = cardOf()
    expect(toHex(card.atr)).toBe("3B00")
    expect(send(card, "00A4000000")).toBe("6F0A82013883023F008A01059000")
    expect(send(card, "00B201F400")).toBe("61044F02A0009000")
    expect(send(card, "00A4040005F000000001")).toBe("6F1182013883024F008405F0000000018A01059000")
    expect(send(card, "00A40000024F01")).toBe("6F009000")
  })

  it("has files of every structure, by identifier and short identifier", () => {
    const card = cardOf()
    send(card, "00A4040005F000000001")
    expect(send(card, "00B0810008")).toBe("01020000000000009000")
    expect(send(card, "00B2011400")).toBe("BBBB9000")
    expect(send(card, "00B2021400")).toBe("AAAA9000")
    expect(send(card, "00B2012400")).toBe("4E01FF9000")
  })

  it("guards them with the rules given", () => {
    const card = cardOf()
    send(card, "00A4040005F000000001")
    expect(send(card, "00B2011C00")).toBe("6982")
    expect(send(card, "00200000021234")).toBe("9000")
    expect(send(card, "00B2011C00")).toBe("079000")
    expect(send(card, "00D681000101")).toBe("6982")
  })

  it.each<[string, object, RegExp]>([
    ["no tree", { root: undefined }, /^root: missing/],
    [
      "an unknown structure",
      { root: { name: "MF", files: [{ name: "X", structure: "linear" }] } },
      /^root\.files\[0\]/,
    ],
    [
      "neither size nor content",
      { root: { name: "MF", files: [{ name: "X", structure: "transparent" }] } },
      /root\.files\[0\]: expected size or content/,
    ],
    ["a social security section", { holder: {} }, /^holder: unknown field/],
    [
      "a rule of unknown names",
      { root: { name: "MF", files: [{ name: "X", structure: "transparent", size: 1, read: "NOBODY" }] } },
      /MF\.X\.read: expected free, never/,
    ],
  ])("refuses %s", (_, changes, message) => {
    expect(() => cardOf(changes)).toThrow(message)
  })

  it("is linted for its answer to reset and its contents, not for a holder", () => {
    expect(lintProfile(parseProfile(profile))).toEqual([])
    expect(lintProfile(parseProfile({ ...profile, atr: { hex: "3B05" } })).map(({ field }) => field)).toEqual([
      "atr.hex",
    ])
  })
})

describe("the kind of card", () => {
  it("is a social security card where a profile says nothing", () => {
    expect(parseProfile({ extends: "employee" }).card).toBe("social-security")
  })

  it("must be one that exists", () => {
    expect(() => parseProfile({ extends: "employee", card: "loyalty" })).toThrow(
      /^card: expected "social-security" or .*got "loyalty"/,
    )
    expect(() => parseProfile({ card: "toString" })).toThrow(/^card: expected/)
  })
})
