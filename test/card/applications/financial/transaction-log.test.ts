import { describe, expect, it } from "vitest"
import { activeCard, approve, GPO, generateAc, select, send, status } from "../../../support/financial-card.js"

describe("the transaction log (financial-emv §17)", () => {
  it("has one record for each TC, the newest first, and none for a decline", () => {
    const card = activeCard()
    expect(send(card, "00A4040008A000000333010101").slice(-4)).toBe("9000")
    expect(send(card, "00B2015C00")).toBe("6A83")
    for (let i = 0; i < 2; i++) expect(approve(card).cid).toBe("40")
    select(card)
    send(card, GPO)
    generateAc(card, "00")
    expect(send(card, "00B2015C2D")).toBe(
      "251120103000000000050000000000000000015601565348454241 4F20544553542041544D203030303101 0008 9000".replace(
        / /g,
        "",
      ),
    )
    expect(send(card, "00B2025C00")).toMatch(/00079000$/)
    expect(send(card, "00B2035C00")).toBe("6A83")
  })

  it("keeps ten records", () => {
    const card = activeCard()
    for (let i = 0; i < 12; i++) approve(card)
    expect(send(card, "00B2015C00")).toMatch(/00129000$/)
    expect(send(card, "00B20A5C00")).toMatch(/00099000$/)
    expect(send(card, "00B20B5C00")).toBe("6A83")
  })

  it("has the layout of 9F4F", () => {
    const card = activeCard({ data: { "9F36": "0006", "9F13": "0006", "9F4F": "9F36029A039F0206" } })
    approve(card)
    expect(send(card, "00B2015C00")).toBe("00072511200000000500009000")
  })

  it("cannot be written by anybody", () => {
    const card = activeCard()
    approve(card)
    expect(status(card, `00DC015C2D${"00".repeat(45)}`)).toMatch(/6982|6D00/)
    expect(status(card, `00E2005C2D${"00".repeat(45)}`)).toMatch(/6982|6D00/)
  })

  it("of electronic cash loads is there and empty", () => {
    const card = activeCard()
    select(card)
    expect(send(card, "00B2016400")).toBe("6A83")
  })
})
