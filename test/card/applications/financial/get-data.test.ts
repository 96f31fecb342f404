import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../../src/apdu/index.js"
import { financialCard, getData, select, send } from "../../../support/financial-card.js"

describe("GET DATA (financial-emv §17)", () => {
  const card = financialCard()
  select(card)

  it.each([
    ["9F36", "0000"],
    ["9F13", "0000"],
    ["9F17", "00"],
    ["9F4F", "9A039F21039F02069F03069F1A025F2A029F4E149C019F3602"],
    ["DF4F", "9A039F21039F1A029F4E149F3602"],
    ["9F79", "000000010000"],
    ["9F5D", "000000010000"],
    ["9F77", "000000100000"],
    ["9F78", "000000050000"],
    ["9F6D", "000000001000"],
    ["9F51", "0156"],
    ["9F57", "0156"],
    ["9F52", "C000"],
    ["9F53", "00"],
    ["9F72", "00"],
    ["9F54", "000000000000"],
    ["9F5C", "000000000000"],
    ["9F56", "80"],
    ["9F58", "00"],
    ["9F59", "00"],
    ["9F50", "000000000000"],
    ["9F68", "81000000"],
    ["9F6B", "000000100000"],
    ["9F6C", "0000"],
  ])("gives %s of the default card", (tag, value) => {
    const length = (value.length / 2).toString(16).padStart(2, "0").toUpperCase()
    expect(send(card, `80CA${tag}00`)).toBe(`${tag}${length}${value}9000`)
  })

  it.each(["9F75", "DF79", "DF71", "9F73", "9F76", "9F26", "9F10", "5A00", "0000", "FFFF", "9F14"])(
    "holds no %s",
    (tag) => {
      expect(send(card, `80CA${tag}00`)).toBe("6A88")
    },
  )

  it("takes Le 00 and the exact Le, and names the right one otherwise", () => {
    const le = (text: string) => toHex(card.process(hex(`80CA9F36${text}`)))
    expect(le("00")).toBe("9F360200009000")
    expect(le("05")).toBe("9F360200009000")
    expect(le("04")).toBe("6C05")
    expect(le("02")).toBe("6C05")
    expect(le("FF")).toBe("6C05")
  })

  it("takes no data", () => {
    expect(send(card, "80CA9F36020000")).toBe("6700")
  })

  it("is a profile's to give and to take", () => {
    const other = financialCard({ data: { "9F79": "000000000500", "9F75": "000000001000", "9F6D": "" } })
    select(other)
    expect(getData(other, "9F79")).toBe("000000000500")
    expect(getData(other, "9F75")).toBe("000000001000")
    expect(getData(other, "9F6D")).toBe("6A88")
  })
})
