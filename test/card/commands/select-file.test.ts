import { describe, expect, it } from "vitest"
import { expectRefused } from "../../support/card-state.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { isoCard, LOANS } from "../../support/iso-card.js"

const LOANS_OBJECTS = "820138" + "83024F00" + "8406F00000000001" + "8A0105"
const NUMBER_OBJECTS = "80020020" + "82020141" + "83020001" + "880108" + "8A0105"

describe("SELECT of an ISO card (ISO 7816-4 §11.1.1)", () => {
  it.each([
    ["FCI of the MF", "00A4000000", "6F0A82013883023F008A0105"],
    ["FCI of a directory by name", "00A4040006F00000000001", `6F12${LOANS_OBJECTS}`],
    ["FCP of it", "00A4040406F00000000001", `6212${LOANS_OBJECTS}`],
    ["FMD of it", "00A4040806F00000000001", "64088406F00000000001"],
    ["nothing of it", "00A4040C06F00000000001", ""],
    ["FCI of a file", "00A40200020001", `6F12${NUMBER_OBJECTS}`],
    ["FCP of a file", "00A40204020001", `6212${NUMBER_OBJECTS}`],
    ["FMD of a file", "00A40208020001", "6400"],
    [
      "FCP of a variable file",
      "00A40004020003",
      "6215" + "80020060" + "820504" + "41001006" + "83020003" + "880118" + "8A0105",
    ],
    [
      "FCP of a fixed file",
      "00A40004020004",
      "6215" + "80020028" + "820502" + "41000805" + "83020004" + "880120" + "8A0105",
    ],
    [
      "FCP of a cyclic file",
      "00A40004020005",
      "6215" + "80020010" + "820506" + "41000404" + "83020005" + "880128" + "8A0105",
    ],
    ["FCP of the parent", "00A40304", "620A82013883023F008A0105"],
  ])("answers the %s", (_, command, data) => {
    expect(exchange(isoCard(), command)).toBe(`${data}9000`)
  })

  it.each([
    ["a child directory", LOANS, "00A4010C024F01", "INNER"],
    ["a file or directory by identifier", LOANS, "00A4000C024F01", "INNER"],
    ["the parent", LOANS, "00A4030C", "MF"],
    ["the MF", LOANS, "00A4000C023F00", "MF"],
    ["the path from the MF", "00A4000C023F00", "00A4080C044F004F01", "INNER"],
    ["the path from the MF, from elsewhere", "00A4040C06F00000000002", "00A4080C024F00", "LOANS"],
    ["the path from the current directory", LOANS, "00A4090C024F01", "INNER"],
    ["the path to a file elsewhere", "00A4000C023F00", "00A4080C064F004F010001", "INNER.NOTE"],
    ["the path to a file of the current directory", LOANS, "00A4090C020004", "LOANS.RULES"],
    ["the path from the current directory to a file below", LOANS, "00A4090C044F010001", "INNER.NOTE"],
    ["a file of the current directory", LOANS, "00A4020C020003", "LOANS.NOTES"],
  ])("finds %s", (_, before, command, expected) => {
    const card = isoCard()
    exchangeAll(card, [before, `${command} < 9000`])
    const { directory, file } = card.session
    expect(file ? `${directory.name}.${file.name}` : directory.name).toBe(expected)
  })

  it("goes through the applications by partial name: first, next, last, previous", () => {
    const card = isoCard()
    const select = (occurrence: string) => {
      const answer = exchange(card, `00A404${occurrence}05F000000000`)
      return answer === "9000" ? card.session.directory.name : answer
    }
    expect(["0C", "0E", "0E", "0F", "0F", "0D"].map(select)).toEqual(["LOANS", "KEYS", "6A82", "LOANS", "6A82", "KEYS"])
    exchange(card, "00A4000C023F00")
    expect(["0F", "0E"].map(select)).toEqual(["KEYS", "6A82"])
  })

  it.each([
    ["a path of an odd length", "00A4080C034F004F", "6700"],
    ["an empty path", "00A4080C", "6700"],
    ["an identifier of one byte", "00A4000C014F", "6700"],
    ["an identifier of three bytes", "00A4020C03000100", "6700"],
    ["a child without identifier", "00A4010C", "6700"],
    ["a parent with data", "00A4030C023F00", "6700"],
    ["a name that is empty", "00A4040C", "6700"],
    ["a name of 17 bytes", `00A4040C11${"F0".repeat(17)}`, "6700"],
    ["P1 of no form", "00A4050C024F01", "6A86"],
    ["P2 of no form", "00A4041006F00000000001", "6A86"],
    ["the next occurrence of an identifier", "00A4000E024F01", "6A86"],
    ["the last occurrence of a path", "00A4080D024F00", "6A86"],
    ["an identifier that is not there", "00A4000C021234", "6A82"],
    ["a file that is of another directory", "00A4020C022F05", "6A82"],
    ["a directory as a file", "00A4020C024F01", "6A82"],
    ["a file as a child directory", "00A4010C020001", "6A82"],
    ["a path through a file", "00A4090C0400010002", "6A82"],
    ["a path that begins with the MF itself", "00A4080C043F004F00", "6A82"],
    ["a path whose end is not there", "00A4080C044F001234", "6A82"],
    ["a name that is not there", "00A4040C06F00000000009", "6A82"],
    ["a beginning of a name that is too short", "00A4040C04F0000000", "6A82"],
    ["a next occurrence that is not there", "00A4040E06F00000000001", "6A82"],
  ])("refuses %s; everything stays as it was", (_, command, expected) => {
    const card = isoCard()
    exchangeAll(card, ["00A4020C020002", "0020000003123456 < 9000"])
    expectRefused(card, command, expected)
  })

  it("keeps keys with a file of the same directory by path, and loses the local ones with another", () => {
    const card = isoCard()
    exchangeAll(card, [
      "0020000003123456 < 9000",
      "00A4090C020002",
      "0020000000 < 9000",
      "00A4080C064F004F010001",
      "0020000000 < 9000",
    ])
    exchangeAll(card, ["00A4080C044F020001 < 9000", "0020000000 < 63C3"])
  })

  it("leaves the answer to GET RESPONSE under T=0", () => {
    const card = isoCard({ protocol: "T=0" })
    exchangeAll(card, [
      "00A40204020001 < 6114",
      `00C0000014 < 6212${NUMBER_OBJECTS}9000`,
      "00A4020C020001 < 9000",
      "00A4030000 < 610C",
    ])
  })
})
