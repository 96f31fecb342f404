import { describe, expect, it } from "vitest"
import { activeCard, GPO, generateAc, getData, select, send, status } from "../../../support/financial-card.js"

describe("GET PROCESSING OPTIONS (financial-emv §15)", () => {
  it("counts every transaction before it answers", () => {
    const card = activeCard()
    for (const expected of ["0007", "0008", "0009"]) {
      select(card)
      expect(send(card, GPO)).toBe("800A1C0008010100100102009000")
      expect(getData(card, "9F36")).toBe(expected)
    }
  })

  it.each([
    ["other parameters", "80A800010B830900000000050000015600", "6A86"],
    ["no data", "80A80000", "6700"],
    ["one byte", "80A800000183", "6700"],
    ["another template", "80A800000B800900000000050000015600", "6A80"],
    ["values that are too short", "80A800000A8308000000000500000100", "6700"],
    ["a length that lies", "80A800000B830800000000050000015600", "6700"],
    ["no values where the PDOL asks for some", "80A8000002830000", "6700"],
  ])("refuses %s and counts nothing", (_, command, expected) => {
    const card = activeCard()
    select(card)
    expect(status(card, command)).toBe(expected)
    expect(getData(card, "9F36")).toBe("0006")
    expect(status(card, GPO)).toBe("9000")
  })

  it("is done once between two SELECTs", () => {
    const card = activeCard()
    select(card)
    expect(status(card, GPO)).toBe("9000")
    expect(status(card, GPO)).toBe("6985")
    generateAc(card, "00")
    expect(status(card, GPO)).toBe("6985")
    expect(getData(card, "9F36")).toBe("0007")
  })

  it("is refused for ever when the counter is at its end", () => {
    const card = activeCard({ data: { "9F36": "FFFE" } })
    select(card)
    expect(status(card, GPO)).toBe("9000")
    select(card)
    expect(status(card, GPO)).toBe("6985")
    expect(getData(card, "9F36")).toBe("FFFF")
  })

  it("takes the values that the own PDOL of the card asks for", () => {
    const card = activeCard({ pdol: "9F7A01" })
    select(card)
    expect(status(card, "80A8000003830100")).toBe("9000")
  })
})
