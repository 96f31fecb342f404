import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../../src/apdu/index.js"
import type { Card } from "../../../../src/card/index.js"
import { encipherKeyBlock } from "../../../../src/crypto/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import { sweepPowerCuts } from "../../../support/power-cuts.js"
import { secured, socialSecurityCard, withWrongMac } from "../../../support/social-security-card.js"
import { authenticate, keyOf } from "../../../support/terminal.js"

type Make = (card: Card) => string

/** A card with a locked PIN and an STK that has a try less, so that everything a command restores shows. */
const newCard = (algorithm: "3des" | "sm4") => () => {
  const card = socialSecurityCard({ algorithm, changes: { pin: { value: "888888", triesLeft: 0 } } })
  exchange(card, withWrongMac(secured(card, "STKssse", "84160000")))
  return card
}

const nothing = () => {}
const withPuk = (card: Card) => authenticate(card, "PUK")
const select =
  (...lines: string[]) =>
  (card: Card) => {
    exchangeAll(card, lines)
  }
const writeKey =
  (master: string, header: string, keyNumber: number): Make =>
  (card) => {
    const { algorithm } = card.layout
    const key = new Uint8Array(16).fill(0x5c)
    const data = encipherKeyBlock(algorithm, card.memory.read(keyOf(card, master).value), {
      usage: 0x48,
      keyNumber,
      key,
    })
    const p1 = (Number.parseInt(header.slice(4, 6), 16) | (algorithm === "3des" ? 0 : 1)).toString(16).padStart(2, "0")
    return secured(card, master, header.slice(0, 4) + p1 + header.slice(6), toHex(data))
  }

describe.each(["3des", "sm4"] as const)("power cut at every physical write of a %s card's commands", (algorithm) => {
  it.each<[string, (card: Card) => void, Make, number]>([
    ["PIN RELOAD", withPuk, (card) => secured(card, "STKssse", "84240001", "03112233", { encipher: true }), 6],
    ["PIN UNBLOCK", withPuk, (card) => secured(card, "STKssse", "84240000"), 5],
    ["APPLICATION BLOCK", nothing, (card) => secured(card, "STKssse", "841E0000"), 5],
    ["APPLICATION BLOCK for ever", nothing, (card) => secured(card, "STKssse", "841E0001"), 5],
    [
      "APPLICATION UNBLOCK",
      (card) => exchange(card, secured(card, "STKssse", "841E0000")),
      (card) => secured(card, "STKssse", "84180000"),
      5,
    ],
    ["CARD BLOCK", nothing, (card) => secured(card, "STKssse", "84160000"), 5],
    ["a wrong MAC", nothing, (card) => withWrongMac(secured(card, "STKssse", "84160000")), 1],
    ["WRITE KEY", nothing, writeKey("MKssse", "84D40004", 0x04), 6],
    ["WRITE KEY of the master key itself", nothing, writeKey("MKssse", "84D40001", 0x01), 6],
    ["WRITE KEY under the parent", select("00A4000002DF01"), writeKey("MKssse", "84D48083", 0x83), 6],
    [
      "UPDATE RECORD with MAC",
      select("00A4020002EF06"),
      (card) => secured(card, "STKssse", "04DC0204", `091E${"41".repeat(30)}`),
      6,
    ],
    [
      "UPDATE RECORD, enciphered",
      select("00A4020002EF06"),
      (card) => secured(card, "STKssse", "84DC0404", "030A0132", { encipher: true }),
      6,
    ],
    ["UPDATE BINARY with MAC", nothing, (card) => secured(card, "STKssse", "04D68705", "3D".repeat(0x70)), 6],
    [
      "APPEND RECORD with MAC, cyclic",
      select("00A4000002DF02", "00A4020002EF16"),
      (card) => secured(card, "STKDF02", "04E20000", "3D".repeat(18)),
      8,
    ],
  ])("%s", (_, prepare, make, atLeast) => {
    const cuts = sweepPowerCuts(newCard(algorithm), prepare, (card) => hex(make(card)))
    expect(cuts).toBeGreaterThanOrEqual(2 * atLeast)
  })
})
