import { describe, expect, it } from "vitest"
import {
  activeCard,
  approve,
  type FinancialChanges,
  GPO,
  generateAc,
  getData,
  select,
  send,
  status,
} from "../../../support/financial-card.js"

const RIGHT = "002000800826123456FFFFFFFF"
const WRONG = "002000800826123457FFFFFFFF"

function cardInTransaction(changes: FinancialChanges = {}) {
  const card = activeCard(changes)
  select(card)
  send(card, GPO)
  return card
}

describe("VERIFY with the plain off-line PIN (financial-emv §18)", () => {
  it("counts down, blocks at zero, and 9F17 is in step", () => {
    const card = cardInTransaction()
    for (const [expected, left] of [
      ["63C2", "02"],
      ["63C1", "01"],
      ["63C0", "00"],
      ["6983", "00"],
    ]) {
      expect(status(card, WRONG)).toBe(expected)
      expect(getData(card, "9F17")).toBe(left)
    }
    expect(status(card, RIGHT)).toBe("6983")
  })

  it("a right PIN gives back all tries", () => {
    const card = cardInTransaction()
    status(card, WRONG)
    expect(status(card, RIGHT)).toBe("9000")
    expect(getData(card, "9F17")).toBe("03")
  })

  it.each([
    ["241234FFFFFFFFFF", "1234"],
    ["2512345FFFFFFFFF", "12345"],
    ["26123456FFFFFFFF", "123456"],
    ["2C123456789012FF", "123456789012"],
  ])("knows block %s as PIN %s", (block, value) => {
    const card = cardInTransaction({ offlinePin: { value } })
    expect(status(card, `0020008008${block}`)).toBe("9000")
  })

  it.each([
    ["a block of another format", "06123456FFFFFFFF"],
    ["other filler", "2612345600000000"],
    ["a shorter PIN", "2512345FFFFFFFFF"],
    ["a longer PIN", "271234560FFFFFFF"],
  ])("takes %s for a wrong PIN", (_, block) => {
    expect(status(cardInTransaction(), `0020008008${block}`)).toBe("63C2")
  })

  it.each([
    ["the social security form", "0020000003123456", "6A86"],
    ["the enciphered form", "002000880826123456FFFFFFFF", "6A86"],
    ["P1", "002001800826123456FFFFFFFF", "6A86"],
    ["a short block", "002000800726123456FFFFFF", "6700"],
    ["no block", "00200080", "6700"],
  ])("refuses %s without counting", (_, command, expected) => {
    const card = cardInTransaction()
    expect(status(card, command)).toBe(expected)
    expect(getData(card, "9F17")).toBe("03")
  })

  it("has nothing to do with the PIN of the social security application", () => {
    const card = activeCard()
    send(card, "00A4000002DDF1")
    for (let i = 0; i < 7; i++) send(card, "0020000003999999")
    expect(status(card, "0020000003123456")).toBe("6983")
    select(card)
    expect(status(card, RIGHT)).toBe("9000")
  })

  it("shows in the card verification results", () => {
    const right = cardInTransaction()
    status(right, RIGHT)
    expect(generateAc(right, "80").cvr).toBe("03A40000")
    const wrong = cardInTransaction()
    status(wrong, WRONG)
    expect(generateAc(wrong, "80").cvr).toBe("03A60000")
    const corrected = cardInTransaction()
    status(corrected, WRONG)
    status(corrected, RIGHT)
    expect(generateAc(corrected, "80").cvr).toBe("03A40000")
  })

  it("before a transaction does not show in it", () => {
    const card = activeCard()
    select(card)
    status(card, RIGHT)
    send(card, GPO)
    expect(generateAc(card, "80").cvr).toBe("03A00000")
  })

  it("a blocked PIN shows in every transaction until it is unblocked", () => {
    const card = cardInTransaction()
    for (let i = 0; i < 3; i++) status(card, WRONG)
    expect(generateAc(card, "80").cvr).toBe("03A64000")
    expect(approve(card).cvr).toBe("0360C000")
    select(card)
    send(card, GPO)
    expect(generateAc(card, "80").cvr).toBe("03A04000")
  })
})

describe("a card told to block the application on the last try (9F52 B2 b8)", () => {
  const blocking = { data: { "9F36": "0006", "9F13": "0006", "9F52": "C080" } }

  it("blocks it", () => {
    const card = cardInTransaction(blocking)
    for (const expected of ["63C2", "63C1", "63C0", "6983"]) expect(status(card, WRONG)).toBe(expected)
    expect(generateAc(card, "80").cid).toBe("00")
    expect(select(card)).toBe("6283")
    expect(status(card, GPO)).toBe("6985")
  })

  it("does not when the last try was right", () => {
    const card = cardInTransaction(blocking)
    for (const expected of ["63C2", "63C1"]) expect(status(card, WRONG)).toBe(expected)
    expect(status(card, RIGHT)).toBe("9000")
    expect(generateAc(card, "80")).toMatchObject({ cid: "80", cvr: "03A40000" })
    expect(select(card)).toBe("9000")
  })
})

it("a card told to decline after a blocked PIN (9F52 B2 b7) does so in the next transaction", () => {
  const card = cardInTransaction({ data: { "9F36": "0006", "9F13": "0006", "9F52": "C040" } })
  for (let i = 0; i < 3; i++) status(card, WRONG)
  expect(generateAc(card, "80").cid).toBe("80")
  select(card)
  send(card, GPO)
  expect(generateAc(card, "80").cid).toBe("00")
})
