import { describe, expect, it } from "vitest"
import {
  activeCard,
  externalAuthenticate,
  GPO,
  generateAc,
  getData,
  select,
  send,
  status,
} from "../../../support/financial-card.js"

describe("EXTERNAL AUTHENTICATE (financial-emv §21)", () => {
  const online = () => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    return { card, arqc: generateAc(card, "80") }
  }

  it("is done once, whatever came of it", () => {
    for (const right of [true, false]) {
      const { card, arqc } = online()
      expect(externalAuthenticate(card, arqc, right)).toBe(right ? "9000" : "6300")
      expect(externalAuthenticate(card, arqc)).toBe("6985")
    }
  })

  it("is refused before an ARQC and after the end", () => {
    const card = activeCard()
    select(card)
    expect(status(card, "008200000A00112233445566773030")).toBe("6985")
    send(card, GPO)
    expect(status(card, "008200000A00112233445566773030")).toBe("6985")
    generateAc(card, "00")
    expect(status(card, "008200000A00112233445566773030")).toBe("6985")
  })

  it.each([
    ["008200010A00112233445566773030", "6A86"],
    ["0082000008 0011223344556677", "6700"],
    ["008200000B0011223344556677303000", "6700"],
  ])("refuses %s, which does not count as the one try", (command, expected) => {
    const { card, arqc } = online()
    expect(status(card, command)).toBe(expected)
    expect(externalAuthenticate(card, arqc)).toBe("9000")
  })

  it("with a wrong cryptogram leads to an AAC, and the next transaction knows", () => {
    const { card, arqc } = online()
    externalAuthenticate(card, arqc, false)
    expect(generateAc(card, "40", "3030")).toMatchObject({ cid: "00", cvr: "03280000" })
    select(card)
    send(card, GPO)
    expect(generateAc(card, "80").cvr).toBe("03A08800")
  })

  it("left out leads to an AAC where it is mandatory, and the next transaction knows", () => {
    const { card } = online()
    expect(generateAc(card, "40", "3030")).toMatchObject({ cid: "00", cvr: "03200000" })
    select(card)
    send(card, GPO)
    expect(generateAc(card, "80").cvr).toBe("03A08400")
  })

  it("left out leads to a TC where it is not mandatory", () => {
    const card = activeCard({ data: { "9F36": "0006", "9F13": "0006", "9F56": "00" } })
    select(card)
    send(card, GPO)
    generateAc(card, "80")
    expect(generateAc(card, "40", "3030").cid).toBe("40")
    expect(getData(card, "9F13")).toBe("0006")
    select(card)
    send(card, GPO)
    expect(generateAc(card, "80").cvr).toBe("03A00400")
  })

  it("is refused after a power cut between ARQC and ARPC: the session is gone", () => {
    const { card, arqc } = online()
    card.reset()
    select(card)
    expect(externalAuthenticate(card, arqc)).toBe("6985")
  })
})
