import { describe, expect, it } from "vitest"
import { hex } from "../../../../src/apdu/index.js"
import {
  activeCard,
  challenge,
  externalAuthenticate,
  type FinancialChanges,
  financialCard,
  GPO,
  generateAc,
  getData,
  onlineCard,
  scriptCommand,
  select,
  send,
  status,
} from "../../../support/financial-card.js"

function online(changes: FinancialChanges = {}) {
  const { card, arqc } = onlineCard(changes)
  const put = (tag: string, value: string, cla = "04") =>
    status(card, scriptCommand(arqc.counter, arqc.cryptogram, `${cla}DA${tag}`, hex(value)))
  return { card, arqc, put }
}

describe("PUT DATA (financial-emv §22)", () => {
  it("V-B10: a new balance of electronic cash", () => {
    const card = activeCard({ authentication: { method: "dda" } })
    select(card)
    send(card, GPO)
    send(card, "00880000041122334400")
    expect(generateAc(card, "80").cryptogram).toEqual(hex("E64152248DEBA48B"))
    expect(send(card, "04DA9F790A000000060000C51CC686")).toBe("9000")
    expect(getData(card, "9F79")).toBe("000000060000")
    expect(getData(card, "9F5D")).toBe("000000060000")
  })

  it.each([
    ["9F77", "000000200000"],
    ["9F78", "000000001000"],
    ["9F6D", "000000000000"],
    ["9F52", "C080"],
    ["9F53", "05"],
    ["9F72", "06"],
    ["9F54", "000000100000"],
    ["9F5C", "000000200000"],
    ["9F56", "00"],
    ["9F58", "0A"],
    ["9F59", "0F"],
    ["9F68", "80000000"],
    ["9F6B", "000000050000"],
  ])("changes %s", (tag, value) => {
    const { card, put } = online()
    expect(put(tag, value)).toBe("9000")
    expect(getData(card, tag)).toBe(value)
    card.reset()
    select(card)
    expect(getData(card, tag)).toBe(value)
  })

  it("changes the terminal's limits in their record", () => {
    const { card, put } = online()
    expect(put("9F14", "03")).toBe("9000")
    expect(put("9F23", "05")).toBe("9000")
    expect(send(card, "00B2021400")).toMatch(/9F1401039F2301059000$/)
  })

  it("is taken with class 84 too", () => {
    expect(online().put("9F58", "0A", "84")).toBe("9000")
  })

  it.each([
    ["a tag that only the card changes", "9F36", "0007", "6A88"],
    ["a tag of GET DATA that scripts may not change", "9F51", "0156", "6A88"],
    ["an object that this card does not have", "DF79", "000000000000", "6A88"],
    ["an unknown tag", "9F01", "00", "6A88"],
    ["the balance under its other tag", "9F5D", "000000060000", "6A88"],
    ["a value that is too short", "9F79", "0000060000", "6A80"],
    ["a value that is too long", "9F58", "0A0A", "6A80"],
    ["no value", "9F58", "", "6A80"],
    ["an amount that is no decimal number", "9F79", "00000006000A", "6A80"],
    ["a balance above its limit", "9F79", "000000100001", "6A80"],
  ])("refuses %s, which shows in the next transaction", (_, tag, value, expected) => {
    const { card, arqc, put } = online()
    expect(put(tag, value)).toBe(expected)
    externalAuthenticate(card, arqc)
    expect(generateAc(card, "40", "3030").cid).toBe("40")
    expect(put(tag, value)).toBe(expected)
    select(card)
    send(card, GPO)
    expect(generateAc(card, "80").cvr).toBe("03A00008")
  })

  it("is refused without a whole MAC", () => {
    expect(status(online().card, "04DA9F7903000000")).toBe("6700")
  })

  it("is no command of an application that is blocked or not yet active", () => {
    const card = financialCard()
    select(card)
    expect(status(card, scriptCommand("0000", challenge(card), "04DA9F58", hex("0A")))).toBe("6985")
  })
})

describe("the load log (financial-emv §17)", () => {
  it("has a record for each change of the balance, the newest first, and nothing for other objects", () => {
    const { card, put } = online()
    put("9F78", "000000001000")
    expect(status(card, "00B2016400")).toBe("6A83")
    put("9F79", "000000060000")
    put("9F79", "000000000000")
    const transaction = "251120103000015653484542414F20544553542041544D20303030310007"
    expect(send(card, "00B2016400")).toBe(`9F79000000060000000000000000${transaction}9000`)
    expect(send(card, "00B2026400")).toBe(`9F79000000010000000000060000${transaction}9000`)
    expect(status(card, "00B2036400")).toBe("6A83")
  })

  it("keeps the last ten", () => {
    const { card, put } = online()
    for (let i = 1; i <= 11; i++) put("9F79", `00000000${String(i).padStart(4, "0")}`)
    expect(send(card, "00B2016400").slice(16, 28)).toBe("000000000011")
    expect(send(card, "00B20A6400").slice(16, 28)).toBe("000000000002")
    expect(status(card, "00B20B6400")).toBe("6A83")
  })

  it("is laid out by the card's own format", () => {
    const { card, put } = online({ data: { "9F36": "0006", "9F13": "0006", DF4F: "9F36029A03" } })
    put("9F79", "000000060000")
    expect(send(card, "00B2016400")).toBe("9F790000000100000000000600000007251120" + "9000")
  })
})
