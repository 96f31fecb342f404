import { describe, expect, it } from "vitest"
import type { Algorithm } from "../../../src/crypto/index.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import {
  CHALLENGE,
  cellsWithoutCounters,
  SELECT_SSSE,
  secured,
  socialSecurityCard,
  triesOf,
  withWrongMac,
} from "../../support/social-security-card.js"
import { authenticate } from "../../support/terminal.js"

const R = "C1C2C3C4C5C6C7C8"
const ALGORITHMS = ["3des", "sm4"] as const

describe("UPDATE with MAC, the vectors (card-commands §9.4, §9.5)", () => {
  it.each<[string, Algorithm, object, string]>([
    ["T11", "3des", {}, "91599F3E"],
    ["S11", "sm4", {}, "0B97A8B0"],
    ["S11 with the left four bytes", "sm4", { options: { sm4Mac: "left4" } }, "B4F6885E"],
  ])("%s writes EF06 record 4 without UKssse", (_, algorithm, changes, mac) => {
    const card = socialSecurityCard({ algorithm, changes, challenges: [R] })
    exchangeAll(card, ["00A4020002EF06", `${CHALLENGE} < ${R}9000`, `04DC0404070A0131${mac} < 9000`])
    expect(exchange(card, "00B2040403")).toBe("0A01319000")
  })
})

describe.each(ALGORITHMS)("secure messaging of a %s card (card-commands §7.1)", (algorithm) => {
  const card = (changes = {}) => socialSecurityCard({ algorithm, changes })

  it("writes a record, the bytes of a file and a record more with a MAC, in the clear and enciphered", () => {
    const it = card()
    exchange(it, "00A4020002EF06")
    expect(exchange(it, secured(it, "STKssse", "04DC0404", "0A0132"))).toBe("9000")
    expect(exchange(it, "00B2040400")).toBe("0A01329000")
    expect(exchange(it, secured(it, "STKssse", "84DC0404", "030A0139", { encipher: true }))).toBe("9000")
    expect(exchange(it, "00B2040400")).toBe("0A01399000")
    expect(exchange(it, secured(it, "STKssse", "04D68810", "A1A2A3"))).toBe("9000")
    expect(exchange(it, secured(it, "STKssse", "84D60013", "03B1B2B3", { encipher: true }))).toBe("9000")
    authenticate(it, "RKssse")
    expect(exchange(it, "00B0001006")).toBe("A1A2A3B1B2B39000")
    exchangeAll(it, ["00A4000002DF02", "00A4020002EF16"])
    const record = "11".repeat(18)
    expect(exchange(it, secured(it, "STKDF02", "04E20000", record))).toBe("9000")
    expect(exchange(it, secured(it, "STKDF02", "84E20000", `12${"22".repeat(18)}`, { encipher: true }))).toBe("9000")
    exchangeAll(it, ["0020000003123456", `00B2010412 < ${"22".repeat(18)}9000`, `00B2020412 < ${record}9000`])
  })

  it("takes the STK of the current directory", () => {
    const it = card()
    exchangeAll(it, ["00A4000002DF01", "00A4020002EF07"])
    expect(exchange(it, secured(it, "STKssse", "04DC0104", "290131"))).toBe("6988")
    expect(exchange(it, secured(it, "STKDF01", "04DC0104", "290131"))).toBe("9000")
  })

  it("needs a fresh challenge of eight bytes for each command", () => {
    const it = card()
    exchange(it, "00A4020002EF06")
    expect(exchange(it, secured(it, "STKssse", "04DC0404", "0A0132", { challenge: R }))).toBe("6984")
    const command = secured(it, "STKssse", "04DC0404", "0A0132")
    exchangeAll(it, [`${command} < 9000`, `${command} < 6984`])
    exchange(it, CHALLENGE)
    expect(exchange(it, command)).toBe("6988")
    exchange(it, "0084000004")
    expect(exchange(it, command)).toBe("6984")
  })

  it("does not take a challenge from before another environment, or from before a reset", () => {
    const it = card()
    const command = secured(it, "STKssse", "04DC8C04", "0A0132")
    exchangeAll(it, ["00A4000000", SELECT_SSSE, `${command} < 6984`])
    const other = secured(it, "STKssse", "04DC0434", "0A0132")
    it.reset()
    exchangeAll(it, [SELECT_SSSE, `${other} < 6984`])
  })

  it("counts wrong MACs down to the lock, uses the challenge up, changes nothing else, and counts up again", () => {
    const it = card()
    exchange(it, "00A4020002EF06")
    const before = cellsWithoutCounters(it)
    const right = () => secured(it, "STKssse", "04DC0404", "0A0131")
    const command = right()
    exchangeAll(it, [`${withWrongMac(command)} < 6988`, `${command} < 6984`])
    expect(triesOf(it, "STKssse")).toBe(2)
    expect(exchange(it, right())).toBe("9000")
    expect(triesOf(it, "STKssse")).toBe(3)
    for (const left of [2, 1, 0]) {
      expect(exchange(it, withWrongMac(right()))).toBe("6988")
      expect(triesOf(it, "STKssse")).toBe(left)
    }
    expect(exchange(it, right())).toBe("6983")
    expect(cellsWithoutCounters(it)).toBe(before)
    it.reset()
    exchangeAll(it, [SELECT_SSSE, "00A4020002EF06"])
    expect(exchange(it, right())).toBe("6983")
  })

  it("writes the counter before it compares: a cut in between costs a try even when the MAC was right", () => {
    const it = card()
    exchange(it, "00A4020002EF06")
    const command = secured(it, "STKssse", "04DC0404", "0A0132")
    it.cutPowerAfter(1)
    expect(() => exchange(it, command)).toThrow()
    it.powerOn()
    expect(triesOf(it, "STKssse")).toBe(2)
  })

  it("leaves closed what nobody may write, and answers as the plain command does behind a right MAC", () => {
    const it = card()
    exchangeAll(it, ["00A4000002DF04", "00A4020002EF08"])
    expect(exchange(it, secured(it, "STKDF04", "04DC0003", "00".repeat(28)))).toBe("6982")
    expect(exchange(it, secured(it, "STKDF04", "04E20000", "00".repeat(28)))).toBe("6982")
    exchange(it, "00A4020002EF05")
    expect(exchange(it, secured(it, "STKDF04", "04DC6304", "810100"))).toBe("6A83")
    expect(exchange(it, secured(it, "STKDF04", "04DC0104", "820100"))).toBe("6A80")
    expect(exchange(it, secured(it, "STKDF04", "04DC0106", "810100"))).toBe("6A86")
    expect(exchange(it, secured(it, "STKDF04", "04D60000", "00"))).toBe("6981")
    expect(exchange(it, secured(it, "STKDF04", "04DC01F4", "810100"))).toBe("6A82")
    expect(triesOf(it, "STKDF04")).toBe(3)
  })

  it("refuses data that do not decipher, and a command that is no longer than a MAC", () => {
    const it = card()
    exchange(it, "00A4020002EF06")
    expect(exchange(it, secured(it, "STKssse", "84DC0404", "0A0132"))).toBe("6A80")
    expect(exchange(it, secured(it, "STKssse", "84DC0404", "00".repeat(16)))).toBe("6A80")
    exchangeAll(it, ["04DC040404 00000000 < 6700", "04DC0404 < 6700", "84D6000003 000000 < 6700"])
    expect(triesOf(it, "STKssse")).toBe(3)
  })

  it("authorises the one command only", () => {
    const it = card()
    exchange(it, "00A4020002EF06")
    exchangeAll(it, [`${secured(it, "STKssse", "04DC0404", "0A0132")} < 9000`, "00DC0404030A0132 < 6982"])
  })
})

describe("secure messaging elsewhere", () => {
  it.each([
    ["of SELECT", "04A4000002DF01", "6882"],
    ["of READ RECORD", "04B2010400", "6882"],
    ["of READ RECORD with the header", "0CB2010400", "6882"],
    ["of CHANGE PIN", "845E010007123456FF654321", "6882"],
    ["of what does not exist", "04F00000", "6D00"],
  ])("%s is refused in the SSSE", (_, command, expected) => {
    expect(exchange(socialSecurityCard(), command)).toBe(expected)
  })

  it("does not exist in the MF, which has no maintenance key", () => {
    const card = socialSecurityCard()
    exchangeAll(card, ["00A4000000", "04DC010407 0A013100000000 < 6882", "8424000004 00000000 < 6D00"])
  })
})
