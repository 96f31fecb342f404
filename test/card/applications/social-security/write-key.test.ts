import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../../../src/apdu/index.js"
import type { Card } from "../../../../src/card/index.js"
import { type Algorithm, blockEncrypt, encipherKeyBlock } from "../../../../src/crypto/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import {
  CHALLENGE,
  cellsWithoutCounters,
  secured,
  socialSecurityCard,
  triesOf,
  withWrongMac,
} from "../../../support/social-security-card.js"
import { authenticate, keyOf } from "../../../support/terminal.js"

const TRANSPORT = "01020304050607081112131415161718"
const NEW_KEY = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF"

describe("WRITE KEY, the vectors (card-commands §9.4, §9.5)", () => {
  it.each<[string, Algorithm, object, string, string]>([
    [
      "T12",
      "3des",
      {},
      "84D4000A24572CE7E0F799B5C9982CB7B666BC78D59F02105C231911F8126A2F7BE6CE2E7DF4F2218A",
      "29982F86F0E0D78565B3BD78155D9E9B",
    ],
    [
      "S12",
      "sm4",
      {},
      "84D4010A2415381CA3DFA139A22A9BF21DF53CC5A9545CB347B89AE38CBCE7660C13C8E3CA780D9A99",
      "8C7D401884D85A7CE4BE38D713ED6865",
    ],
    [
      "S12, left four",
      "sm4",
      { options: { sm4Mac: "left4" } },
      "84D4010A2415381CA3DFA139A22A9BF21DF53CC5A9545CB347B89AE38CBCE7660C13C8E3CAE6FEF140",
      "8C7D401884D85A7CE4BE38D713ED6865",
    ],
  ])("%s writes RKssse", (_, algorithm, changes, command, key) => {
    const keys = { test: true, values: { MKssse: TRANSPORT, RKssse: "00".repeat(16) } }
    const card = socialSecurityCard({ algorithm, changes: { keys, ...changes }, challenges: ["E1E2E3E4E5E6E7E8"] })
    exchangeAll(card, [CHALLENGE, `${command} < 9000`])
    expect(toHex(card.memory.read(keyOf(card, "RKssse").value))).toBe(key)
  })
})

describe.each(["3des", "sm4"] as const)("writing keys of a %s card (card-commands §13)", (algorithm) => {
  const p1 = algorithm === "3des" ? 0x00 : 0x01
  const header = (keyId: number, underParent = false) =>
    `84D4${toHex(Uint8Array.of(p1 | (underParent ? 0x80 : 0), keyId))}`

  const block = (card: Card, master: string, keyNumber: number, key = NEW_KEY) =>
    toHex(
      encipherKeyBlock(algorithm, card.memory.read(keyOf(card, master).value), {
        usage: 0x48,
        keyNumber,
        key: hex(key),
      }),
    )
  const writing = (card: Card, master: string, keyId: number, underParent = false, keyNumber = keyId) =>
    secured(card, master, header(keyId, underParent), block(card, master, keyNumber))
  const card = (changes = {}) => socialSecurityCard({ algorithm, changes })

  it.each([
    ["SSSE", "MKssse", 0x04, false, "UKssse"],
    ["SSSE", "MKMF", 0x04, true, "UKssse"],
    ["SSSE", "MKMF", 0x01, true, "MKssse"],
    ["SSSE", "MKssse", 0x01, false, "MKssse"],
    ["SSSE", "MKssse", 0x00, false, "IRK"],
    ["DF01", "MKDF01", 0x83, false, "UK1DF01"],
    ["DF01", "MKssse", 0x83, true, "UK1DF01"],
    ["DF04", "MKDF04", 0xa1, false, "DPK"],
    ["DF04", "MKssse", 0x80, true, "MKDF04"],
  ])("in %s under %s: key %i, parent %s", (directory, master, keyId, underParent, name) => {
    const it = card()
    if (directory !== "SSSE") exchange(it, `00A4000002${directory}`)
    expect(exchange(it, writing(it, master, keyId, underParent))).toBe("9000")
    expect(toHex(it.memory.read(keyOf(it, name).value))).toBe(NEW_KEY)
    expect([triesOf(it, name), triesOf(it, master)]).toEqual([3, 3])
  })

  it("gives a locked key all its tries, and asks who had authenticated with the old one again", () => {
    const it = card()
    authenticate(it, "UKssse")
    expect(exchange(it, writing(it, "MKssse", 0x04))).toBe("9000")
    exchangeAll(it, ["00A4020002EF06", "00DC0404030A0132 < 6982"])
    for (let tries = 2; tries >= 0; tries--)
      exchangeAll(it, [CHALLENGE, CHALLENGE, `0082000410${"00".repeat(16)} < 63C${tries}`])
    expect(exchange(it, writing(it, "MKssse", 0x04))).toBe("9000")
    authenticate(it, "UKssse")
    exchangeAll(it, ["00DC0404030A0132 < 9000"])
  })

  it("refuses a wrong MAC, a replay and a missing challenge, and locks the master key", () => {
    const it = card()
    const before = cellsWithoutCounters(it)
    const command = writing(it, "MKssse", 0x0a)
    exchangeAll(it, [`${withWrongMac(command)} < 6988`, `${command} < 6984`])
    exchange(it, CHALLENGE)
    exchangeAll(it, [`${command} < 6988`, "0084000004", `${command} < 6984`])
    expect(exchange(it, secured(it, "STKssse", header(0x0a), block(it, "MKssse", 0x0a)))).toBe("6988")
    expect(exchange(it, writing(it, "MKssse", 0x0a))).toBe("6983")
    expect(triesOf(it, "MKssse")).toBe(0)
    expect(cellsWithoutCounters(it)).toBe(before)
    expect(exchange(it, writing(it, "MKMF", 0x01, true))).toBe("9000")
    expect(triesOf(it, "MKssse")).toBe(3)
  })

  it("refuses a block under another key, of another key number, or with anything else in it", () => {
    const it = card()
    const wrap = (clear: string) =>
      toHex(blockEncrypt(algorithm, it.memory.read(keyOf(it, "MKssse").value), hex(clear)))
    const before = cellsWithoutCounters(it)
    const blocks = [
      block(it, "STKssse", 0x0a),
      block(it, "MKssse", 0x04),
      wrap(`17480A000000000000${NEW_KEY}80000000000000`),
      wrap(`18480A000000000001${NEW_KEY}80000000000000`),
      wrap(`18480A000000000000${NEW_KEY}00000000000000`),
    ]
    for (const data of blocks) expect(exchange(it, secured(it, "MKssse", header(0x0a), data))).toBe("6A80")
    expect(cellsWithoutCounters(it)).toBe(before)
    expect(triesOf(it, "MKssse")).toBe(3)
  })

  it("knows only the keys of the current directory", () => {
    const it = card()
    expect(exchange(it, writing(it, "MKssse", 0x7f))).toBe("6A88")
    expect(exchange(it, writing(it, "MKssse", 0x83))).toBe("6A88")
    exchange(it, "00A4000002DF01")
    expect(exchange(it, writing(it, "MKDF01", 0x04))).toBe("6A88")
    expect(triesOf(it, "MKDF01")).toBe(3)
  })

  it.each([
    ["the P1 of the other algorithm", `84D4${algorithm === "3des" ? "01" : "00"}0A24${"00".repeat(36)}`, "6A86"],
    ["another P1", `84D4020A24${"00".repeat(36)}`, "6A86"],
    ["a byte less", `84D4${toHex(Uint8Array.of(p1))}0A23${"00".repeat(35)}`, "6700"],
    ["no data", `84D4${toHex(Uint8Array.of(p1))}0A`, "6700"],
  ])("refuses %s", (_, command, expected) => {
    const it = card()
    exchange(it, CHALLENGE)
    expect(exchange(it, command)).toBe(expected)
    expect(it.session.challenge).toHaveLength(8)
  })

  it("still writes key 01 where 84 D4 00 01 may also be a reload", () => {
    const it = card({ options: { reload84D4: true } })
    expect(exchange(it, writing(it, "MKssse", 0x01))).toBe("9000")
  })
})
