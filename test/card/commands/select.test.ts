import { describe, expect, it } from "vitest"
import { toHex } from "../../../src/apdu/index.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { BANK_AID, SSSE_AID, SSSE_FCI, testCard } from "../../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const BANK = `00A4040008${toHex(BANK_AID)}`

describe("SELECT (card-commands §3)", () => {
  it("answers the AID of the SSSE with 61 18, its FCI follows", () => {
    const card = testCard()
    expect(exchange(card, SSSE)).toBe("6118")
    expect(exchange(card, "00C0000018")).toBe(`${toHex(SSSE_FCI)}9000`)
  })

  it.each([
    ["EF by FID, P1 00", "00A4000002EF05", "9000"],
    ["EF by FID, P1 02", "00A4020002EF05", "9000"],
    ["EF by FID with P2 0C", "00A4020C02EF05", "9000"],
    ["child DF, P1 00", "00A4000002DF01", "610F"],
    ["child DF, P1 01", "00A4010002DF01", "610F"],
    ["child DF without data", "00A4000C02DF01", "9000"],
    ["the current DF", "00A4000002DDF1", "6118"],
    ["the MF", "00A40000023F00", "6111"],
    ["the MF with no data field", "00A4000000", "6F0F8408C9E7BBE1B1A3D5CFA5038801019000"],
    ["the MF with no data field and no Le", "00A40000", "6111"],
    ["the parent, P1 03", "00A4030000", "6111"],
    ["a sibling of the SSSE", "00A4000002DDF2", "9000"],
    ["a missing FID", "00A4000002EF55", "6A82"],
    ["a missing child: the SSSE is none of its own", "00A4010002DDF1", "6A82"],
    ["an EF as child DF", "00A4010002EF05", "6A82"],
    ["a DF as EF", "00A4020002DF01", "6A82"],
    ["a FID of one byte", "00A4000001EF", "6700"],
    ["a FID of three bytes", "00A4000003EF0500", "6700"],
    ["the parent with data", "00A4030002DDF1", "6700"],
    ["P1 08, a path", "00A4080002DF01", "6A86"],
    ["P2 04", "00A4000402EF05", "6A86"],
    ["P2 01", "00A4040105D156000005", "6A86"],
    ["next occurrence by FID", "00A4000202EF05", "6A86"],
    ["no name", "00A40400", "6700"],
    ["17 bytes of name", `00A4040011${"41".repeat(17)}`, "6700"],
    ["an unknown name", "00A4040006D156000005FF", "6A82"],
    ["a longer name than the card's", "00A4040007D1560000050000", "6A82"],
    ["four bytes of a name", "00A4040004D1560000", "6A82"],
    ["five bytes of a name", "00A4040005D156000005", "610F"],
    ["a full name", "00A4040006D15600000503", "610F"],
    ["a full name without data", "00A4040C06D15600000503", "9000"],
  ])("from the SSSE: %s", (_, command, expected) => {
    const card = testCard()
    exchange(card, SSSE)
    expect(exchange(card, command)).toBe(expected)
  })

  it.each([
    ["its sibling", "DF04", "610F"],
    ["itself", "DF01", "610F"],
    ["its parent", "DDF1", "6118"],
    ["the MF", "3F00", "6111"],
    ["a DDF below the MF", "DDF2", "9000"],
  ])("by FID from DF01 reaches %s", (_, fid, expected) => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4000002DF01 < 610F"])
    expect(exchange(card, `00A4000002${fid}`)).toBe(expected)
  })

  it("does not reach a DF below another DDF by FID", () => {
    const card = testCard()
    expect(exchange(card, "00A4000002DF01")).toBe("6A82")
  })

  it("walks through the occurrences of a partial name with P2 02", () => {
    const card = testCard()
    exchangeAll(card, [
      "00A4040004D1560000 < 6A82",
      "00A4040005D156000005 < 610F",
      "00C000000F < 6F0D8406D15600000500A5038801019000",
      "00A4040205D156000005 < 610F",
      "00C000000F < 6F0D8406D15600000503A5038801019000",
      "00A4040205D156000005 < 6A82",
    ])
    expect(card.session.directory.name).toBe("DF04")
  })

  it("prefers a full name to the beginning of an earlier one", () => {
    const card = testCard()
    exchange(card, "00A4040006D1560000FF01")
    expect(card.session.directory.name).toBe("OTHER")
  })

  it("keeps directory and file when nothing is found", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4000002EF05 < 9000", "00A4000002EEEE < 6A82", "00A4040006D15600000599 < 6A82"])
    expect(card.session.directory.name).toBe("SSSE")
    expect(card.session.file?.name).toBe("EF05")
  })

  it("clears the current EF when a DF is selected", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4000002EF05", "00A4000002DDF1"])
    expect(exchange(card, "00B2010400")).toBe("6986")
  })

  it("gives parent of the MF as not found", () => {
    expect(exchange(testCard(), "00A4030000")).toBe("6A82")
  })

  it("lets the application answer: 6283 with its FCI, 6A81 without, both make it current", () => {
    const card = testCard()
    exchangeAll(card, [BANK, "801E010000 < 9000", `${BANK} < 610C`, "00C000000C < 6F0A8408A0000003330101016283"])
    expect(exchangeAll(card, ["8018000000 < 9000", "801E020000 < 9000", BANK])).toBe("6A81")
    expect(card.session.directory.name).toBe("BANK")
  })
})

describe("commands of an application", () => {
  it("are refused by its admit function, those of the operating system too, SELECT and GET RESPONSE excepted", () => {
    const card = testCard()
    exchangeAll(card, [
      BANK,
      "801E010000 < 9000",
      "80EE000001AA < 6985",
      "00B2011400 < 6985",
      "00FF0000 < 6985",
      `${BANK} < 610C`,
      "00C000000C < 6F0A8408A0000003330101016283",
      "8018000000 < 9000",
      "80EE000001AA < 6101",
    ])
  })

  it("run with a fresh state after each SELECT", () => {
    const card = testCard()
    exchangeAll(card, [BANK, "80EC000000 < 019000", "80EC000000 < 029000", BANK, "80EC000000 < 019000"])
  })

  it("hide those of the operating system that it is without", () => {
    expect(exchangeAll(testCard(), [BANK, "0020000003123456"])).toBe("6D00")
  })
})
