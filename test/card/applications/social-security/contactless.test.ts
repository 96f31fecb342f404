import { describe, expect, it } from "vitest"
import { asSocialSecurityProfile, type Card, loadProfile } from "../../../../src/card/index.js"
import { exchange } from "../../../support/exchange.js"
import { cardOf, SELECT_SSSE, secured } from "../../../support/social-security-card.js"
import { authenticate } from "../../../support/terminal.js"

const ATR = "3B8D800100815431008660110816000001" + "00"

function contactless(options: { readonly contactless?: "open" } = {}): Card {
  const card = cardOf({ ...asSocialSecurityProfile(loadProfile("employee-v3")), atr: { hex: ATR }, options })
  exchange(card, SELECT_SSSE)
  return card
}

describe("the contactless interface (card-structure §3.3)", () => {
  it("gives the basic data after RKssse, and everything whole without GET RESPONSE", () => {
    const card = contactless()
    expect(exchange(card, `${SELECT_SSSE}00`)).toMatch(/^6F1C.*9000$/)
    expect(exchange(card, "00B2032C00")).toBe("0304332E30309000")
    expect(exchange(card, "00B2012C00")).toMatch(/^0110.*9000$/)
    expect(exchange(card, "00B2013400")).toBe("6982")
    authenticate(card, "RKssse")
    expect(exchange(card, "00B2013400")).toMatch(/^0812.*9000$/)
  })

  it.each([
    ["VERIFY", "0020000003123456"],
    ["VERIFY without data", "00200000"],
    ["CHANGE PIN", "805E010007123456FF654321"],
    ["PIN RELOAD", `8424000114${"00".repeat(20)}`],
    ["PIN UNBLOCK", "842400000400000000"],
    ["UPDATE RECORD", "00DC0434030A0131"],
    ["UPDATE RECORD with MAC", "04DC0434070A013100000000"],
    ["UPDATE BINARY", "00D6870001AA"],
    ["APPEND RECORD", "00E20000020A00"],
    ["WRITE KEY", `84D4010424${"00".repeat(36)}`],
  ])("refuses %s, unless the profile opens it", (_, command) => {
    expect(exchange(contactless(), command)).toBe("6985")
    expect(exchange(contactless({ contactless: "open" }), command)).not.toBe("6985")
  })

  it("refuses medical transactions, and still tells that the PIN is missing for a balance", () => {
    const card = contactless()
    exchange(card, "00A4000002DF04")
    for (const [ins, data] of [
      ["28", 11],
      ["2A", 11],
      ["22", 15],
      ["24", 15],
      ["2E", 11],
      ["30", 11],
    ] as const)
      expect(exchange(card, `B0${ins}00000${data.toString(16)}${"00".repeat(data)}`)).toBe("6985")
    expect(exchange(card, "B026000104")).toBe("6982")
  })

  it("lets the issuer block the application", () => {
    const card = contactless()
    expect(exchange(card, secured(card, "STKssse", "841E0000"))).toBe("9000")
    expect(exchange(card, SELECT_SSSE)).toBe("6A81")
  })
})
