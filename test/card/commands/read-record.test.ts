import { describe, expect, it } from "vitest"
import { toHex } from "../../../src/apdu/index.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { BANK_AID, SSSE_AID, testCard } from "../../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const CARD_ID = "0110320800D156000005160000018F385B8F"

describe("READ RECORD (card-commands §4.1)", () => {
  it.each([
    ["by number, exact Le", "00B2010412", `${CARD_ID}9000`],
    ["by number, Le 00", "00B2010400", `${CARD_ID}9000`],
    ["Le without the two head bytes", "00B2010410", "6C12"],
    ["Le too long", "00B2010413", "6C12"],
    ["by tag", "00B2020003", "0201319000"],
    ["by SFI and number", "00B2022C03", "0201319000"],
    ["by SFI and tag", "00B2022803", "0201319000"],
    ["no Le at all: the data wait", "00B20204", "6103"],
    ["another file by SFI", "00B2033403", "0A01319000"],
    ["a number too high", "00B2090400", "6A83"],
    ["an unknown tag", "00B2770000", "6A83"],
    ["an unknown SFI", "00B2019400", "6A82"],
    ["SFI 1F", "00B201FC00", "6A86"],
    ["P2 05", "00B2010500", "6A86"],
    ["with data", "00B2010401AA", "6700"],
    ["a transparent file", "00B2014400", "6981"],
    ["a record with a rule of its own", "00B2030400", "6982"],
    ["number 0 without a current record", "00B2000400", "6A83"],
  ])("from EF05: %s", (_, command, expected) => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4020002EF05"])
    expect(exchange(card, command)).toBe(expected)
  })

  it("asks for a current EF", () => {
    expect(exchangeAll(testCard(), [SSSE, "00B2010400"])).toBe("6986")
  })

  it("makes the file of an SFI current", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00B2022C00 < 0201319000", "00B2020400 < 0201319000"])
    expect(card.session.file?.name).toBe("EF05")
  })

  it("reads the first, last, next and previous record of a tag, and the current one with number 0", () => {
    const card = testCard()
    exchangeAll(card, [
      SSSE,
      "00A4000002DF01",
      "00A4000002EF09",
      "00B22E0000 < 2E01419000",
      "00B22E0200 < 2E01439000",
      "00B2000400 < 2E01439000",
      "00B22E0200 < 2E01449000",
      "00B22E0200 < 6A83",
      "00B22E0300 < 2E01439000",
      "00B22E0300 < 2E01419000",
      "00B22E0300 < 6A83",
      "00B22E0100 < 2E01449000",
    ])
  })

  it("reads any record in turn with P1 00; without a current record next is the first and previous the last", () => {
    const card = testCard()
    const file = [SSSE, "00A4000002DF01", "00A4000002EF09"]
    exchangeAll(card, [...file, "00B2000200 < 2E01419000", "00B2000200 < 3001429000", "00B2000300 < 2E01419000"])
    exchangeAll(card, [...file, "00B2000300 < 2E01449000"])
  })

  it("leaves the current record alone when a record is read by its number (ISO 7816-4 §7.3.1)", () => {
    const card = testCard()
    const file = [SSSE, "00A4000002DF01", "00A4000002EF09"]
    exchangeAll(card, [...file, "00B22E0000 < 2E01419000", "00B2040400 < 2E01449000", "00B22E0200 < 2E01439000"])
  })

  it("tells of missing records only when the file may be read", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4000002DF01", "00A4000002EF05", "00B2090400 < 6982", "00B2AA0000 < 6982"])
  })

  it("gives records that were never written with their padding, or as missing by option", () => {
    const blank = [SSSE, "00A4000002EF06", "00B2020400"]
    expect(exchangeAll(testCard(), blank)).toBe(`091E${"00".repeat(30)}9000`)
    const card = testCard({ options: { emptyRecords: "missing" } })
    expect(exchangeAll(card, blank)).toBe("6A83")
    expect(exchange(card, "00B2090000")).toBe("6A83")
    expect(exchange(card, "00B20A0000")).toBe("0A01319000")
  })

  it("does not see spare records that nothing was appended to", () => {
    expect(exchangeAll(testCard(), [SSSE, "00A4000002DF01", "00A4000002EF09", "00B2050400"])).toBe("6A83")
  })

  it("numbers cyclic records from the newest and refuses those not written yet", () => {
    const card = testCard()
    exchangeAll(card, [
      SSSE,
      "00A4000002DF04",
      "0020000003123456",
      "00A4000002EF08",
      `00B201041C < ${"02".repeat(28)}9000`,
      `00B202041C < ${"01".repeat(28)}9000`,
      "00B203041C < 6A83",
      "00B200041C < 6A83",
    ])
  })

  it("reads fixed records without tags by number", () => {
    const card = testCard()
    const file = [SSSE, "00A4000002DF04", "00A4000002EF11"]
    exchangeAll(card, [...file, "00B2020405 < 11121314159000", "00B2030405 < 00000000009000", "00B2040405 < 6A83"])
    expect(exchange(card, "00B2010000")).toBe("6A83")
  })

  it("sends records longer than 256 bytes in two parts", () => {
    const card = testCard()
    const record = `708200FE${"5A".repeat(254)}`
    exchange(card, `00A4040008${toHex(BANK_AID)}`)
    expect(exchange(card, "00B2011400")).toBe(`${record.slice(0, 512)}6102`)
    expect(exchange(card, "00C0000002")).toBe("5A5A9000")
  })
})
