import { describe, expect, it } from "vitest"
import type { Card } from "../../../../src/card/index.js"
import type { Algorithm } from "../../../../src/crypto/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import {
  CHALLENGE,
  cellsWithoutCounters,
  SELECT_SSSE,
  secured,
  socialSecurityCard,
  triesOf,
  withWrongMac,
} from "../../../support/social-security-card.js"

const R = "C1C2C3C4C5C6C7C8"
const BANK = "00A4040008A000000333010101"
const BLOCK = "841E0000"
const BLOCK_FOR_EVER = "841E0001"
const UNBLOCK = "84180000"
const CARD_BLOCK = "84160000"

describe("block commands, the vectors (card-commands §9.4, §9.5)", () => {
  it.each<[string, Algorithm, object, string, string]>([
    ["T10 APPLICATION BLOCK", "3des", {}, "841E0000041C125D57", "6985"],
    ["T10 CARD BLOCK", "3des", {}, "8416000004DF443CA3", "6A81"],
    ["S10 APPLICATION BLOCK", "sm4", {}, "841E0000047C02ACC2", "6985"],
    ["S10 CARD BLOCK", "sm4", {}, "8416000004EB84EF8A", "6A81"],
    ["S10 APPLICATION BLOCK, left four", "sm4", { options: { sm4Mac: "left4" } }, "841E000004AB225A3B", "6985"],
    ["S10 CARD BLOCK, left four", "sm4", { options: { sm4Mac: "left4" } }, "8416000004946E858E", "6A81"],
  ])("%s", (_, algorithm, changes, command, afterwards) => {
    const card = socialSecurityCard({ algorithm, changes, challenges: [R] })
    exchangeAll(card, [CHALLENGE, `${command} < 9000`, `0020000003123456 < ${afterwards}`])
  })
})

describe.each(["3des", "sm4"] as const)("blocking a %s card (card-commands §7.2)", (algorithm) => {
  const card = () => socialSecurityCard({ algorithm })
  const send = (it: Card, header: string, key = "STKssse") => exchange(it, secured(it, key, header))

  it("blocks the application with all its directories until it is unblocked, resets included", () => {
    const it = card()
    exchangeAll(it, ["0020000003123456 < 9000", "00A4000002DF01"])
    expect(send(it, BLOCK, "STKDF01")).toBe("9000")
    exchangeAll(it, ["00B2012C00 < 6985", `${SELECT_SSSE} < 6A81`, "0020000003123456 < 6985"])
    it.reset()
    exchangeAll(it, [`${SELECT_SSSE} < 6A81`, "00A4000002DF04 < 6A81", "B026000104 < 6985", "0020000000 < 6985"])
    expect(send(it, UNBLOCK, "STKDF04")).toBe("9000")
    exchangeAll(it, ["0020000000 < 63C6", "0020000003123456 < 9000"])
    it.reset()
    exchangeAll(it, [`${SELECT_SSSE} < 6118`, "00B2032C06 < 0304322E30309000"])
  })

  it("forgets PIN and keys with the block: after its end they must be proved again", () => {
    const it = card()
    exchange(it, "0020000003123456")
    send(it, BLOCK)
    send(it, UNBLOCK)
    exchangeAll(it, ["0020000000 < 63C6"])
  })

  it("blocks for ever: nothing ends it", () => {
    const it = card()
    expect(send(it, BLOCK_FOR_EVER)).toBe("9000")
    for (let round = 0; round < 2; round++) {
      exchangeAll(it, [`${SELECT_SSSE} < 9303`, `${CHALLENGE} < 9303`, "00A4000002DF01 < 9303"])
      expect(exchange(it, secured(it, "STKssse", UNBLOCK, "", { challenge: R }))).toBe("9303")
      expect(exchange(it, BANK)).toMatch(/^61/)
      it.reset()
    }
  })

  it("takes no second block while it is blocked, and no unblock while it is not", () => {
    const it = card()
    expect(send(it, UNBLOCK)).toBe("6985")
    expect(it.session.challenge).toHaveLength(8)
    send(it, BLOCK)
    expect(send(it, BLOCK)).toBe("6985")
    expect(send(it, BLOCK_FOR_EVER)).toBe("6985")
    expect(send(it, CARD_BLOCK)).toBe("6985")
    expect(send(it, UNBLOCK)).toBe("9000")
  })

  it("blocks the whole card for ever: every command, every application, after a reset as well", () => {
    const it = card()
    expect(send(it, CARD_BLOCK)).toBe("9000")
    for (let round = 0; round < 2; round++) {
      exchangeAll(it, [`${SELECT_SSSE} < 6A81`, `${BANK} < 6A81`, `${CHALLENGE} < 6A81`, "00C0000000 < 6A81"])
      expect(it.reset()).toEqual(it.atr)
    }
  })

  it.each([
    ["APPLICATION BLOCK", BLOCK],
    ["APPLICATION BLOCK for ever", BLOCK_FOR_EVER],
    ["CARD BLOCK", CARD_BLOCK],
  ])("%s with a wrong MAC or an old challenge blocks nothing", (_, header) => {
    const it = card()
    const before = cellsWithoutCounters(it)
    const command = secured(it, "STKssse", header)
    exchangeAll(it, [`${withWrongMac(command)} < 6988`, `${command} < 6984`])
    exchange(it, CHALLENGE)
    exchangeAll(it, [`${command} < 6988`])
    expect(triesOf(it, "STKssse")).toBe(1)
    expect(cellsWithoutCounters(it)).toBe(before)
    exchangeAll(it, ["0020000003123456 < 9000"])
  })

  it("an unblock with a wrong MAC leaves it blocked; three of them lock the key, and the block stays", () => {
    const it = card()
    send(it, BLOCK)
    for (let tries = 3; tries > 0; tries--)
      exchangeAll(it, [`${withWrongMac(secured(it, "STKssse", UNBLOCK))} < 6988`, "0020000003123456 < 6985"])
    expect(send(it, UNBLOCK)).toBe("6983")
    exchangeAll(it, [`${SELECT_SSSE} < 6A81`])
  })

  it.each([
    ["P1 01", "841E010004 00000000", "6A86"],
    ["P2 02", "841E000204 00000000", "6A86"],
    ["P2 01 of CARD BLOCK", "8416000104 00000000", "6A86"],
    ["no MAC", "841E0000", "6700"],
    ["data before the MAC", "8416000005 0000000000", "6700"],
  ])("refuses %s", (_, command, expected) => {
    const it = card()
    exchange(it, CHALLENGE)
    expect(exchange(it, command)).toBe(expected)
    expect(triesOf(it, "STKssse")).toBe(3)
  })

  it("refuses P2 01 of APPLICATION UNBLOCK on a blocked application", () => {
    const it = card()
    send(it, BLOCK)
    exchangeAll(it, ["8418000104 00000000 < 6A86", "8418000000 < 6700"])
  })
})
