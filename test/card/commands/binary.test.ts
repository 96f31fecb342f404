import { describe, expect, it } from "vitest"
import { toHex } from "../../../src/apdu/index.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { SSSE_AID, testCard } from "../../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const content = (from: number, to: number) =>
  toHex(Uint8Array.from({ length: to - from }, (_, i) => ((from + i) * 7) & 0xff))

describe("READ BINARY (card-commands §4.4)", () => {
  it.each([
    ["16 bytes", "00B0000010", `${content(0, 16)}9000`],
    ["256 bytes", "00B0000000", `${content(0, 256)}9000`],
    ["an offset of 15 bits", "00B003D910", "6C0F"],
    ["the rest", "00B003D900", `${content(985, 1000)}9000`],
    ["the last byte", "00B003E701", `${content(999, 1000)}9000`],
    ["behind the end", "00B003E800", "6B00"],
    ["far behind the end", "00B07FFF01", "6B00"],
    ["by SFI", "00B0880504", `${content(5, 9)}9000`],
    ["by an unknown SFI", "00B0930004", "6A82"],
    ["by SFI 0", "00B0800004", "6A86"],
    ["by SFI 1F", "00B09F0004", "6A86"],
    ["P1 bits 7 and 6 set", "00B0A80004", "6A86"],
    ["a record file", "00B0850004", "6981"],
    ["a file that needs a key", "00B0870004", "6982"],
    ["with data", "00B0000001AA", "6700"],
    ["without Le: the data wait", "00B00000", "6100"],
  ])("%s", (_, command, expected) => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4000002EF08"])
    expect(exchange(card, command)).toBe(expected)
  })

  it("asks for a current EF", () => {
    expect(exchangeAll(testCard(), [SSSE, "00B0000010"])).toBe("6986")
  })
})
