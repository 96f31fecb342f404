import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import type { Card, CardOptions } from "../../../src/card/index.js"
import { type Algorithm, authenticationData, challengeSessionKey } from "../../../src/crypto/index.js"
import { exchange, exchangeAll } from "../../support/exchange.js"
import { keyOf } from "../../support/terminal.js"
import { SSSE_AID, testCard } from "../../support/test-card.js"

const SSSE = `00A404000F${toHex(SSSE_AID)}`
const X = "0102030405060708"

/** A card whose challenges are given, the SSSE selected. */
function scripted(algorithm: Algorithm, challenges: string[], options?: CardOptions): Card {
  const left = challenges.map((text) => hex(text))
  const card = testCard({ algorithm, ...(options && { options }), random: () => left.shift()! })
  exchange(card, SSSE)
  return card
}

/** What a terminal with the key computes. */
function proof(card: Card, name: string, challenge: string, original = X): string {
  const { algorithm } = card.layout
  const key = keyOf(card, name)
  return toHex(
    authenticationData(
      algorithm,
      challengeSessionKey(algorithm, card.memory.read(key.value), hex(challenge)),
      hex(original),
    ),
  )
}

describe("GET CHALLENGE (card-commands §6.1)", () => {
  it.each([
    ["eight bytes", "0084000008", 8],
    ["eight with Le 00", "0084000000", 8],
    ["four", "0084000004", 4],
    ["sixteen", "0084000010", 16],
  ])("gives %s", (_, command, length) => {
    expect(exchange(testCard(), command)).toMatch(new RegExp(`^[0-9A-F]{${2 * length}}9000$`))
  })

  it.each([
    ["another length", "0084000007", "6C08"],
    ["P1 01", "0084010008", "6A86"],
    ["P2 01", "0084000108", "6A86"],
    ["data", "0084000001AA", "6700"],
  ])("refuses %s", (_, command, expected) => {
    expect(exchange(testCard(), command)).toBe(expected)
  })

  it("remembers the last two", () => {
    const card = testCard()
    const drawn = [1, 2, 3].map(() => exchange(card, "0084000008").slice(0, 16))
    expect(toHex(card.session.challenge!)).toBe(drawn[2])
    expect(toHex(card.session.previousChallenge!)).toBe(drawn[1])
  })
})

describe("INTERNAL AUTHENTICATE (card-commands §6.2)", () => {
  const apdu = `0088000010 1122334455667788 ${X}`

  it("answers vector T2 (card-commands §9.4)", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, `${apdu} < 6108`, "00C0000008 < F4F14BF11083845F 9000"])
  })

  it("answers vector S2 (card-commands §9.5)", () => {
    const card = testCard({ algorithm: "sm4" })
    exchangeAll(card, [SSSE, `${apdu} < 6110`, "00C0000010 < C82A956D935FF6E23A27F7BC31D089E8 9000"])
  })

  it.each([
    ["key version 01", `0088000011112233445566 7788${X}01`, "6108"],
    ["key version 00", `0088000011112233445566 7788${X}00`, "6108"],
    ["key version 02", `0088000011112233445566 7788${X}02`, "6A88"],
    ["8 bytes", `0088000008${X}`, "6700"],
    ["18 bytes", `00880000121122334455667788${X}0101`, "6700"],
    ["P1 01", apdu.replace("00880000", "00880100"), "6A86"],
    ["P2 01", apdu.replace("00880000", "00880001"), "6A86"],
  ])("%s", (_, command, expected) => {
    const card = testCard()
    exchange(card, SSSE)
    expect(exchange(card, command)).toBe(expected)
  })

  it("has no key in the MF", () => {
    expect(exchange(testCard(), apdu)).toBe("6A88")
  })

  it("leaves the challenges alone", () => {
    const card = testCard()
    exchangeAll(card, [SSSE, "0084000008"])
    exchange(card, apdu)
    expect(card.session.challenge).toHaveLength(8)
  })
})

describe("EXTERNAL AUTHENTICATE (card-commands §6.3)", () => {
  it.each([
    ["T3 RKssse", "DDF1", "A1A2A3A4A5A6A7A8", "0082000A10", "2898438E02652C17"],
    ["T4 UKssse", "DDF1", "B1B2B3B4B5B6B7B8", "0082000410", "0DE48E9A7E4B4C53"],
    ["T5 PUK", "DDF1", "D1D2D3D4D5D6D7D8", "0082000610", "194E6DE3C5E83C6C"],
    ["T6 UK1DF01", "DF01", "2021222324252627", "0082008310", "368A9CF7A345AB93"],
    ["T7 RK1DF04", "DF04", "3031323334353637", "0082008410", "5177CB5B936B275E"],
  ])("accepts vector %s (card-commands §9.4)", (_, directory, challenge, header, cryptogram) => {
    const card = scripted("3des", [challenge])
    exchangeAll(card, [`00A4000002${directory}`, "0084000008", `${header}${cryptogram}${X} < 9000`])
  })

  it.each([
    ["S3 RKssse", "DDF1", "A1A2A3A4A5A6A7A8", "0082000A", "E857CBBA403E828137F835B32576FA8D"],
    ["S4 UKssse", "DDF1", "B1B2B3B4B5B6B7B8", "00820004", "ADEC297EF305984DCB5E805ABE93D13D"],
    ["S5 PUK", "DDF1", "D1D2D3D4D5D6D7D8", "00820006", "875B5E2C24D3606112CBA985166CB6A0"],
    ["S6 UK1DF01", "DF01", "2021222324252627", "00820083", "AE3EF6C43D61C79C917774E89951788A"],
    ["S7 RK1DF04", "DF04", "3031323334353637", "00820084", "BB68C2957CF5E8D7174CEA1CE4E66F0C"],
  ])("accepts vector %s (card-commands §9.5), with X as the challenge before or in the data", (...vector) => {
    const [, directory, challenge, header, cryptogram] = vector
    const card = scripted("sm4", [X, challenge, challenge])
    exchangeAll(card, [`00A4000002${directory}`, "0084000008", "0084000008", `${header}10${cryptogram} < 9000`])
    exchangeAll(card, ["0084000008", `${header}18${cryptogram}${X} < 9000`])
  })

  it("counts wrong ones down to the lock and restores the counter on success", () => {
    const R = "A1A2A3A4A5A6A7A8"
    const card = scripted("3des", Array(9).fill(R))
    const right = `0082000A10${proof(card, "RKssse", R)}${X}`
    const wrong = `0082000A10${"00".repeat(8)}${X}`
    exchangeAll(card, ["0084000008", `${wrong} < 63C2`, "0084000008", `${right} < 9000`])
    for (const left of [2, 1, 0]) exchangeAll(card, ["0084000008", `${wrong} < 63C${left}`])
    exchangeAll(card, [`${right} < 6983`, "0084000008", `${right} < 6983`])
  })

  it("writes the counter before it compares: a cut in between costs a try even when the proof was right", () => {
    const card = scripted("3des", [X])
    exchange(card, "0084000008")
    const command = `0082000A10${proof(card, "RKssse", X)}${X}`
    card.cutPowerAfter(1)
    expect(() => exchange(card, command)).toThrow()
    card.powerOn()
    expect(card.memory.readByte(keyOf(card, "RKssse").triesOffset)).toBe(2)
  })

  it("uses the challenge up with every attempt that is compared", () => {
    const card = scripted("3des", [X, X])
    const right = `0082000A10${proof(card, "RKssse", X)}${X}`
    exchangeAll(card, [`${right} < 6984`, "0084000008", `${right} < 9000`, `${right} < 6984`])
    exchangeAll(card, ["0084000008", `0082000A10${"00".repeat(16)} < 63C2`, `${right} < 6984`])
  })

  it("does not take a challenge of another length", () => {
    const card = scripted("3des", ["01020304"])
    exchangeAll(card, ["0084000004", `0082000A10${"00".repeat(16)} < 6984`])
  })

  it("asks an SM4 card's short form for two challenges", () => {
    const card = scripted("sm4", [X, X])
    exchangeAll(card, ["0084000008", `0082000A10${"00".repeat(16)} < 6984`])
    exchangeAll(card, ["0084000008", `0082000A10${"00".repeat(16)} < 63C2`])
  })

  it.each([
    ["an unknown key", "0082005510", "6A88"],
    ["a key of another use", "0082000210", "6A88"],
    ["a local key of another directory", "0082008410", "6A88"],
    ["P1 01", "0082010A10", "6A86"],
    ["8 bytes", "0082000A08", "6700"],
    ["24 bytes on a 3DES card", "0082000A18", "6700"],
    ["no data", "0082000A00", "6700"],
  ])("refuses %s before it touches the challenge", (_, header, expected) => {
    const card = scripted("3des", [X])
    exchange(card, "0084000008")
    expect(exchange(card, header + "00".repeat(hex(header)[4]!))).toBe(expected)
    expect(card.session.challenge).toHaveLength(8)
  })

  it("takes X first by option", () => {
    const card = scripted("3des", [X], { externalAuthOrder: "XA" })
    exchangeAll(card, ["0084000008", `0082000A10${X}${proof(card, "RKssse", X)} < 9000`])
  })

  describe("with P2 = 00", () => {
    const R = "B1B2B3B4B5B6B7B8"

    it("means the key that the current EF asked for in its last refusal", () => {
      const card = scripted("3des", [R])
      exchangeAll(card, ["00B0870001 < 6982", "0084000008", `0082000010${proof(card, "RKssse", R)}${X} < 9000`])
      expect(exchange(card, "00B0000001")).toBe("009000")
    })

    it("means a local key, too", () => {
      const card = scripted("3des", [R])
      exchangeAll(card, ["00A4000002DF01", "00A4000002EF05", "00B2010400 < 6982", "0084000008"])
      exchangeAll(card, [`0082000010${proof(card, "RK1DF01", R)}${X} < 9000`, "00B2010400 < 2002313 09000"])
    })

    it("means UKssse where nothing was refused, and after another EF was selected", () => {
      const card = scripted("3des", [R, R])
      const update = `0082000010${proof(card, "UKssse", R)}${X} < 9000`
      exchangeAll(card, ["0084000008", update, "00B0870001 < 6982", "00A4000002EF05", "0084000008", update])
    })

    it("means UKssse once an access succeeded after the refusal", () => {
      const card = scripted("3des", [R])
      const file = ["00A4000002DF01", "00B2012C00 < 6982", "0020000003123456", "00B2012C00 < 200231309000"]
      exchangeAll(card, [...file, "0084000008", `0082000010${proof(card, "UKssse", R)}${X} < 9000`])
    })

    it("is an unknown key when the option is off", () => {
      const card = scripted("3des", [R], { externalAuthP2Zero: false })
      exchangeAll(card, ["0084000008", `0082000010${proof(card, "UKssse", R)}${X} < 6A88`])
    })
  })
})
