import { describe, it } from "vitest"
import { expectRefused } from "../../support/card-state.js"
import { exchangeAll } from "../../support/exchange.js"
import { isoCard, KEYS, PIN } from "../../support/iso-card.js"
import { authenticate } from "../../support/terminal.js"

const NAME = "4345534849"

describe("GET DATA (ISO 7816-4 §11.4.3)", () => {
  it("answers the value of the object whose tag is P1 P2", () => {
    const card = isoCard()
    exchangeAll(card, [`00CA5F2000 < ${NAME}9000`, "00CADF0100 < 9000", PIN, "00CA00C100 < 01029000"])
    exchangeAll(card, ["00A4000C023F00", "00CA5F2D00 < 7A68656E9000"])
  })

  it("answers whole objects to a tag list", () => {
    const card = isoCard()
    exchangeAll(card, [
      `00CB3FFF045C025F2000 < 5F2005${NAME}9000`,
      `00CB0000065C04DF025F2000 < DF0202AABB5F2005${NAME}9000`,
    ])
    exchangeAll(card, ["00CB4F00045C02DF0100 < DF01009000"])
  })

  it("answers all objects that may be read to an empty tag list", () => {
    const card = isoCard()
    exchangeAll(card, [`00CB3FFF025C0000 < 5F2005${NAME}DF0100DF0202AABB9000`, PIN])
    exchangeAll(card, [`00CB3FFF025C0000 < 5F2005${NAME}C1020102DF0100DF0202AABB9000`])
  })

  it("tells the right Le under T=0", () => {
    const card = isoCard({ protocol: "T=0" })
    exchangeAll(card, ["00CA5F2004 < 6C05", `00CA5F2005 < ${NAME}9000`, "00CB3FFF045C025F20 < 6108"])
  })

  it.each([
    ["a P1 P2 that is no tag", "00CA003F00", "6A86"],
    ["data", "00CA5F200101", "6700"],
    ["an object that is not there", "00CA5F2100", "6A88"],
    ["an object of another directory", "00CA5F2D00", "6A88"],
    ["a closed object", "00CA00C100", "6982"],
    ["a tag list without data", "00CB3FFF00", "6700"],
    ["a tag list of another directory", "00CB4F01045C025F20", "6A82"],
    ["no tag list", "00CB3FFF045D025F20", "6A80"],
    ["a tag list and more", "00CB3FFF065C025F205C00", "6A80"],
    ["half a tag", "00CB3FFF035C015F", "6A80"],
    ["broken data", "00CB3FFF025C02", "6A80"],
    ["a tag list with an object that is not there", "00CB3FFF065C045F205F21", "6A88"],
    ["a tag list with a closed object", "00CB3FFF055C03 5F20C1", "6982"],
  ])("refuses %s", (_, command, expected) => {
    expectRefused(isoCard(), command.replace(/\s/g, ""), expected)
  })

  it("finds nothing where a directory has no objects", () => {
    const card = isoCard()
    exchangeAll(card, [KEYS])
    expectRefused(card, "00CB3FFF025C00", "6A88")
  })
})

describe("PUT DATA (ISO 7816-4 §11.4.5)", () => {
  it("gives an object a new value, of any length that has room", () => {
    const card = isoCard()
    exchangeAll(card, [
      "00DADF02 10 000102030405060708090A0B0C0D0E0F < 9000",
      "00CADF0200 < 000102030405060708090A0B0C0D0E0F9000",
    ])
    exchangeAll(card, ["00DADF0201CC < 9000", "00CADF0200 < CC9000", PIN, "00DA00C101FF < 9000", "00CA00C100 < FF9000"])
  })

  it("writes under a key of the directory", () => {
    const card = isoCard()
    authenticate(card, "CLERK")
    exchangeAll(card, ["00DADF010101 < 9000", "00CADF0100 < 019000"])
  })

  it("writes several objects at once", () => {
    const card = isoCard()
    exchangeAll(card, [
      PIN,
      "00DB3FFF09 5F200141 DF0202CCDD < 9000",
      "00CB3FFF065C045F20DF0200 < 5F200141DF0202CCDD9000",
    ])
    exchangeAll(card, ["00DB3FFF03DF0200 < 9000", "00CADF0200 < 9000"])
  })

  it("writes what a chain of commands brings", () => {
    const card = isoCard()
    const part = (cla: string, byte: string) => `${cla}DA00C196${byte.repeat(150)}`
    exchangeAll(card, [PIN, `${part("10", "A1")} < 9000`, `${part("00", "A2")} < 9000`])
    exchangeAll(card, [`00CA00C100012C < ${"A1".repeat(150)}${"A2".repeat(150)}9000`])
  })

  it.each([
    ["a P1 P2 that is no tag", "00DA000001AA", "6A86"],
    ["no data", "00DADF02", "6700"],
    ["an object that is not there", "00DADF0301AA", "6A88"],
    ["a closed object", "00DA5F2001AA", "6982"],
    ["a value without room", `00DADF0211${"AA".repeat(17)}`, "6A84"],
    ["a list without data", "00DB3FFF", "6700"],
    ["a list for another file", "00DB2F0504DF0201AA", "6A82"],
    ["a broken list", "00DB3FFF03DF0201", "6A80"],
    ["an object twice", "00DB3FFF08DF0201AADF0201BB", "6A80"],
    ["a list with an object that is not there", "00DB3FFF08DF0201AADF0301BB", "6A88"],
    ["a list with a closed object", "00DB3FFF08DF0201AA5F2001BB", "6982"],
    ["a list with a value without room", `00DB3FFF18DF0201AADF0211${"AA".repeat(17)}`, "6A80"],
  ])("refuses %s; no object changes", (_, command, expected) => {
    expectRefused(isoCard(), command, expected)
  })

  it("writes none of several objects when one has no room", () => {
    const card = isoCard()
    exchangeAll(card, [PIN])
    expectRefused(card, `00DB3FFF18 5F200141 DF0211${"AA".repeat(17)}`.replace(/\s/g, ""), "6A84")
  })
})
