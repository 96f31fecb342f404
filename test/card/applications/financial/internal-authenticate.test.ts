import { describe, expect, it } from "vitest"
import { activeCard, CDOL_VALUES, GPO, generateAc, select, send, status } from "../../../support/financial-card.js"

const COMMAND = "00880000041122334400"

describe("INTERNAL AUTHENTICATE (financial-emv §19)", () => {
  it("signs within a transaction only", () => {
    const card = activeCard({ authentication: { method: "dda" } })
    select(card)
    expect(status(card, COMMAND)).toBe("6985")
    expect(status(card, GPO)).toBe("9000")
    expect(send(card, COMMAND)).toMatch(/^808190[0-9A-F]{288}9000$/)
    expect(generateAc(card, "80").cvr).toBe("03A00002")
  })

  it("signs differently each time", () => {
    const card = activeCard({ authentication: { method: "dda" } })
    select(card)
    send(card, GPO)
    expect(send(card, COMMAND)).not.toBe(send(card, COMMAND))
  })

  it.each([
    ["P1", "00880100041122334400", "6A86"],
    ["P2", "00880001041122334400", "6A86"],
    ["data of another length than the DDOL's", "008800000311223300", "6700"],
    ["no data", "00880000", "6700"],
  ])("refuses %s", (_, command, expected) => {
    const card = activeCard({ authentication: { method: "dda" } })
    select(card)
    send(card, GPO)
    expect(status(card, command)).toBe(expected)
    expect(generateAc(card, "80").cvr).toBe("03A00000")
  })

  it.each([undefined, { method: "sda" }])("does not exist on a card without a key of its own", (authentication) => {
    const card = activeCard(authentication ? { authentication } : {})
    select(card)
    send(card, GPO)
    expect(status(card, COMMAND)).toBe("6D00")
  })
})

describe("GENERATE AC with a signature (financial-emv §19)", () => {
  it("hides the cryptogram in the signature of a TC or ARQC, never signs an AAC, and tells of the signature in the CVR", () => {
    const card = activeCard({ authentication: { method: "cda" } })
    select(card)
    send(card, GPO)
    expect(send(card, `80AE900034${CDOL_VALUES}00`)).toMatch(
      /^7781B.9F2701809F360200079F101307010103A00002.{24}9F4B8190.{288}9000$/,
    )
    expect(send(card, `80AE1000363035${CDOL_VALUES}00`)).toMatch(/^801E000007.{16}0701010320....010A.*9000$/)
  })

  it("is refused by a card that announces DDA alone", () => {
    const card = activeCard({ authentication: { method: "dda" } })
    select(card)
    send(card, GPO)
    expect(status(card, `80AE900034${CDOL_VALUES}00`)).toBe("6A86")
  })
})

describe("certificates (financial-emv §15, §19)", () => {
  it.each([
    [undefined, "800A1C000801010010010200"],
    ["sda", "800A5C000801010010010501"],
    ["dda", "800A7C000801010010010501"],
    ["cda", "800A7D000801010010010501"],
  ])("AIP and AFL of a card with %s", (method, expected) => {
    const card = activeCard(method ? { authentication: { method } } : {})
    select(card)
    expect(send(card, GPO)).toBe(`${expected}9000`)
  })

  it.each(["rsa", "sm2"])("the same profile makes the same card, %s", (algorithm) => {
    const [one, other] = [1, 2].map(() => activeCard({ authentication: { method: "cda", algorithm } }))
    expect(one!.layout.image).toEqual(other!.layout.image)
  })

  it("stand in records 3 to 5 of file 2", () => {
    const card = activeCard({ authentication: { method: "dda" } })
    select(card)
    expect(send(card, "00B2031400")).toMatch(/^7081D08F01C29F3201039214[0-9A-F]{40}9081B0.*9000$/)
    expect(send(card, "00B2041400")).toMatch(/^7081CF9F4681A0.*9F4701039F481A[0-9A-F]{52}9F49039F37049F4A01829000$/)
    expect(send(card, "00B2051400")).toMatch(/^7081A39381A0.*9000$/)
    expect(status(card, "00B2061400")).toBe("6A83")
  })
})
