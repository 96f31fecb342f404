import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, hex } from "../../../../src/apdu/index.js"
import type { Card } from "../../../../src/card/index.js"
import {
  activeCard,
  CDOL_VALUES,
  externalAuthenticate,
  generateAc,
  getData,
  scriptCommand,
  select,
  send,
  status,
} from "../../../support/financial-card.js"
import { sweepPowerCuts } from "../../../support/power-cuts.js"

const fen = (amount: number) => String(amount).padStart(12, "0")
/** GET PROCESSING OPTIONS of a terminal that takes electronic cash. */
const gpo = (amount: number, support = "01", currency = "0156") => `80A800000B8309${support}${fen(amount)}${currency}00`
const values = (amount: number, currency = "0156") =>
  CDOL_VALUES.replace("000000050000", fen(amount)).replace("480000156", `48000${currency}`)

function begin(amount: number, card = activeCard()): Card {
  select(card)
  expect(status(card, gpo(amount))).toBe("9000")
  return card
}

describe("a purchase with electronic cash (financial-emv §15, §23)", () => {
  it.each([
    ["a terminal that takes it", gpo(5_000), "800E1C00080101001001020018010100"],
    ["a terminal that does not", gpo(5_000, "00"), "800A1C000801010010010200"],
    ["an amount above the balance", gpo(10_001), "800A1C000801010010010200"],
    ["an amount above the single limit", gpo(50_001), "800A1C000801010010010200"],
    ["a foreign currency", gpo(5_000, "01", "0840"), "800A1C000801010010010200"],
  ])("%s: the file locator tells", (_, command, expected) => {
    const card = activeCard()
    select(card)
    expect(send(card, command)).toBe(`${expected}9000`)
  })

  it("is announced by a record that holds the authorisation code, and signed data stay signed", () => {
    const card = begin(5_000, activeCard({ authentication: { method: "dda" } }))
    expect(send(card, "00B2011C00")).toBe("70099F74064543433030319000")
    select(card)
    expect(send(card, gpo(5_000))).toBe("800E7C000801010010010501180101009000")
  })

  it("lowers the balance and logs, in a card that allows nothing else off-line", () => {
    const card = begin(2_500)
    const answer = generateAc(card, "40", "", values(2_500))
    expect(answer).toMatchObject({ cid: "40", cvr: "03900000" })
    expect(getData(card, "9F79")).toBe(fen(7_500))
    expect(getData(card, "9F50")).toBe(fen(0))
    expect(send(card, "00B2015C00")).toMatch(/^251120103000000000002500.*00079000$/)
  })

  it("tells the new balance in the issuer application data", () => {
    const card = begin(2_500)
    expect(send(card, `80AE400034${values(2_500)}00`)).toMatch(/0A010000007500.{8}9000$/)
  })

  it("can spend the last fen, and not one more", () => {
    const card = begin(10_000)
    expect(generateAc(card, "40", "", values(10_000)).cid).toBe("40")
    expect(getData(card, "9F79")).toBe(fen(0))
    begin(1, card)
    expect(generateAc(card, "40", "", values(1)).cid).toBe("80")
  })

  it.each([
    ["the terminal wants to go on-line", "80", values(2_500), "80"],
    ["the terminal declines", "00", values(2_500), "00"],
    ["GENERATE AC tells a higher amount", "40", values(10_001), "80"],
    ["GENERATE AC tells another currency", "40", values(2_500, "0840"), "80"],
  ] as const)("takes nothing when %s", (_, asked, data, given) => {
    const card = begin(2_500)
    expect(generateAc(card, asked, "", data).cid).toBe(given)
    expect(getData(card, "9F79")).toBe(fen(10_000))
  })

  it("does not exist on a card without a balance", () => {
    const card = activeCard({ data: { "9F36": "0006", "9F13": "0006", "9F79": "" } })
    select(card)
    expect(send(card, gpo(100))).toBe("800A1C0008010100100102009000")
    expect(status(card, "00B2011C00")).toBe("6A82")
  })

  it("pays in the second currency from the second balance", () => {
    const card = activeCard({
      data: { "9F36": "0006", "9F13": "0006", DF71: "0344", DF79: fen(3_000), DF78: fen(2_000), DF77: fen(9_000) },
    })
    select(card)
    send(card, gpo(1_000, "01", "0344"))
    expect(generateAc(card, "40", "", values(1_000, "0344")).cid).toBe("40")
    expect([getData(card, "DF79"), getData(card, "9F79")]).toEqual([fen(2_000), fen(10_000)])
  })

  it("is whole or not at all, whatever is cut", () => {
    const cuts = sweepPowerCuts(
      () => activeCard(),
      (card) => begin(2_500, card),
      concat(hex("80AE400034"), hex(values(2_500))),
    )
    expect(cuts).toBeGreaterThan(4)
  })
})

it("any purchases and loads keep the balance lawful and lose no fen", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("buy" as const), amount: fc.integer({ min: 0, max: 60_000 }) }),
    fc.record({ kind: fc.constant("load" as const), amount: fc.integer({ min: 0, max: 120_000 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const card = activeCard()
      let balance = 10_000
      for (const { kind, amount } of steps) {
        begin(amount, card)
        if (kind === "buy") {
          const paid = generateAc(card, "40", "", values(amount)).cid === "40"
          expect(paid).toBe(amount <= balance && amount <= 50_000)
          if (paid) balance -= amount
        } else {
          const arqc = generateAc(card, "80", "", values(amount))
          externalAuthenticate(card, arqc)
          const command = scriptCommand(arqc.counter, arqc.cryptogram, "04DA9F79", hex(fen(amount)))
          const loaded = status(card, command) === "9000"
          expect(loaded).toBe(amount <= 100_000)
          if (loaded) balance = amount
          generateAc(card, "40", "3030", values(amount))
        }
        expect(getData(card, "9F79")).toBe(fen(balance))
      }
    }),
    { numRuns: 30 },
  )
})
