import { describe, expect, it } from "vitest"
import { toHex } from "../../../src/apdu/index.js"
import type { Card } from "../../../src/card/index.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { SSSE_AID, testCard } from "../../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const RIGHT = "0020000003123456"
const WRONG = "0020000003111111"

function tries(card: Card): number {
  return card.memory.readByte(card.layout.root.directories[0]!.pin!.triesOffset)
}

function selected(choices: Parameters<typeof testCard>[0] = {}): Card {
  const card = testCard(choices)
  exchange(card, SSSE)
  return card
}

describe("VERIFY (card-commands §5.1)", () => {
  it("accepts the right PIN", () => {
    const card = selected()
    expect(exchange(card, RIGHT)).toBe("9000")
    expect(card.session.pinVerified).toBe(true)
    expect(tries(card)).toBe(6)
  })

  it("counts wrong ones down, locks at zero, and stays locked for the right one and after a reset", () => {
    const card = selected()
    exchangeAll(
      card,
      [1, 2, 3, 4, 5, 6].map((n) => `${WRONG} < 63C${6 - n}`),
    )
    exchangeAll(card, [`${WRONG} < 6983`, `${RIGHT} < 6983`, "0020000000 < 6983"])
    card.reset()
    exchangeAll(card, [SSSE, `${RIGHT} < 6983`])
  })

  it("restores the counter on success", () => {
    const card = selected()
    exchangeAll(card, [`${WRONG} < 63C5`, `${WRONG} < 63C4`, `${RIGHT} < 9000`, `${WRONG} < 63C5`])
  })

  it("takes the verification away with a wrong PIN", () => {
    const card = selected()
    exchangeAll(card, [RIGHT, WRONG])
    expect(card.session.pinVerified).toBe(false)
  })

  it.each([
    ["a shorter PIN", "00200000021234", "63C5"],
    ["a longer PIN", "002000000412345600", "63C5"],
    ["the PIN with the padding of the memory", "0020000004123456FF", "63C5"],
    ["one byte", "002000000112", "6700"],
    ["seven bytes", "002000000712345678901234", "6700"],
    ["P1 01", "0020010003123456", "6A86"],
    ["P2 80", "0020008003123456", "6A86"],
    ["Lc without its data", "0020000003", "6700"],
  ])("answers %s", (_, command, expected) => {
    const card = selected()
    expect(exchange(card, command)).toBe(expected)
    expect(tries(card)).toBe(expected === "63C5" ? 5 : 6)
  })

  it.each(["00200000", "0020000000"])("without data (%s) tells the state and leaves the counter", (empty) => {
    const card = selected()
    exchangeAll(card, [`${empty} < 63C6`, `${empty} < 63C6`, WRONG, `${empty} < 63C5`, RIGHT, `${empty} < 9000`])
    expect(exchange(selected({ triesLeft: 0 }), empty)).toBe("6983")
  })

  it("without data says 9000 where no PIN is set, with data 6A88", () => {
    const card = testCard()
    exchangeAll(card, ["0020000000 < 9000", `${RIGHT} < 6A88`])
  })

  it.each(["DDF1", "DF01", "DF04"])("is always of the environment's PIN: while %s is current", (fid) => {
    const card = selected()
    exchangeAll(card, [`00A4000002${fid}`, `${RIGHT} < 9000`])
  })
})

describe("the counter of the PIN", () => {
  it.each([
    ["VERIFY", RIGHT],
    ["CHANGE PIN", "805E010007123456FF654321"],
  ])("is written before %s compares: a cut in between costs a try even when the PIN was right", (_, command) => {
    const card = selected()
    card.cutPowerAfter(1)
    expect(() => exchange(card, command)).toThrow()
    card.powerOn()
    expect(tries(card)).toBe(5)
    exchangeAll(card, [SSSE, `${RIGHT} < 9000`])
  })
})

describe("CHANGE PIN (card-commands §5.2)", () => {
  const change = (from: string, to: string) => {
    const data = `${from}FF${to}`
    return `805E0100${toHex(Uint8Array.of(data.length / 2))}${data}`
  }

  it("stores the new PIN, restores the counter and leaves the PIN verified", () => {
    const card = selected()
    exchangeAll(card, [WRONG, `${change("123456", "654321")} < 9000`])
    expect(card.session.pinVerified).toBe(true)
    expect(tries(card)).toBe(6)
    card.reset()
    exchangeAll(card, [SSSE, `${RIGHT} < 63C5`, "0020000003654321 < 9000"])
  })

  it.each([
    ["of two bytes", "1234"],
    ["of six bytes", "123456789012"],
    ["of five digits", "12345F"],
  ])("takes a PIN %s", (_, pin) => {
    const card = selected()
    exchange(card, change("123456", pin))
    card.reset()
    exchange(card, SSSE)
    expect(exchange(card, `00200000${toHex(Uint8Array.of(pin.length / 2))}${pin}`)).toBe("9000")
    expect(exchange(card, RIGHT)).toBe("63C5")
  })

  it("counts a wrong old PIN down to the lock, and takes the verification away", () => {
    const card = selected({ triesLeft: 2 })
    const wrong = change("111111", "654321")
    exchange(card, RIGHT)
    exchangeAll(card, [`${wrong} < 63C5`])
    expect(card.session.pinVerified).toBe(false)
    exchangeAll(
      card,
      [4, 3, 2, 1, 0].map((left) => `${wrong} < 63C${left}`),
    )
    expect(exchange(card, change("123456", "654321"))).toBe("6983")
  })

  it.each([
    ["no separator", "805E010006123456654321", "6A80"],
    ["a new PIN of one byte", change("123456", "65"), "6A80"],
    ["a new PIN of seven bytes", change("123456", "65432100000000"), "6A80"],
    ["no new PIN", change("123456", ""), "6A80"],
    ["an old PIN of one byte", change("12", "654321"), "6A80"],
    ["a letter in the new PIN", change("123456", "65432A"), "6A80"],
    ["a gap in the new PIN", change("123456", "6F4321"), "6A80"],
    ["no data", "805E0100", "6700"],
    ["P1 00", change("123456", "654321").replace("805E0100", "805E0000"), "6A86"],
    ["P2 01", change("123456", "654321").replace("805E0100", "805E0101"), "6A86"],
  ])("refuses %s without counting", (_, command, expected) => {
    const card = selected()
    expect(exchange(card, command)).toBe(expected)
    expect(tries(card)).toBe(6)
    expect(exchange(card, RIGHT)).toBe("9000")
  })

  it("is not known where no PIN is", () => {
    expect(exchange(testCard(), change("123456", "654321"))).toBe("6A88")
  })
})
