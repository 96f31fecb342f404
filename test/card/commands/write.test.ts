import { describe, it } from "vitest"
import { expectRefused } from "../../support/card-state.js"
import { exchangeAll } from "../../support/exchange.js"
import { isoCard, PIN } from "../../support/iso-card.js"

describe("WRITE BINARY (ISO 7816-4 §11.2.4)", () => {
  it("sets bits and clears none, as the data coding byte says", () => {
    const card = isoCard()
    exchangeAll(card, [
      "00A4080C022F05",
      "00D6000004 01020304 < 9000",
      "00D0000104 F0F00000 < 9000",
      "00B0000006 < 01F2F30400009000",
    ])
    exchangeAll(card, ["00D0853F01 80 < 9000", "00D0853F01 01 < 9000", "00B0003F01 < 819000"])
  })

  it.each([
    ["no data", "00D00000", "6700"],
    ["SFI 31", "00D09F0001FF", "6A86"],
    ["an SFI that is not there", "00D0870001FF", "6A82"],
    ["an offset behind the end", "00D0004001FF", "6B00"],
    ["data beyond the end", "00D0003F02FFFF", "6A84"],
  ])("refuses %s", (_, command, expected) => {
    const card = isoCard()
    exchangeAll(card, ["00A4080C022F05"])
    expectRefused(card, command, expected)
  })

  it.each([
    ["without a current file", "00A4000C023F00", "6986"],
    ["in a file of records", "00A4080C044F000003", "6981"],
    ["in a closed file", "00A4080C044F000001", "6982"],
  ])("is refused %s", (_, before, expected) => {
    const card = isoCard()
    exchangeAll(card, [`${before} < 9000`])
    expectRefused(card, "00D0000001FF", expected)
  })
})

describe("WRITE RECORD (ISO 7816-4 §11.3.4)", () => {
  it("sets bits of a record, by number and by identifier", () => {
    const card = isoCard()
    exchangeAll(card, [
      "00D2021C03 000080 < 9000",
      "00B2021C00 < 3001C29000",
      "00D22E1903 000080 < 9000",
      "00B2000400 < 2E01C49000",
    ])
    exchangeAll(card, [PIN, "00D2012408 0000000000000080 < 9000", "00B2012400 < 52554C45203030B19000"])
  })

  it.each([
    ["mode 5", "00D2011D03000080", "6A86"],
    ["no data", "00D2011C", "6700"],
    ["a record of another length", "00D2011C0400008000", "6700"],
    ["an SFI that is not there", "00D2014C03000080", "6A82"],
    ["a record that is not there", "00D2071C03000080", "6A83"],
    ["a record that was never written", "00D2051C03000080", "6A83"],
  ])("refuses %s", (_, command, expected) => {
    const card = isoCard()
    exchangeAll(card, ["00A4020C020003"])
    expectRefused(card, command, expected)
  })

  it.each([
    ["without a current file", "00A4000C023F00", "6986"],
    ["in a transparent file", "00A4020C020001", "6981"],
    ["in a closed file", "00A4020C020005", "6982"],
  ])("is refused %s", (_, before, expected) => {
    const card = isoCard()
    exchangeAll(card, [`${before} < 9000`])
    expectRefused(card, "00D2010403000080", expected)
  })
})
