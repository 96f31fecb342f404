import { describe, expect, it } from "vitest"
import { type Card, createCard, parseProfile } from "../../../../src/card/index.js"
import { send } from "../../../support/financial-card.js"

const SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
const BANK = "00A4040008A000000333010101"

function cardInState(state: string): Card {
  const card = createCard({ profile: parseProfile({ extends: "employee-active", state }), seed: "life" })
  card.powerOn()
  return card
}

/** Commands that work on an active card while DF01 is current. */
const COMMANDS = [
  "0020000003123456",
  "00200000",
  "805E010007123456FF654321",
  "0088000010 1122334455667788 0102030405060708",
  "0082000A10 11223344556677880102030405060708",
  "00B2012C00",
  "00DC010405 0102030405",
  "00B0960001",
  "00D6960001AA",
  "84240000 04 00000000",
  "84160000 04 00000000",
  "84D40001 24",
  "80CA9F3600",
  "F0000000",
]

describe("a card whose social security application is blocked for a time (card-commands §7.2)", () => {
  const card = cardInState("applicationBlocked")

  it.each([
    ["by name", SSSE],
    ["by FID", "00A4000002DDF1"],
    ["a directory of it", "00A4000002DF04"],
  ])("answers 6A81 without FCI to SELECT %s and makes it current", (_, select) => {
    send(card, SSSE)
    expect(send(card, select)).toBe("6A81")
    expect(card.session.directory.environment.name).toBe("SSSE")
  })

  it.each(["DDF1", "DF01", "DF04"])("takes GET CHALLENGE and nothing else while %s is current", (fid) => {
    send(card, SSSE)
    send(card, `00A4000002${fid}`)
    expect(send(card, "0084000008")).toMatch(/9000$/)
    for (const command of COMMANDS) expect(send(card, command), command).toBe("6985")
    expect(send(card, "00A4020002EF05")).toBe("6985")
    expect(card.session.file).toBeUndefined()
  })

  it("leaves the other applications and the MF alone", () => {
    expect(send(card, BANK)).toMatch(/9000$/)
    expect(send(card, "00A4000000")).toMatch(/9000$/)
    expect(send(card, "00B2010C00")).toMatch(/9000$/)
  })
})

describe("a card whose social security application is blocked for ever", () => {
  const card = cardInState("applicationBlockedPermanently")

  it("answers 9303 to SELECT and to everything else", () => {
    expect(send(card, SSSE)).toBe("9303")
    for (const command of [...COMMANDS, "0084000008", "8418000004 00000000"])
      expect(send(card, command), command).toBe("9303")
    expect(send(card, "00A4020002EF05")).toBe("9303")
    expect(send(card, "00A4000002DF01")).toBe("9303")
  })

  it("leaves the other applications alone", () => {
    expect(send(card, BANK)).toMatch(/9000$/)
  })
})

describe("a blocked card", () => {
  it("still answers to reset, and 6A81 to every command, malformed ones included", () => {
    const card = cardInState("cardBlocked")
    expect(card.reset()).toEqual(card.atr)
    const all = [
      SSSE,
      BANK,
      "00A4000000",
      "0084000008",
      "00C0000008",
      "8418000004 00000000",
      "00",
      "00A404",
      ...COMMANDS,
    ]
    for (const command of all) expect(send(card, command), command).toBe("6A81")
  })
})
