import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { exchange, exchangeAll } from "../support/exchange.js"
import { BANK_AID, SSSE_AID, SSSE_FCI, testCard } from "../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const FCI = toHex(SSSE_FCI)
const T1_ATR = hex("3B8D800100815431008660110816000001 00")

describe("answers under T=0 (card-commands §2)", () => {
  it("keep the data of a Case 4 command for GET RESPONSE, with Le as without", () => {
    for (const command of [SSSE, `${SSSE}00`, `${SSSE}18`, `${SSSE}05`])
      expect(exchange(testCard(), command)).toBe("6118")
  })

  it("give the data at once when the option says direct, and 61xx only without Le", () => {
    const card = testCard({ options: { case4WithLe: "direct" } })
    expect(exchange(card, SSSE)).toBe("6118")
    expect(exchange(card, `${SSSE}00`)).toBe(`${FCI}9000`)
    expect(exchange(card, `${SSSE}18`)).toBe(`${FCI}9000`)
    expect(exchange(card, `${SSSE}30`)).toBe(`${FCI}9000`)
    expect(exchange(card, `${SSSE}08`)).toBe(`${FCI.slice(0, 16)}6110`)
    expect(exchange(card, "00C0000010")).toBe(`${FCI.slice(16)}9000`)
  })

  it("give pending data in parts", () => {
    const card = testCard()
    exchangeAll(card, [
      `${SSSE} < 6118`,
      `00C0000008 < ${FCI.slice(0, 16)}6110`,
      `00C0000008 < ${FCI.slice(16, 32)}6108`,
      "00C0000009 < 6C08",
      `00C0000008 < ${FCI.slice(32)}9000`,
      "00C0000008 < 6985",
    ])
  })

  it.each([
    ["all with Le 00", "00C0000000", `${FCI}9000`],
    ["all without Le", "00C00000", `${FCI}9000`],
    ["too many", "00C0000019", "6C18"],
    ["P1 not 00", "00C0010018", "6A86"],
    ["P2 not 00", "00C0000118", "6A86"],
    ["with data", "00C0000001AA", "6700"],
  ])("to GET RESPONSE: %s; the data stay until they were fetched", (_, command, expected) => {
    const card = testCard()
    exchange(card, SSSE)
    expect(exchange(card, command)).toBe(expected)
    if (!expected.endsWith("9000")) expect(exchange(card, "00C0000018")).toBe(`${FCI}9000`)
  })

  it.each([
    ["any other command", "00A4000002EF05"],
    ["an unknown command", "00FE0000"],
    ["a malformed command", "00A4"],
    ["a GET RESPONSE of another class", "80C0000018"],
  ])("lose pending data with %s", (_, command) => {
    const card = testCard()
    exchange(card, SSSE)
    exchange(card, command)
    expect(exchange(card, "00C0000018")).toBe("6985")
  })

  it("lose pending data with a reset", () => {
    const card = testCard()
    exchange(card, SSSE)
    card.reset()
    expect(exchange(card, "00C0000018")).toBe("6985")
  })

  it("refuse a wrong Le with the right one, or cut by option", () => {
    const file = [SSSE, "00A4000002EF05"]
    expect(exchangeAll(testCard(), [...file, "00B2010410"])).toBe("6C12")
    const card = testCard({ options: { shortLe: "cut" } })
    expect(exchangeAll(card, [...file, "00B2010402"])).toBe("01109000")
    expect(exchange(card, "00B2010420")).toBe("6C12")
  })

  it("treat an extended Le as 256 bytes", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "00A4000002EF08"])
    expect(card.process(hex("00B00000000400"))).toHaveLength(258)
    expect(card.process(hex("00B00000000010"))).toHaveLength(18)
  })

  it("leave out data that come with an error", () => {
    expect(exchangeAll(testCard(), [`00A4040008${toHex(BANK_AID)}`, "80ED000000"])).toBe("6985")
  })
})

describe("answers under T=1", () => {
  const card = () => testCard({ atr: T1_ATR })

  it("announce the protocol of the ATR", () => {
    expect(card().protocol).toBe("T=1")
    expect(testCard().protocol).toBe("T=0")
  })

  it("carry the data at once", () => {
    expect(exchange(card(), `${SSSE}00`)).toBe(`${FCI}9000`)
    expect(exchange(card(), `${SSSE}FF`)).toBe(`${FCI}9000`)
    expect(exchange(card(), SSSE)).toBe(`${FCI}9000`)
    expect(exchangeAll(card(), [SSSE, "00A4030000"])).toBe("6F0F8408C9E7BBE1B1A3D5CFA5038801019000")
  })

  it("are cut to a small Le, without 6Cxx", () => {
    expect(exchange(card(), `${SSSE}05`)).toBe(`${FCI.slice(0, 10)}9000`)
    expect(exchangeAll(card(), [SSSE, "00A4000002EF05", "00B2020402"])).toBe("02019000")
  })

  it("end a READ BINARY beyond the end with 6282, unless everything was asked for", () => {
    const t1 = card()
    exchangeAll(t1, [SSSE, "00A4000002EF08"])
    expect(exchange(t1, "00B003E605")).toMatch(/^[0-9A-F]{4}6282$/)
    expect(exchange(t1, "00B003E600")).toMatch(/^[0-9A-F]{4}9000$/)
  })

  it("are as long as an extended Le asks for", () => {
    const t1 = card()
    exchangeAll(t1, [SSSE, "00A4000002EF08"])
    expect(t1.process(hex("00B00000000320"))).toHaveLength(802)
    expect(t1.process(hex("00B00000000000"))).toHaveLength(1002)
  })

  it("leave what Le 00 cannot carry to GET RESPONSE", () => {
    const t1 = card()
    exchange(t1, `00A4040008${toHex(BANK_AID)}00`)
    expect(t1.process(hex("00B2011400"))).toHaveLength(258)
    expect(exchange(t1, "00C0000000")).toBe("5A5A9000")
  })
})

describe("answers to handlers", () => {
  it("are arrays of their own, whatever their length", () => {
    const card = testCard({ atr: T1_ATR })
    exchange(card, `00A4040008${toHex(BANK_AID)}00`)
    const answers = [0, 1, 61, 62, 63, 64, 200, 255].map((length) =>
      card.process(Uint8Array.of(0x80, 0xee, length, 0, 0)),
    )
    const copies = answers.map((answer) => toHex(answer))
    for (const answer of answers) answer.fill(0xee)
    for (const [index, length] of [0, 1, 61, 62, 63, 64, 200, 255].entries()) {
      const bytes = Uint8Array.from({ length }, (_, i) => i)
      expect(copies[index]).toBe(`${toHex(bytes)}9000`)
      expect(toHex(card.process(Uint8Array.of(0x80, 0xee, length, 0, 0)))).toBe(copies[index])
    }
  })

  it("longer than a PC/SC driver takes wait in part for GET RESPONSE (readers §2.6)", () => {
    const card = testCard({ atr: T1_ATR })
    exchange(card, `00A4040008${toHex(BANK_AID)}00`)
    const command = new Uint8Array(7 + 65_535).fill(0x5a)
    command.set(hex("80EE000000FFFF"))
    const answer = card.process(command)
    expect(answer).toHaveLength(65_535)
    expect(toHex(answer.subarray(-2))).toBe("6102")
    expect(exchange(card, "00C0000002")).toBe("5A5A9000")
  })

  it("may be as long as a command can ask for", () => {
    const card = testCard({ atr: T1_ATR })
    exchange(card, `00A4040008${toHex(BANK_AID)}00`)
    const data = new Uint8Array(60_000).map((_, i) => i)
    const command = new Uint8Array(7 + data.length)
    command.set(hex("80EE000000EA60"))
    command.set(data, 7)
    expect(toHex(card.process(command))).toBe(`${toHex(data)}9000`)
    expect(exchange(card, "80EE000002AABB")).toBe("AABB9000")
  })
})
