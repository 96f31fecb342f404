import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import type { Card } from "../../src/card/index.js"
import { expectRefused } from "../support/card-state.js"
import { exchange, exchangeAll } from "../support/exchange.js"
import { authenticate } from "../support/terminal.js"
import { SSSE_AID, testCard } from "../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const LIMIT = 700

/** EF08 (1,000 bytes) selected and open for writing. */
function card(options: { chaining?: number; channels?: number } = { chaining: LIMIT, channels: 4 }): Card {
  const made = testCard({ operatingSystem: "iso", options })
  exchangeAll(made, [SSSE, "00A4000002EF08"])
  authenticate(made, "UKssse")
  return made
}

const part = (cla: string, length: number, fill: string, offset = "0000") =>
  `${cla}D6${offset}${length.toString(16).padStart(2, "0")}${fill.repeat(length)}`

describe("command chaining (ISO 7816-4 §5.3.3)", () => {
  it("makes one command of its parts", () => {
    const made = card()
    exchangeAll(made, [
      `${part("10", 255, "A1")} < 9000`,
      `${part("10", 200, "A2")} < 9000`,
      `${part("00", 45, "A3")} < 9000`,
    ])
    expect(toHex(made.process(hex("00B00000000200")))).toBe(`${"A1".repeat(255)}A29000`)
    exchangeAll(made, [`00B001C608 < A2A3A3A3A3A3A3A39000`, "00B001F302 < A3AC9000"])
  })

  it("writes nothing before the last part, and all or nothing then", () => {
    const made = card()
    expectRefused(made, "00D603E704AABBCCDD", "6A84")
    exchangeAll(made, [
      `${part("10", 2, "AA", "03E7")} < 9000`,
      "00B003E701 < 6883",
      `${part("10", 2, "AA", "03E7")} < 9000`,
    ])
    expectRefused(made, part("00", 2, "BB", "03E7"), "6A84")
  })

  it("carries records too", () => {
    const made = card()
    exchangeAll(made, [
      "00A4000002DF01",
      "00A4000002EF09",
      "10DC0104022E01 < 9000",
      "00DC01040159 < 9000",
      "00B2010400 < 2E01599000",
    ])
  })

  it.each([
    ["another instruction", "00B0000010"],
    ["another P1", "00D6010001AA"],
    ["another P2", "00D6000101AA"],
    ["another channel", "01D6000001AA"],
    ["another class", "80D6000001AA"],
    ["GET RESPONSE", "00C0000010"],
    ["a part of another chain", "10DC010401AA"],
    ["SELECT", "00A4000002EF05"],
  ])("is broken by %s: 6883, which is not carried out; then the card works on", (_, command) => {
    const made = card()
    exchange(made, "00700001")
    exchange(made, part("10", 16, "AA"))
    expectRefused(made, command, "6883")
    exchangeAll(made, ["00B0000002 < 00079000"])
    if (!command.startsWith("00C0")) expect(exchange(made, command)).not.toBe("6883")
  })

  it("ends with a malformed command, a part without data and a part too many", () => {
    const made = card()
    for (const [command, parts] of [
      ["00D6", 1],
      ["10D60000", 1],
      ["00D60000", 1],
      [part("10", 255, "AA"), 2],
      [part("00", 255, "AA"), 2],
    ] as const) {
      for (let i = 0; i < parts; i++) expect(exchange(made, part("10", 255, "AA"))).toBe("9000")
      expectRefused(made, command, "6700")
      exchangeAll(made, ["00B0000002 < 00079000"])
    }
  })

  it("takes as many bytes as the layout says, and no more", () => {
    const made = card()
    exchangeAll(made, [
      `${part("10", 255, "A1")} < 9000`,
      `${part("10", 255, "A1")} < 9000`,
      `${part("00", LIMIT - 510, "A1")} < 9000`,
    ])
    expect(made.process(hex("00B00000000000"))).toHaveLength(258)
  })

  it("takes parts of extended length", () => {
    const made = card()
    const bytes = hex(`10D6000000012C${"5A".repeat(300)}`)
    expect(toHex(made.process(bytes))).toBe("9000")
    exchangeAll(made, ["00D6000001A5 < 9000", "00B0012B02 < 5AA59000"])
  })

  it("runs on any channel", () => {
    const made = card()
    exchangeAll(made, [`01A404000F${toHex(SSSE_AID)}`, "01A4000002DF01", "01A4000002EF09"])
    exchangeAll(made, ["11DC0104022E01 < 9000", "01DC01040159 < 9000", "01B2010400 < 2E01599000"])
  })

  it.each([
    ["SELECT", "10A4000002EF05", "6884"],
    ["VERIFY", "102000000212 34", "6884"],
    ["READ BINARY", "10B0000010", "6884"],
    ["an unknown instruction", "10FE000001AA", "6D00"],
    ["an unknown class", "90D6000001AA", "6D00"],
    ["secure messaging that the command has not", "14A4000002EF05", "6882"],
    ["a closed channel", "13D6000001AA", "6881"],
  ])("is refused where it cannot be: %s", (_, command, expected) => {
    expectRefused(card(), command, expected)
  })

  it("ends with a reset", () => {
    const made = card()
    exchange(made, part("10", 16, "AA"))
    made.reset()
    expectRefused(made, part("00", 16, "AA"), "6986")
  })

  it("is 6884 on a social security card, on a card with channels alone on all of them", () => {
    const social = testCard()
    exchange(social, SSSE)
    expectRefused(social, "10D6000001AA", "6884")
    expectRefused(social, "1CD6000001AA", "6884")
    const channels = card({ channels: 4 })
    exchange(channels, "00700001")
    expectRefused(channels, "10D6000001AA", "6884")
    expectRefused(channels, "11D6000001AA", "6884")
  })
})

describe("extended lengths", () => {
  it("are refused by a card that says so, before anything else", () => {
    const made = testCard({ options: { extendedLength: false } })
    exchange(made, SSSE)
    for (const command of ["00A40000000002EF08", "00B00000000010", "00FE0000000010", "00A400000000023F000000"])
      expectRefused(made, command, "6700")
    exchangeAll(made, ["00A4000002EF08 < 9000", "00B0000010"])
  })
})
