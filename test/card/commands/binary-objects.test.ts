import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { expectRefused } from "../../support/card-state.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { isoCard, PIN } from "../../support/iso-card.js"

const NUMBER = "4C49425241525920434152442030303031"

describe("READ BINARY with data objects (ISO 7816-4 §11.2.3)", () => {
  it.each([
    ["by SFI", "00B1000103540100 13", `5311${NUMBER}`],
    ["by file identifier, the current one", "00B1000703540100 0A", `5308${"00".repeat(8)}`],
    ["from an offset", "00B100010354010200", `531E${NUMBER.slice(4)}${"00".repeat(15)}`],
    ["with an offset of four bytes", "00B1000106540400000002 05", "5303425241"],
    ["beyond 32,767 bytes", "00B100070454029C3F00", "530100"],
    ["without Le", "00B1000704540200FF", `5381FD${"00".repeat(253)}`],
    ["as much as an Le of 130 holds", "00B100070354010082", `537F${"00".repeat(127)}`],
    ["as much as an Le of 131 holds", "00B1000703540100 83", `5380${"00".repeat(128)}`.replace("5380", "538180")],
  ])("reads %s", (_, command, data) => {
    const card = isoCard()
    expect(exchange(card, command.replace(/\s/g, ""))).toBe(`${data}9000`)
    expect(card.session.file?.fid).toBe(Number.parseInt(command.slice(6, 8), 16))
  })

  it("reads the current file with P1 P2 0000, any file of the directory by its identifier", () => {
    const card = isoCard()
    exchangeAll(card, [
      "00A4000C024F01",
      "00B1000003540100 < 6986",
      "00A4020C020001",
      "00B10000035401000A < 530800000000000000009000",
    ])
    exchangeAll(card, ["00A4000C023F00", "00B12F05035401000A < 530800000000000000009000"])
    expect(card.session.file?.fid).toBe(0x2f05)
  })

  it("reads a whole file with an extended Le", () => {
    const card = isoCard()
    const answer = card.process(hex("00B1000700000354010000 00".replace(/\s/g, "")))
    expect(answer).toHaveLength(4 + 40_000 + 2)
    expect(toHex(answer.subarray(0, 4))).toBe("53829C40")
  })

  it("keeps its answer for GET RESPONSE under T=0", () => {
    exchangeAll(isoCard({ protocol: "T=0" }), [
      "00B1000103540102 < 6120",
      `00C0000020 < 531E${NUMBER.slice(4)}${"00".repeat(15)}9000`,
    ])
  })

  it.each([
    ["no data", "00B1000100", "6700"],
    ["an Le that holds no byte", "00B100010354010002", "6700"],
    ["no current file", "00B1000003540100", "6986"],
    ["an SFI that is not there", "00B1001E03540100", "6A82"],
    ["an identifier that is not there", "00B1123403540100", "6A82"],
    ["the identifier 001F", "00B1001F03540100", "6A82"],
    ["a file of records", "00B1000303540100", "6981"],
    ["a closed file", "00B1000203540100", "6982"],
    ["data that are no objects", "00B10001025401", "6A80"],
    ["another object", "00B1000103550100", "6A80"],
    ["an empty offset", "00B10001025400", "6A80"],
    ["an offset of five bytes", "00B1000107540500000000 00", "6A80"],
    ["two offsets", "00B1000106540100540101", "6A80"],
    ["an offset behind the end", "00B1000103540120", "6B00"],
  ])("refuses %s", (_, command, expected) => {
    const card = isoCard()
    const file = card.session.directory.filesBySfi[Number.parseInt(command.slice(6, 8), 16)]
    if (file) exchange(card, `00A4020C02${file.fid.toString(16).padStart(4, "0")}`)
    expectRefused(card, command.replace(/\s/g, ""), expected)
  })
})

describe("UPDATE BINARY with data objects (ISO 7816-4 §11.2.5)", () => {
  it.each([
    ["data", "00D7000708 54020100 5302AABB", "5302AABB"],
    ["constructed data", "00D700070A 54020100 7304C102AABB", "5304C102AABB"],
  ])("writes %s", (_, command, read) => {
    const card = isoCard()
    const le = (read.length / 2).toString(16).padStart(2, "0")
    exchangeAll(card, [PIN, `${command} < 9000`, `00B100070454020100${le} < ${read}9000`])
  })

  it("writes beyond 32,767 bytes, up to the last byte", () => {
    const card = isoCard()
    exchangeAll(card, [PIN, "00D7000708 54029C3E 5302AABB < 9000", "00B100070454029C3E00 < 5302AABB9000"])
  })

  it("writes a whole file with a chain of commands", () => {
    const card = isoCard()
    exchange(card, PIN)
    const data = `54010053827530${"5A".repeat(30_000)}`
    const parts = data.match(/.{1,508}/g)!
    for (const [index, part] of parts.entries()) {
      const cla = index === parts.length - 1 ? "00" : "10"
      expect(exchange(card, `${cla}D70007${(part.length / 2).toString(16).padStart(2, "0")}${part}`)).toBe("9000")
    }
    exchangeAll(card, [
      "00B1000704540275 2F03 < 53015A9000".replace("0275 2F", "02752F"),
      "00B100070454027530 03 < 5301009000",
    ])
  })

  it.each([
    ["no data", "00D70007", "6700"],
    ["no current file", "00D7000006 540100 5301AA", "6986"],
    ["a file that is not there", "00D7123406 540100 5301AA", "6A82"],
    ["a file of records", "00D7000306 540100 5301AA", "6981"],
    ["a closed file", "00D7000106 540100 5301AA", "6982"],
    ["an offset alone", "00D7000703 540100", "6A80"],
    ["data alone", "00D7000703 5301AA", "6A80"],
    ["data first", "00D7000706 5301AA 540100", "6A80"],
    ["empty data", "00D7000705 540100 5300", "6A80"],
    ["objects that are broken", "00D7000705 540100 5301", "6A80"],
    ["an offset behind the end", "00D7000707 54029C40 5301AA", "6B00"],
    ["data beyond the end", "00D7000708 54029C3F 5302AABB", "6A84"],
  ])("refuses %s", (_, command, expected) => {
    const card = isoCard()
    exchange(card, PIN)
    const text = command.replace(/\s/g, "")
    const file = card.session.directory.filesBySfi[Number.parseInt(text.slice(6, 8), 16)]
    if (file) exchange(card, `00A4020C02${file.fid.toString(16).padStart(4, "0")}`)
    expectRefused(card, text, expected)
  })
})
