import { describe, expect, it } from "vitest"
import { expectRefused } from "../../support/card-state.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { isoCard, PIN } from "../../support/iso-card.js"

/** NOTES (SFI 3): 2E 41, 30 42, 2E 43, 2E 44 · RULES (SFI 4): `RULE 001` .. `RULE 005`. */
describe("SEARCH RECORD (ISO 7816-4 §11.3.7)", () => {
  it.each([
    ["forward from record 1", "00A201240230 30", "0102030405"],
    ["forward from record 3", "00A203240230 30", "030405"],
    ["backward from record 3", "00A203250230 30", "030201"],
    ["a string in one record", "00A201240230 34", "04"],
    ["the whole record", "00A2012408 52554C4520303032", "02"],
    ["by identifier, forward from the first", "00A22E18012E", "010304"],
    ["by identifier, backward from the last", "00A22E19012E", "040301"],
    ["by any identifier", "00A20018 0101", "01020304"],
    ["enhanced, forward from record 2", "00A202 26 04 0400 3030", "02030405"],
    ["enhanced, backward from record 2", "00A202 26 04 0500 3030", "0201"],
    ["enhanced, forward from the next record", "00A202 26 04 0600 3030", "030405"],
    ["enhanced, backward from the previous record", "00A203 26 04 0700 3030", "0201"],
    ["enhanced, by identifier", "00A22E 1E 03 0000 2E", "010304"],
    ["enhanced, at an offset", "00A201 26 04 0405 3030", "0102030405"],
    ["enhanced, behind a value", "00A201 26 03 0C20 34", "04"],
  ])("finds %s", (_, command, numbers) => {
    expect(exchange(isoCard(), `${command}00`)).toBe(`${numbers}9000`)
  })

  it("makes the first record found the current one", () => {
    const card = isoCard()
    exchangeAll(card, ["00A200250101 < 6A83", "00A203250230 3000 < 0302019000", "00B2000400 < 52554C45203030339000"])
    exchangeAll(card, [
      "00A20004 0230 3000 < 0304059000",
      "00A20005 0230 3000 < 0302019000",
      "00A20006 0406003030 00 < 04059000",
    ])
    exchangeAll(card, ["00A22E1A 012E00 < 0103049000", "00A22E02 012E00 < 03049000", "00A22E03 012E00 < 019000"])
  })

  it("searches cyclic files from the newest record on", () => {
    const card = isoCard()
    exchangeAll(card, [PIN, "00A2012C 01B000 < 01029000", "00A2012C 010100 < 029000"])
  })

  it.each([
    ["what is in no record", "00A2012402FFFF"],
    ["what begins before the offset", "00A2012604040652 55"],
    ["what stands before the value", "00A2012604 0C20 5255"],
    ["behind a value that is not there", "00A2012603 0CEE 30"],
    ["behind the end of the record", "00A2012603 0420 30"],
  ])("warns with 6282 for %s; the current record stays", (_, command) => {
    const card = isoCard()
    exchange(card, "00A4020C020004")
    expectRefused(card, command.replace(/\s/g, ""), "6282")
  })

  it.each([
    ["mode 7", "00A2012701 30", "6A86"],
    ["SFI 31", "00A201FC0130", "6A86"],
    ["no string", "00A2012400", "6700"],
    ["no current file", "00A201040130", "6986"],
    ["an SFI that is not there", "00A2014C0130", "6A82"],
    ["a transparent file", "00A2010C0130", "6981"],
    ["a closed file", "00A2012C0130", "6982"],
    ["an enhanced search without string", "00A20126020400", "6A80"],
    ["an indication of no kind", "00A201260314 0030", "6A80"],
    ["a record behind the last", "00A206240130", "6A83"],
    ["backward from a record behind the last", "00A206250130", "6A83"],
    ["the current record where there is none", "00A200240130", "6A83"],
    ["an identifier that no record has", "00A299180130", "6A83"],
    ["nothing behind the last", "00A20526 0306 0030", "6A83"],
  ])("refuses %s", (_, command, expected) => {
    const card = isoCard()
    const text = command.replace(/\s/g, "")
    const file = card.session.directory.filesBySfi[Number.parseInt(text.slice(6, 8), 16) >> 3]
    if (file) exchange(card, `00A4020C02${file.fid.toString(16).padStart(4, "0")}`)
    expectRefused(card, text, expected)
  })

  it("answers under T=0 with what GET RESPONSE fetches", () => {
    exchangeAll(isoCard({ protocol: "T=0" }), ["00A201240230 30 < 6105", "00C0000005 < 01020304059000"])
  })
})
