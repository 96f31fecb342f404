import { describe, expect, it } from "vitest"
import { expectRefused } from "../../support/card-state.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { isoCard, PIN } from "../../support/iso-card.js"

describe("READ RECORD(S) of an ISO card (ISO 7816-4 §11.3.3)", () => {
  it.each([
    ["one by number", "00B2021C00", "300142"],
    ["one by identifier, first", "00B22E1800", "2E0141"],
    ["one by identifier, last", "00B22E1900", "2E0144"],
    ["all from the first", "00B2011D00", "2E0141300142" + "2E01432E0144"],
    ["all from the third", "00B2031D00", "2E01432E0144"],
    ["the last one alone", "00B2041D00", "2E0144"],
    ["all from the last up to the second", "00B2021E00", "2E01442E0143300142"],
    ["all of fixed records, cut to Le", "00B201250A", "52554C4520303031" + "5255"],
  ])("reads %s", (_, command, data) => {
    expect(exchange(isoCard(), command)).toBe(`${data}9000`)
  })

  it("reads from the current record where P1 is 00", () => {
    const card = isoCard()
    exchangeAll(card, ["00B2301800", "00B2000500 < 3001422E01432E01449000", "00B2000600 < 2E01442E01433001429000"])
    exchangeAll(card, ["00B2000400 < 3001429000"])
  })

  it("reads cyclic records from the newest on", () => {
    const card = isoCard()
    exchangeAll(card, [PIN, "00B2012D00 < B0000002B00000019000", "00B2022E00 < B00000019000"])
  })

  it("gives in parts under T=0 what one answer cannot carry", () => {
    const card = isoCard({ protocol: "T=0" })
    exchangeAll(card, [
      "00B2012500 < 52554C452030303152554C452030303252554C452030303352554C452030303452554C45203030359000",
    ])
    exchangeAll(card, ["00B201250A < 6C28"])
  })

  it.each([
    ["mode 7", "00B2011F00", "6A86"],
    ["SFI 31", "00B201FD00", "6A86"],
    ["data", "00B2011D0101", "6700"],
    ["no current file", "00B2010500", "6986"],
    ["an SFI that is not there", "00B2014D00", "6A82"],
    ["a transparent file", "00B2010D00", "6981"],
    ["a file that is closed", "00B2012D00", "6982"],
    ["a record behind the last of a closed file", "00B2092D00", "6982"],
    ["a record behind the last", "00B2071D00", "6A83"],
    ["the current record where there is none", "00B2001D00", "6A83"],
    ["an empty cyclic file", "00B2013500", "6A83"],
  ])("refuses %s", (_, command, expected) => {
    const card = isoCard()
    const sfi = Number.parseInt(command.slice(6, 8), 16) >> 3
    const file = card.session.directory.filesBySfi[sfi]
    if (file && sfi < 31) exchange(card, `00A4020C02${file.fid.toString(16).padStart(4, "0")}`)
    expectRefused(card, command, expected)
  })
})
