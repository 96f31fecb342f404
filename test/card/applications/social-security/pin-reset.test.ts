import { describe, expect, it } from "vitest"
import { type Card, loadProfile } from "../../../../src/card/index.js"
import type { Algorithm } from "../../../../src/crypto/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import {
  CHALLENGE,
  cardOf,
  cellsWithoutCounters,
  SELECT_SSSE,
  secured,
  socialSecurityCard,
  triesOf,
  withWrongMac,
} from "../../../support/social-security-card.js"
import { authenticate } from "../../../support/terminal.js"

const X = "0102030405060708"
const PUK_CHALLENGE = "D1D2D3D4D5D6D7D8"
const R = "C1C2C3C4C5C6C7C8"
const RELOAD = "84240001"
const UNBLOCK = "84240000"

const LOCKED = { pin: { value: "888888", triesLeft: 0 } }

describe("PIN RELOAD and PIN UNBLOCK, the vectors (card-commands §9.4, §9.5)", () => {
  const puk = {
    "3des": `0082000610194E6DE3C5E83C6C${X}`,
    sm4: "0082000610875B5E2C24D3606112CBA985166CB6A0",
  }
  it.each<[string, Algorithm, object, string, string]>([
    ["T8", "3des", {}, "842400010CD3C829A7803F2F92F6CDF497", "123456"],
    ["T9", "3des", {}, "84240000045F70B247", "888888"],
    ["S8", "sm4", {}, "8424000114F301F15DA516DFF82B05A661B9A370946765F23B", "123456"],
    [
      "S8, left four",
      "sm4",
      { options: { sm4Mac: "left4" } },
      "8424000114F301F15DA516DFF82B05A661B9A37094992953B8",
      "123456",
    ],
    ["S9", "sm4", {}, "8424000004555FD2C4", "888888"],
    ["S9, left four", "sm4", { options: { sm4Mac: "left4" } }, "842400000400120EB8", "888888"],
  ])("%s opens a locked card of %s", (_, algorithm, changes, command, pin) => {
    const card = socialSecurityCard({
      algorithm,
      changes: { ...LOCKED, ...changes },
      challenges: [X, PUK_CHALLENGE, R],
    })
    exchangeAll(card, ["0020000003888888 < 6983", CHALLENGE, CHALLENGE, `${puk[algorithm]} < 9000`, CHALLENGE])
    expect(exchange(card, command)).toBe("9000")
    exchangeAll(card, ["0020000000 < 63C6", `0020000003${pin} < 9000`])
  })
})

describe.each(["3des", "sm4"] as const)("resetting the PIN of a %s card (card-commands §5.3, §5.4)", (algorithm) => {
  const withPuk = (changes: object = LOCKED): Card => {
    const card = socialSecurityCard({ algorithm, changes })
    authenticate(card, "PUK")
    return card
  }
  const reload = (card: Card, block: string, key = "STKssse") => secured(card, key, RELOAD, block, { encipher: true })

  it("asks for the PUK before it looks at challenge and MAC", () => {
    const card = socialSecurityCard({ algorithm, changes: LOCKED })
    expect(exchange(card, reload(card, "03123456"))).toBe("6982")
    expect(exchange(card, secured(card, "STKssse", UNBLOCK))).toBe("6982")
    expect(triesOf(card, "STKssse")).toBe(3)
    expect(card.session.challenge).toHaveLength(8)
    authenticate(card, "UKssse")
    expect(exchange(card, secured(card, "STKssse", UNBLOCK))).toBe("6982")
  })

  it.each([
    ["two bytes", "1234"],
    ["six bytes", "123456789012"],
    ["five digits", "12345F"],
  ])("sets a PIN of %s, with all tries, and leaves it to be verified", (_, pin) => {
    const card = withPuk({ pin: { value: "888888" } })
    exchangeAll(card, ["0020000003888888 < 9000"])
    const length = `0${pin.length / 2}`
    expect(exchange(card, reload(card, length + pin))).toBe("9000")
    exchangeAll(card, ["0020000000 < 63C6", "0020000003888888 < 63C5", `00200000${length}${pin} < 9000`])
  })

  it("gives the tries back and keeps the PIN", () => {
    const card = withPuk()
    expect(exchange(card, secured(card, "STKssse", UNBLOCK))).toBe("9000")
    exchangeAll(card, ["0020000000 < 63C6", "0020000003888888 < 9000"])
    expect(exchange(card, secured(card, "STKssse", UNBLOCK))).toBe("9000")
    exchangeAll(card, ["0020000000 < 9000"])
  })

  it("works in every directory of the SSSE, with the STK of that directory", () => {
    const card = withPuk()
    for (const directory of ["DF01", "DF02", "DF03", "DF04", "DF07"]) {
      exchange(card, `00A4000002${directory}`)
      expect(exchange(card, reload(card, "03112233", `STK${directory}`))).toBe("9000")
      expect(exchange(card, "0020000003112233")).toBe("9000")
    }
    expect(exchange(card, reload(card, "03112233", "STKssse"))).toBe("6988")
  })

  it("takes the PUK for the MAC by option", () => {
    const card = withPuk({ ...LOCKED, options: { pinMessageKey: "PUK" } })
    expect(exchange(card, reload(card, "03123456", "PUK"))).toBe("9000")
    expect(exchange(card, secured(card, "PUK", UNBLOCK))).toBe("9000")
    expect(exchange(card, withWrongMac(secured(card, "PUK", UNBLOCK)))).toBe("6988")
    expect([triesOf(card, "PUK"), triesOf(card, "STKssse")]).toEqual([2, 3])
    exchange(card, "0020000003123456")
  })

  it("refuses a wrong MAC, a replay and a challenge that is missing or of another length", () => {
    const card = withPuk()
    const before = cellsWithoutCounters(card)
    const command = reload(card, "03123456")
    exchangeAll(card, [`${withWrongMac(command)} < 6988`, `${command} < 6984`])
    exchange(card, CHALLENGE)
    exchangeAll(card, [`${command} < 6988`, "0084000004", `${command} < 6984`])
    expect(triesOf(card, "STKssse")).toBe(1)
    expect(triesOf(card, "PIN")).toBe(0)
    expect(cellsWithoutCounters(card)).toBe(before)
    exchange(card, withWrongMac(reload(card, "03123456")))
    expect(exchange(card, reload(card, "03123456"))).toBe("6983")
    expect(exchange(card, secured(card, "STKssse", UNBLOCK))).toBe("6983")
  })

  it.each([
    ["a PIN of one byte", "0112"],
    ["a letter in the PIN", "0312345A"],
    ["a gap in the PIN", "031F3456"],
    ["no PIN", "00"],
  ])("refuses %s behind a right MAC", (_, block) => {
    const card = withPuk()
    expect(exchange(card, reload(card, block))).toBe("6A80")
    expect([triesOf(card, "PIN"), triesOf(card, "STKssse")]).toEqual([0, 3])
  })

  it("refuses a block that does not decipher", () => {
    const card = withPuk()
    const command = secured(card, "STKssse", RELOAD, "00".repeat(algorithm === "3des" ? 8 : 16))
    expect(exchange(card, command)).toBe("6A80")
  })

  it.each([
    ["P1 01", "8424010004 00000000", "6A86"],
    ["P2 02", "8424000204 00000000", "6A86"],
    ["a reload without its block", "8424000104 00000000", "6700"],
    [
      "a reload of one byte less",
      algorithm === "3des" ? `842400010B${"00".repeat(11)}` : `8424000113${"00".repeat(19)}`,
      "6700",
    ],
    ["an unblock with a block", `842400000C${"00".repeat(12)}`, "6700"],
    ["an unblock without MAC", "84240000", "6700"],
  ])("refuses %s and leaves the challenge", (_, command, expected) => {
    const card = withPuk()
    exchange(card, CHALLENGE)
    expect(exchange(card, command)).toBe(expected)
    expect(card.session.challenge).toHaveLength(8)
  })

  it("takes 84 D4 00 01 for a reload only by option", () => {
    const card = withPuk()
    expect(exchange(card, secured(card, "STKssse", "84D40001", "03123456", { encipher: true }))).toBe(
      algorithm === "3des" ? "6700" : "6A86",
    )
    const quirky = withPuk({ ...LOCKED, options: { reload84D4: true } })
    expect(exchange(quirky, secured(quirky, "STKssse", "84D40001", "03123456", { encipher: true }))).toBe("9000")
    expect(exchange(quirky, "0020000003123456")).toBe("9000")
    expect(exchange(quirky, reload(quirky, "03654321"))).toBe("9000")
  })

  it("forgets the PUK with the environment and with a reset", () => {
    const card = withPuk()
    exchangeAll(card, ["00A4000000", SELECT_SSSE])
    expect(exchange(card, secured(card, "STKssse", UNBLOCK))).toBe("6982")
    authenticate(card, "PUK")
    card.reset()
    exchange(card, SELECT_SSSE)
    expect(exchange(card, secured(card, "STKssse", UNBLOCK))).toBe("6982")
  })
})

describe("VERIFY and CHANGE PIN in every directory (card-structure §17)", () => {
  it.each(["DF01", "DF02", "DF03", "DF04", "DF05", "DF06", "DF07"])(
    "are of the PIN of the SSSE while %s is current",
    (directory) => {
      const card = cardOf(loadProfile("employee-jiangsu"))
      exchange(card, SELECT_SSSE)
      exchangeAll(card, [`00A4000002${directory}`, "0020000003111111 < 63C5", "0020000003123456 < 9000"])
      exchangeAll(card, ["805E010007123456FF654321 < 9000", SELECT_SSSE, "0020000000 < 9000"])
      card.reset()
      exchangeAll(card, [SELECT_SSSE, "0020000003654321 < 9000"])
    },
  )
})
