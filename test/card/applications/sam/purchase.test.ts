import { describe, expect, it } from "vitest"
import { hex, uint32 } from "../../../../src/apdu/index.js"
import type { Card, SamSpec } from "../../../../src/card/index.js"
import { mac4, transactionSessionKey } from "../../../../src/crypto/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import { send } from "../../../support/financial-card.js"
import { sweepPowerCuts } from "../../../support/power-cuts.js"
import { SELECT_DDF1, SELECT_DF01, samCard } from "../../../support/sam-card.js"

const DPK_A2 = "11223344556677888877665544332211"
const DPK_A3 = "3605EBBCB7C2C7C470E9BEA697723DF8"

function purchaseSam(dpk: string, changes: Partial<SamSpec> = {}): Card {
  const keys = [{ usage: 0x02, id: 0x01, value: hex(dpk), tries: 3 }]
  const card = samCard({ environments: [{ algorithm: "3des", keys }], ...changes })
  exchange(card, SELECT_DF01)
  return card
}

const A2 = "8070000014" + "11223344" + "0000" + "00001000" + "06" + "20120229135100" + "01" + "01"
const A3 = "8070000014" + "0F1E2D3C" + "000B" + "00001000" + "06" + "20110401120000" + "01" + "00"

describe("purchase with the SAM (financial-emv §9, §12)", () => {
  it("V-A2: terminal number 1, MAC1, MAC2", () => {
    const card = purchaseSam(DPK_A2, { terminalNumber: hex("001122334455") })
    expect(exchange(card, `${A2}08`)).toBe("6108")
    expect(exchange(card, "00C0000008")).toBe("00000001F15CAB759000")
    expect(exchange(card, "807200000456988A13")).toBe("9000")
  })

  it("V-A3: terminal number 102", () => {
    const card = purchaseSam(DPK_A3, { terminalNumber: hex("112233445566"), nextSequence: 0x102 })
    expect(send(card, A3)).toBe("000001023CAFAABE9000")
    expect(exchange(card, "8072000004E75A0436")).toBe("9000")
  })

  it("V-A3, cash withdrawal (type 04): another MAC1, the same MAC2", () => {
    const card = purchaseSam(DPK_A3, { terminalNumber: hex("112233445566"), nextSequence: 0x102 })
    expect(send(card, A3.replace("0000100006", "0000100004"))).toBe("000001027148A52D9000")
    expect(exchange(card, "8072000004E75A0436")).toBe("9000")
  })

  it("derives the debit key through the levels of the command (test DPK, 2 levels)", () => {
    const card = samCard()
    exchange(card, SELECT_DF01)
    const dpk = hex("89AF59E08079C7465873F54D0C620EA4")
    const session = transactionSessionKey("3des", dpk, hex("0F1E2D3C"), hex("000B"), hex("0001"))
    const mac1 = mac4("3des", session, hex("000010000632080000000120110401120000"))
    const answer = send(card, `80700000240F1E2D3C000B00001000062011040112000001018660110816000001` + "3332303830307378")
    expect(answer).toBe(`00000001${Buffer.from(mac1).toString("hex").toUpperCase()}9000`)
  })

  it("works with SM4 under algorithm 04 (financial-emv §6)", () => {
    const dpk = hex(DPK_A3)
    const card = samCard({ environments: [{ algorithm: "sm4", keys: [{ usage: 2, id: 1, value: dpk, tries: 3 }] }] })
    exchangeAll(card, [SELECT_DDF1, SELECT_DF01, `${A3.slice(0, -2)}00 < 9403`])
    const session = transactionSessionKey("sm4", dpk, hex("0F1E2D3C"), hex("000B"), hex("0001"))
    const mac1 = mac4("sm4", session, hex("000010000632080000000120110401120000"))
    expect(send(card, `${A3.slice(0, -2)}04`)).toBe(`00000001${Buffer.from(mac1).toString("hex").toUpperCase()}9000`)
    const mac2 = mac4("sm4", session, hex("00001000"))
    expect(exchange(card, `8072000004${Buffer.from(mac2).toString("hex")}`)).toBe("9000")
  })

  it.each([
    ["P1", A2.replace("80700000", "80700100"), "6A86"],
    ["P2", A2.replace("80700000", "80700001"), "6A86"],
    ["a byte missing", `8070000013${A2.slice(10, -2)}`, "6700"],
    ["a factor that the key does not want", `807000001C${A2.slice(10)}8660110816000001`, "6700"],
    ["a part of a factor", `8070000018${A2.slice(10)}86601108`, "6700"],
    ["four factors", `8070000034${A2.slice(10)}${"8660110816000001".repeat(4)}`, "6700"],
    ["no data", "80700000", "6700"],
    ["an unknown key version", `${A2.slice(0, -4)}0201`, "9403"],
    ["an algorithm that the key is not for", `${A2.slice(0, -2)}04`, "9403"],
  ])("8070 refuses %s", (_, command, status) => {
    expect(exchange(purchaseSam(DPK_A2), command)).toBe(status)
  })

  it.each([
    ["P1", "8072010004AABBCCDD", "6A86"],
    ["a MAC of wrong length", "8072000003AABBCC", "6700"],
    ["a wrong MAC2", "8072000004AABBCCDD", "9302"],
  ])("8072 refuses %s", (_, command, status) => {
    const card = purchaseSam(DPK_A2)
    exchange(card, A2)
    expect(exchange(card, command)).toBe(status)
  })

  it("gives a purchase one try", () => {
    const card = purchaseSam(DPK_A2, { terminalNumber: hex("001122334455") })
    exchangeAll(card, [A2, "8072000004AABBCCDD < 9302", "807200000456988A13 < 6985"])
  })

  it("locks the debit key after wrong MAC2 values without a right one", () => {
    const card = purchaseSam(DPK_A2)
    const wrong = [A2, "8072000004AABBCCDD < 9302"]
    exchangeAll(card, [...wrong, ...wrong, ...wrong, `${A2} < 6983`])
    card.reset()
    exchangeAll(card, [SELECT_DF01, `${A2} < 6983`, `BFDE020108${"00".repeat(8)} < 6983`])
  })

  it("restores the tries with a right one", () => {
    const card = purchaseSam(DPK_A2, { terminalNumber: hex("001122334455") })
    const wrong = [A2, "8072000004AABBCCDD < 9302"]
    exchangeAll(card, [...wrong, ...wrong])
    const number = send(card, A2).slice(0, 8)
    const session = transactionSessionKey("3des", hex(DPK_A2), hex("11223344"), hex("0000"), hex(number).slice(2))
    const mac2 = Buffer.from(mac4("3des", session, hex("00001000"))).toString("hex")
    exchangeAll(card, [`8072000004${mac2} < 9000`, ...wrong, ...wrong, `${A2} < 6108`])
  })

  it.each(["00B0960006", "0084000008", `BFDE020108${"00".repeat(8)}`, "80FF0000", "00A4000002DF01"])(
    "ends a purchase with any other command (%s)",
    (other) => {
      const card = purchaseSam(DPK_A2, { terminalNumber: hex("001122334455") })
      expect(exchangeAll(card, [A2, other, "807200000456988A13"])).toBe("6985")
    },
  )
})

describe("the terminal transaction number", () => {
  const numberOf = (card: Card) => send(card, A2).slice(0, 8)

  it("moves on with 8070 and outlives power", () => {
    const card = purchaseSam(DPK_A2)
    expect([numberOf(card), numberOf(card)]).toEqual(["00000001", "00000002"])
    card.powerOff()
    card.powerOn()
    exchange(card, SELECT_DF01)
    expect(numberOf(card)).toBe("00000003")
  })

  it("moves on with 8072 where the profile says so, and only when MAC2 is right", () => {
    const card = purchaseSam(DPK_A2, {
      terminalNumber: hex("001122334455"),
      options: { factorOrder: "cardFirst", sequenceStep: "credit", sm4Mac: "xor4" },
    })
    expect([numberOf(card), numberOf(card)]).toEqual(["00000001", "00000001"])
    exchange(card, "8072000004AABBCCDD")
    expect(numberOf(card)).toBe("00000001")
    expect(exchange(card, "807200000456988A13")).toBe("9000")
    expect(numberOf(card)).toBe("00000002")
  })

  it("ends at its greatest value (9402)", () => {
    const card = purchaseSam(DPK_A2, { nextSequence: 0xfffffffe })
    expect(numberOf(card)).toBe("FFFFFFFE")
    expect(exchange(card, A2)).toBe("9402")
  })

  it("is in memory before the answer is: a cut never makes a number serve twice", () => {
    const cuts = sweepPowerCuts(
      () => purchaseSam(DPK_A2),
      () => undefined,
      hex(A2),
    )
    expect(cuts).toBeGreaterThanOrEqual(8)
    const card = purchaseSam(DPK_A2)
    const before = card.memory.pages.snapshot()
    exchange(card, A2)
    expect(card.memory.pages.snapshot()).not.toEqual(before)
  })

  it.each(["initialise", "credit"] as const)("sweep over 8072, right and wrong (%s)", (sequenceStep) => {
    const make = () =>
      purchaseSam(DPK_A2, {
        terminalNumber: hex("001122334455"),
        options: { factorOrder: "cardFirst", sequenceStep, sm4Mac: "xor4" },
      })
    const begin = (card: Card) => void exchange(card, A2)
    expect(sweepPowerCuts(make, begin, hex("807200000456988A13"))).toBeGreaterThanOrEqual(4)
    expect(sweepPowerCuts(make, begin, hex("8072000004AABBCCDD"))).toBe(2)
  })

  it("starts where the profile says", () => {
    expect(numberOf(purchaseSam(DPK_A2, { nextSequence: 7 }))).toBe(Buffer.from(uint32(7)).toString("hex"))
  })
})
