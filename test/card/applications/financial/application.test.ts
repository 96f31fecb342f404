import { describe, expect, it } from "vitest"
import { activeCard, GPO, generateAc, SELECT_FINANCIAL, select, send, status } from "../../../support/financial-card.js"

describe("brute-force scans (financial-emv §27.12)", () => {
  it("of all records find what the AFL says and nothing else, and disturb nothing", () => {
    const card = activeCard()
    select(card)
    const found: string[] = []
    for (let sfi = 1; sfi <= 30; sfi++)
      for (let record = 1; record <= 16; record++) {
        const p2 = ((sfi << 3) | 4).toString(16).padStart(2, "0")
        const answer = send(card, `00B2${record.toString(16).padStart(2, "0")}${p2}00`)
        if (answer.endsWith("9000")) found.push(`${sfi}.${record}`)
        else expect(answer).toMatch(/^6A8[23]$/)
      }
    expect(found).toEqual(["1.1", "2.1", "2.2", "3.1"])
    expect(status(card, GPO)).toBe("9000")
    expect(generateAc(card, "80").cid).toBe("80")
  })

  it("next occurrence ends with 6A82", () => {
    const card = activeCard()
    expect(status(card, SELECT_FINANCIAL)).toBe("9000")
    expect(status(card, "00A4040208A000000333010101")).toBe("6A82")
    expect(status(card, "00A4040005A000000333")).toBe("9000")
    expect(status(card, "00A4040205A000000333")).toBe("6A82")
  })

  it.each(["0088000004 11223344", "00B0000004", "805E010007123456FF654321", "80CB9F3600", "80500001"])(
    "%s is no command of this application",
    (command) => {
      const card = activeCard()
      select(card)
      expect(status(card, command)).toBe("6D00")
    },
  )
})
