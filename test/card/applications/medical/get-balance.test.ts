import { describe, expect, it } from "vitest"
import { createCard, parseProfile } from "../../../../src/card/index.js"
import { send } from "../../../support/financial-card.js"

function medicalCard(changes: object = {}) {
  const card = createCard({
    profile: parseProfile({
      extends: "employee",
      medical: { cia: "100.00", spip: "12.34", spfp: "56.78", year: "2024", ...changes },
    }),
  })
  card.powerOn()
  send(card, "00A4000002DDF1")
  send(card, "00A4000002DF04")
  return card
}

const VERIFY = "0020000003123456"

describe("GET BALANCE (card-commands §10.1)", () => {
  it.each([
    ["CIA", "B026000104", "000027109000"],
    ["CIA with Le 00", "B026000100", "000027109000"],
    ["SPIP and its year", "B026000206", "000004D220249000"],
    ["SPFP and its year", "B026000306", "0000162E20249000"],
  ])("tells %s", (_, command, answer) => {
    const card = medicalCard()
    send(card, VERIFY)
    expect(send(card, command)).toBe(answer)
  })

  it("needs the PIN", () => {
    const card = medicalCard()
    expect(send(card, "B026000104")).toBe("6982")
    send(card, "0020000003999999")
    expect(send(card, "B026000104")).toBe("6982")
    send(card, VERIFY)
    expect(send(card, "B026000104")).toBe("000027109000")
    card.reset()
    send(card, "00A4000002DDF1")
    send(card, "00A4000002DF04")
    expect(send(card, "B026000104")).toBe("6982")
  })

  it("takes the PIN from another directory of the environment", () => {
    const card = medicalCard()
    send(card, "00A4000002DF01")
    send(card, VERIFY)
    send(card, "00A4000002DF04")
    expect(send(card, "B026000104")).toBe("000027109000")
  })

  it("answers 6Cxx to another Le", () => {
    const card = medicalCard()
    send(card, VERIFY)
    expect(Buffer.from(card.process(Buffer.from("B026000106", "hex"))).toString("hex")).toBe("6c04")
    expect(Buffer.from(card.process(Buffer.from("B026000204", "hex"))).toString("hex")).toBe("6c06")
  })

  it.each([
    ["P1P2 of no balance", "B026000004", "6A86"],
    ["P1P2 of no balance, without the PIN", "B026000404", "6A86"],
    ["data", "B0260001020000", "6700"],
    ["another instruction of the class", "B0320000", "6D00"],
  ])("refuses %s", (_, command, answer) => {
    expect(send(medicalCard(), command)).toBe(answer)
  })

  it.each([
    ["the MF", "00A4000000"],
    ["the SSSE", "00A4000002DDF1"],
    ["DF01", "00A4000002DF01"],
    ["the financial application", "00A4040008A000000333010101"],
  ])("is not there in %s", (_, select) => {
    const card = medicalCard()
    send(card, VERIFY)
    send(card, select)
    expect(send(card, "B026000104")).toBe("6E00")
  })

  it("takes the P1P2 of the profile", () => {
    const card = medicalCard({ p1p2: { cia: ["0001", "0100"], spip: ["0A0B"] } })
    send(card, VERIFY)
    expect(send(card, "B026010004")).toBe("000027109000")
    expect(send(card, "B0260A0B06")).toBe("000004D220249000")
    expect(send(card, "B026000206")).toBe("6A86")
    expect(send(card, "B026000306")).toBe("0000162E20249000")
  })
})
