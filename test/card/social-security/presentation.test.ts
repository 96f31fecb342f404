import { describe, expect, it } from "vitest"
import { toHex } from "../../../src/apdu/index.js"
import { type Card, createCard, parseProfile } from "../../../src/card/index.js"
import { send } from "../../support/financial-card.js"
import { authenticate } from "../../support/terminal.js"

const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
const NAME = "840F7378312E73682EC9E7BBE1B1A3D5CF"

function cardOf(profile: string | object): Card {
  const card = createCard({ profile: typeof profile === "string" ? profile : parseProfile(profile), seed: "fci" })
  card.powerOn()
  return card
}

describe("the FCI (card-structure §4.2)", () => {
  it.each<[string, string | object, string, string]>([
    ["1.00", "employee-v1", `6F16${NAME}A503880101`, "6F0D8406D15600000500A503880101"],
    ["2.00", "employee", `6F16${NAME}A503880101`, "6F0D8406D15600000500A503880101"],
    ["3.00 with SM4", "employee-v3", `6F1C${NAME}A50988010153049F0C8603`, "6F138406D15600000500A50988010153049F0C8603"],
    [
      "3.00 with 3DES",
      "employee-v3-3des",
      `6F1C${NAME}A50988010153049F0C8601`,
      "6F138406D15600000500A50988010153049F0C8601",
    ],
    [
      "3.00, the algorithm bare",
      { extends: "employee-v3", options: { fciAlgorithm: "raw" } },
      `6F1A${NAME}A5078801019F0C8603`,
      "6F118406D15600000500A5078801019F0C8603",
    ],
    [
      "3.00 without the algorithm",
      { extends: "employee-v3", options: { fciAlgorithm: "none" } },
      `6F16${NAME}A503880101`,
      "6F0D8406D15600000500A503880101",
    ],
  ])("of version %s", (_, profile, ssse, df01) => {
    const card = cardOf(profile)
    expect(send(card, "00A4000000")).toBe("6F0F8408C9E7BBE1B1A3D5CFA5038801019000")
    expect(send(card, SSSE)).toBe(`${ssse}9000`)
    expect(send(card, "00A4000002DF01")).toBe(`${df01}9000`)
  })
})

describe("the answer to reset (card-structure §3)", () => {
  it.each<[string, object, string]>([
    ["of the template", { preset: "ssc", serial: "110816000001" }, "3B6D000000815431008660110816000001"],
    ["of a hospital's slot", { historical: "00905431168660130425001C4E" }, "3B6D000000905431168660130425001C4E"],
    ["of a card of 华大", { historical: "0081544C0086840807230005C0" }, "3B6D00000081544C0086840807230005C0"],
    [
      "of a contactless slot",
      { preset: "ssc", serial: "110816000001", contactless: true },
      "3B8D80010081543100866011081600000100",
    ],
    ["of the documentation", { historical: "00814E43238697159900BF7C7A" }, "3B6D000000814E43238697159900BF7C7A"],
  ])("%s", (_, atr, expected) => {
    const { atr: _own, ...rest } = parseProfile({ extends: "employee" })
    expect(toHex(cardOf({ ...rest, atr }).atr)).toBe(expected)
  })
})

describe("the list of applications", () => {
  it.each<[string, string[]]>([
    [
      "employee",
      [
        "611B4F0F7378312E73682EC9E7BBE1B1A3D5CF5008C9E7BBE1B1A3D5CF",
        "61164F08A000000333010101500A50424F43204445424954",
      ],
    ],
    [
      "employee-v3",
      [
        "611B4F0F7378312E73682EC9E7BBE1B1A3D5CF5008C9E7BBE1B1A3D5CF",
        "61164F08A000000333010101500A50424F43204445424954",
        "61134F0C504B492EC9E7BBE1B1A3D5CF5003504B49",
      ],
    ],
    ["employee-v1", ["611B4F0F7378312E73682EC9E7BBE1B1A3D5CF5008C9E7BBE1B1A3D5CF"]],
    ["employer", ["611B4F0F7378312E73682EC9E7BBE1B1A3D5CF5008C9E7BBE1B1A3D5CF"]],
  ])("of %s", (profile, records) => {
    const card = cardOf(profile)
    for (const [index, record] of records.entries()) expect(send(card, `00B20${index + 1}0C00`)).toBe(`${record}9000`)
    expect(send(card, `00B20${records.length + 1}0C00`)).toBe("6A83")
  })
})

describe("a card whose environment sits in the MF (card-structure §4.1)", () => {
  const card = cardOf({ extends: "employee", options: { environmentIn: "MF" } })

  it("is selected by 3F00 and by name, and keeps what is satisfied between them", () => {
    expect(send(card, "00A40000023F00")).toBe(`6F16${NAME}A5038801019000`)
    authenticate(card, "RKssse")
    expect(send(card, SSSE)).toBe(`6F16${NAME}A5038801019000`)
    expect(send(card, "00A4000002EF07")).toBe("9000")
    expect(send(card, "00B0000001")).toBe("009000")
  })

  it("has its files and directories below 3F00", () => {
    send(card, "00A4000000")
    expect(send(card, "00A4000002EF05")).toBe("9000")
    expect(send(card, "00B2030406")).toBe("0304322E30309000")
    expect(send(card, "00B2010C00")).toMatch(/^611B4F0F/)
    expect(send(card, "00A4000002DF01")).toBe("6F0D8406D15600000500A5038801019000")
    send(card, "0020000003123456")
    expect(send(card, "00B2012C00")).toBe("200231309000")
  })

  it("forgets the PIN when a payment application is selected", () => {
    expect(send(card, "00A4040008A000000333010101")).toMatch(/6283$/)
    send(card, "00A4000000")
    send(card, "00A4000002DF01")
    expect(send(card, "00B2012C00")).toBe("6982")
  })
})

describe("a card from production", () => {
  it("has no check in its identification code (card-structure §18.1, §5.2)", () => {
    const card = cardOf("employee-v3-blank")
    send(card, SSSE)
    send(card, "00A4000002EF05")
    expect(send(card, "00B2010412")).toBe("0110320800D15600000501000027FFFFFFFF9000")
  })

  it("is issued at once: EF06 and EF05 under UKssse (card-commands §14.7)", () => {
    const card = cardOf("employee-v3-blank")
    send(card, SSSE)
    authenticate(card, "RKssse")
    authenticate(card, "UKssse")
    send(card, "00A4000002EF06")
    expect(send(card, "00DC0104140812393939393939313939303031303130303136")).toBe("9000")
    send(card, "00A4000002EF05")
    expect(send(card, "00DC0104120110320800D15600000501000027F4EF9485")).toBe("9000")
    expect(send(card, "00B2010412")).toBe("0110320800D15600000501000027F4EF94859000")
  })
})
