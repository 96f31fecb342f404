import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../../src/apdu/index.js"
import { activeCard, challenge, GPO, select, send, status } from "../../../support/financial-card.js"

describe("GET CHALLENGE", () => {
  it("gives eight new bytes each time, in every state", () => {
    const card = activeCard()
    select(card)
    const first = challenge(card)
    expect(first).toHaveLength(8)
    send(card, GPO)
    expect(toHex(challenge(card))).not.toBe(toHex(first))
    expect(toHex(card.process(hex("0084000004")))).toBe("6C08")
  })

  it.each([
    ["0084010008", "6A86"],
    ["00840000020000", "6700"],
  ])("refuses %s", (command, expected) => {
    const card = activeCard()
    select(card)
    expect(status(card, command)).toBe(expected)
  })
})
