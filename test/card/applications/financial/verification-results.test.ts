import { describe, expect, it } from "vitest"
import {
  activeCard,
  approve,
  CDOL_VALUES,
  externalAuthenticate,
  financialCard,
  GPO,
  generateAc,
  getData,
  select,
  send,
} from "../../../support/financial-card.js"

describe("card verification results of the next transaction", () => {
  const nextCvr = (card: ReturnType<typeof activeCard>) => {
    select(card)
    send(card, GPO)
    return generateAc(card, "80").cvr
  }

  it("tell of a new card until the issuer approves once", () => {
    const card = financialCard({ state: "active" })
    expect(nextCvr(card)).toBe("03A01000")
    expect(nextCvr(card)).toBe("03A09000")
    expect(approve(card).cid).toBe("40")
    expect(getData(card, "9F13")).toBe("0003")
    expect(nextCvr(card)).toBe("03A00000")
  })

  it("tell of a transaction that was broken off, across a power cut, until one is completed", () => {
    const card = activeCard()
    expect(nextCvr(card)).toBe("03A00000")
    card.reset()
    expect(nextCvr(card)).toBe("03A08000")
    approve(card)
    expect(nextCvr(card)).toBe("03A00000")
  })

  it("tell of nothing after an AAC that the issuer asked for and proved", () => {
    const card = activeCard()
    select(card)
    send(card, GPO)
    const arqc = generateAc(card, "80")
    externalAuthenticate(card, arqc)
    expect(generateAc(card, "00", "3035")).toMatchObject({ cid: "00", cvr: "03200000" })
    expect(getData(card, "9F13")).toBe("0006")
    expect(nextCvr(card)).toBe("03A00000")
  })

  it("tell of data authentication that the terminal saw fail before it declined", () => {
    const failed = CDOL_VALUES.replace("0000048000", "4800048000")
    const card = activeCard()
    select(card)
    send(card, GPO)
    generateAc(card, "00", "", failed)
    expect(nextCvr(card)).toBe("03A00104")
    approve(card)
    expect(nextCvr(card)).toBe("03A00000")
  })
})
