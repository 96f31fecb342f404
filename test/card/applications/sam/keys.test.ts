import { describe, expect, it } from "vitest"
import { hex } from "../../../../src/apdu/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import { send } from "../../../support/financial-card.js"
import { SELECT_DDF1, SELECT_DF01, samCard, sm4Sam } from "../../../support/sam-card.js"

const CARD = "8660110816000001"
const CITY = "3332303830307378"
const PROVINCE = "3332303030307368"
const X = "0102030405060708"
const NOT_X = "FEFDFCFBFAF9F8F7"
const IRK = `BFDE670820${CARD}${CITY}${PROVINCE}1122334455667788`
const STK = `BFDE480918${CARD}${CITY}C1C2C3C4C5C6C7C8`
const DEBIT_DATA = "00000000000003E8000007D03532080000000120240315101530"

const key = (header: string, random: string) => `BFDE${header}18${CARD}${CITY}${random}`

describe("BF DE and 80 FA, 3DES (card-commands §11.3, §9.4)", () => {
  it.each([
    ["T2, IRK, 3 levels", IRK, `80FA000008${X}`, "F4F14BF11083845F"],
    ["T3, RKssse", key("470A", "A1A2A3A4A5A6A7A8"), `80FA000008${X}`, "2898438E02652C17"],
    ["T4, UKssse", key("4812", "B1B2B3B4B5B6B7B8"), `80FA000008${X}`, "0DE48E9A7E4B4C53"],
    ["T5, PUK", key("4810", "D1D2D3D4D5D6D7D8"), `80FA000008${X}`, "194E6DE3C5E83C6C"],
    ["T6, UK1DF01", key("4842", "2021222324252627"), `80FA000008${X}`, "368A9CF7A345AB93"],
    ["T7, RK1DF04", `BFDE672D20${CARD}${CITY}${PROVINCE}3031323334353637`, `80FA000008${X}`, "5177CB5B936B275E"],
    ["T8, STK enciphers", STK, "80FA0000080312345680000000", "D3C829A7803F2F92"],
    ["T8, STK makes the MAC", STK, `80FA0500180000000000000000842400010CD3C829A7803F2F92800000`, "F6CDF497"],
    ["T9, PIN UNBLOCK", STK, "80FA05001000000000000000008424000004800000", "5F70B247"],
    [
      "medical MAC1",
      key("4201", "0F1E2D3C000C000C"),
      `80FA0500280000000000000000${DEBIT_DATA}800000000000`,
      "4D47ACEE",
    ],
  ])("%s", (_, initialise, crypt, answer) => {
    const card = samCard()
    exchangeAll(card, [SELECT_DF01, `${initialise} < 9000`])
    expect(exchange(card, crypt)).toBe(`61${(answer.length / 2).toString(16).padStart(2, "0").toUpperCase()}`)
    expect(exchange(card, `00C00000${(answer.length / 2).toString(16).padStart(2, "0")}`)).toBe(`${answer}9000`)
  })

  it("keeps the session key for what follows (§11.3: E, then its MAC)", () => {
    const card = samCard()
    exchangeAll(card, [SELECT_DF01, STK])
    expect(send(card, "80FA0000080312345680000000")).toBe("D3C829A7803F2F929000")
    expect(send(card, "80FA0500180000000000000000842400010CD3C829A7803F2F92800000")).toBe("F6CDF4979000")
  })

  it("makes a MAC over several commands: first, next, last", () => {
    const card = samCard()
    exchangeAll(card, [
      SELECT_DF01,
      STK,
      "80FA0700100000000000000000842400010CD3C829 < 9000",
      "80FA030008A7803F2F92800000 < 9000",
    ])
    // The same blocks at once, one more behind them.
    const inParts = send(card, "80FA0100080000000000000000")
    const whole = send(card, "80FA0500200000000000000000842400010CD3C829A7803F2F928000000000000000000000")
    expect(inParts).toMatch(/^[0-9A-F]{8}9000$/)
    expect(inParts).toBe(whole)
  })

  it("enciphers in parts", () => {
    const card = samCard()
    exchangeAll(card, [SELECT_DF01, IRK])
    expect(send(card, `80FA020010${X}${X}`)).toBe("F4F14BF11083845FF4F14BF11083845F9000")
    expect(send(card, `80FA000008${X}`)).toBe("F4F14BF11083845F9000")
  })
})

describe("BF DE and 80 FA, SM4 (card-commands §11.2, §9.5)", () => {
  it.each([
    ["S2, IRK", IRK, `80FA000010${X}${NOT_X}`, "C82A956D935FF6E23A27F7BC31D089E8"],
    ["S3, RKssse", key("470A", "A1A2A3A4A5A6A7A8"), `80FA000010${X}${NOT_X}`, "E857CBBA403E828137F835B32576FA8D"],
    ["S5, PUK", key("4810", "D1D2D3D4D5D6D7D8"), `80FA000010${X}${NOT_X}`, "875B5E2C24D3606112CBA985166CB6A0"],
    ["S8, E", STK, `80FA0000100312345680${"00".repeat(11)}`, "F301F15DA516DFF82B05A661B9A37094"],
    [
      "S8, MAC",
      STK,
      `80FA050030${"00".repeat(16)}8424000114F301F15DA516DFF82B05A661B9A37094800000000000000000000000`,
      "6765F23B",
    ],
    [
      "medical MAC1 (§10.7)",
      key("4201", "0F1E2D3C000C000C"),
      `80FA050030${"00".repeat(16)}${DEBIT_DATA}800000000000`,
      "30D9CFD3",
    ],
  ])("%s", (_, initialise, crypt, answer) => {
    const card = sm4Sam()
    exchangeAll(card, [SELECT_DDF1, SELECT_DF01, `${initialise} < 9000`])
    expect(send(card, crypt)).toBe(`${answer}9000`)
  })

  it("takes the other form of MAC as an option (S9)", () => {
    const card = sm4Sam({ options: { factorOrder: "cardFirst", sequenceStep: "initialise", sm4Mac: "left4" } })
    exchangeAll(card, [SELECT_DDF1, SELECT_DF01, STK])
    expect(send(card, `80FA050020${"00".repeat(16)}842400000480${"00".repeat(10)}`)).toBe("00120EB89000")
  })
})

const CARD_KEY = hex("0123456789ABCDEFFEDCBA9876543210")
const oneKey = (usage: number) =>
  ({ environments: [{ algorithm: "3des", keys: [{ usage, id: 0x01, value: CARD_KEY, tries: 3 }] }] }) as const

describe("INIT FOR DESCRYPT, 80 1A (financial-emv §9)", () => {
  it("enciphers under the diversified key itself (V-A5: PIN unblock block)", () => {
    const card = samCard(oneKey(0x08))
    exchangeAll(card, [SELECT_DF01, "801A0801 < 9000"])
    expect(send(card, "80FA0000080312345680000000")).toBe("443FBFE8B31032999000")
  })

  it("makes retail MACs under it (V-A5: IV is the challenge and zeros)", () => {
    const card = samCard(oneKey(0x08))
    exchangeAll(card, [SELECT_DF01, "801A0801 < 9000"])
    expect(send(card, "80FA0500101122334400000000841E000004800000")).toBe("40D016F49000")
    exchangeAll(card, ["80FA0700101122334400000000842400000C443FBF < 9000"])
    expect(send(card, "80FA010008E8B3103299800000")).toBe("C75848A09000")
  })

  it("derives through levels, 44 = TAC with 2 (V-A3: TAC of the purchase under the folded key)", () => {
    // The chain is the one of BF DE; a key without levels shows the fold with the published DTK.
    const dtk = hex("479E71BEFF107A76138D34F84B2031FF")
    const card = samCard({
      environments: [{ algorithm: "3des", keys: [{ usage: 0x04, id: 1, value: dtk, tries: 3 }] }],
    })
    exchangeAll(card, [SELECT_DF01, "801A0401 < 9000"])
    const data = "0000100006112233445566000001022011040112000080" + "00"
    expect(send(card, `80FA0500200000000000000000${data}`)).toBe("20D531349000")
    const levels = samCard({
      environments: [{ algorithm: "3des", keys: [{ usage: 0x44, id: 1, value: dtk, tries: 3 }] }],
    })
    exchangeAll(levels, [SELECT_DF01, `801A440110${CARD}${CITY} < 9000`, `801A440108${CARD} < 6700`])
  })

  it("takes the factors in the vendor's order (financial-emv §9)", () => {
    const options = { sequenceStep: "initialise", sm4Mac: "xor4" } as const
    const mirrored = samCard({ options: { ...options, factorOrder: "masterFirst" } })
    exchangeAll(mirrored, [SELECT_DF01, `BFDE670820${PROVINCE}${CITY}${CARD}1122334455667788 < 9000`])
    expect(send(mirrored, `80FA000008${X}`)).toBe("F4F14BF11083845F9000")
  })
})

describe("refusals, status words exact (card-commands §11.2)", () => {
  it.each([
    ["too few factors", `BFDE670818${CARD}${CITY}1122334455667788`, "6700"],
    ["too many factors", `BFDE480920${CARD}${CITY}${PROVINCE}1122334455667788`, "6700"],
    ["no random", `BFDE480910${CARD}${CITY}`, "6700"],
    ["no data", "BFDE4809", "6700"],
    ["four levels", `BFDE870828${CARD}${CITY}${PROVINCE}${PROVINCE}1122334455667788`, "6700"],
    ["an unknown identifier", key("48EE", "1122334455667788"), "6A88"],
    ["another usage of a known identifier", key("4808", "1122334455667788"), "6985"],
    ["fewer levels than the key has", `BFDE270810${CARD}1122334455667788`, "6985"],
    ["80 1A, unknown", `801A48EE10${CARD}${CITY}`, "6A88"],
    ["80 1A, another usage", `801A480810${CARD}${CITY}`, "6985"],
    ["80 1A, factors missing", "801A4809", "6700"],
    ["DES CRYPT before any key", `80FA000008${X}`, "6985"],
    ["CREDIT without a purchase", "8072000004AABBCCDD", "6985"],
  ])("%s", (_, command, status) => {
    expect(exchangeAll(samCard(), [SELECT_DF01, command])).toBe(status)
  })

  it.each([
    ["a P1 that is no mode", "80FA040008", "6A86"],
    ["P2", "80FA000108", "6A86"],
    ["a part of a block", "80FA000007", "6700"],
    ["a MAC without data behind its first value", "80FA050008", "6700"],
    ["a first part without data", "80FA070008", "6700"],
    ["the next part before the first", "80FA030008", "6985"],
    ["the last part before the first", "80FA010008", "6985"],
  ])("DES CRYPT with %s", (_, header, status) => {
    const length = Number.parseInt(header.slice(-2), 16)
    expect(exchangeAll(samCard(), [SELECT_DF01, STK, header + "00".repeat(length)])).toBe(status)
  })

  it("DES CRYPT without data", () => {
    expect(exchangeAll(samCard(), [SELECT_DF01, STK, "80FA0000"])).toBe("6700")
  })

  it.each([
    ["a MAC under a key for encryption", IRK, `80FA050010${X}${X}`],
    ["encryption under a debit key", key("4201", "0F1E2D3C000C000C"), `80FA000008${X}`],
  ])("keeps types apart: %s (card-structure §16.2)", (_, initialise, crypt) => {
    expect(exchangeAll(samCard(), [SELECT_DF01, `${initialise} < 9000`, crypt])).toBe("6985")
  })

  it.each([0x00, 0x01])("master and maintenance keys serve no terminal (type %i)", (usage) => {
    const init = `BFDE${usage.toString(16).padStart(2, "0")}01081122334455667788`
    expect(exchangeAll(samCard(oneKey(usage)), [SELECT_DF01, init])).toBe("6985")
  })

  it("forgets the key at a failed initialisation, a SELECT and a reset", () => {
    const card = samCard()
    const crypt = `80FA000008${X}`
    exchangeAll(card, [SELECT_DF01, IRK, key("48EE", "1122334455667788"), `${crypt} < 6985`])
    exchangeAll(card, [IRK, SELECT_DF01, `${crypt} < 6985`])
    exchangeAll(card, [IRK])
    card.reset()
    exchangeAll(card, [SELECT_DF01, `${crypt} < 6985`])
  })

  it("forgets a MAC that was begun when something else comes between", () => {
    const begun = [SELECT_DF01, STK, `80FA070010${X}${X}`]
    expect(exchangeAll(samCard(), [...begun, `80FA000008${X}`, `80FA010008${X}`])).toBe("6985")
    expect(exchangeAll(samCard(), [...begun, `80FA010007${"00".repeat(7)}`, `80FA010008${X}`])).toBe("6985")
  })
})
