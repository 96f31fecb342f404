import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../../../src/apdu/index.js"
import { type Card, differences, signWithCard } from "../../../../src/card/index.js"
import { sm2Decrypt, sm2Encrypt, sm2PublicKey, sm2Sign, sm2Verify } from "../../../../src/crypto/index.js"
import { exchange, exchangeAll } from "../../../support/exchange.js"
import { send } from "../../../support/financial-card.js"
import {
  adminProof,
  envelopeCommand,
  GENERATE,
  importCommand,
  KEY_A,
  KEY_B,
  masterProof,
  openForWriting,
  pkiCard,
  publicKeyFile,
  SELECT_CERT,
  SELECT_PKI,
  userProof,
} from "../../../support/pki-card.js"

const pointOf = (key: string) => toHex(sm2PublicKey(hex(key)))
const SM4_KEY = "0F".repeat(16)
const CHECK_SIGNATURE = "80C9820008C0020012C2020013"
const CHECK_ENCRYPTION = "80C9820008C0020014C2020015"
const EXPORT = "80C9828000"
const writePublic = (point: string) => `80C2400046C0020014CA40${point}`
const writePrivate = (key: string) => `80C2C00126C2020015CB20${key}`

const ready = (pki: object = {}): Card => {
  const card = pkiCard({ pki })
  openForWriting(card)
  return card
}
const withKeys = { keys: { test: true, signature: KEY_A, encryption: KEY_B } }

describe("GENERATE KEY PAIR (card-commands §12)", () => {
  it("makes a signature pair of the card's own random numbers: the same seed, the same pair", () => {
    const [card, twin, other] = [ready(), ready(), pkiCard({ seed: "other" })]
    openForWriting(other)
    for (const each of [card, twin, other]) exchangeAll(each, [`${GENERATE} < 9000`])
    expect(publicKeyFile(card)).toMatch(/^0040[0-9A-F]{128}9000$/)
    expect(publicKeyFile(twin)).toBe(publicKeyFile(card))
    expect(publicKeyFile(other)).not.toBe(publicKeyFile(card))
    exchangeAll(card, [`${CHECK_SIGNATURE} < 9000`])
    expect(send(card, EXPORT)).toBe(publicKeyFile(card))
  })

  it("replaces the pair each time", () => {
    const card = ready(withKeys)
    expect(publicKeyFile(card)).toBe(`0040${pointOf(KEY_A)}9000`)
    exchangeAll(card, [`${GENERATE} < 9000`])
    const first = publicKeyFile(card)
    exchangeAll(card, [`${GENERATE} < 9000`])
    expect(new Set([first, publicKeyFile(card), `0040${pointOf(KEY_A)}9000`]).size).toBe(3)
  })

  it("keeps the private key: a difference is told without its bytes", () => {
    const card = ready()
    const before = card.memory.pages.snapshot()
    exchange(card, GENERATE)
    const changes = differences(card.layout, before, card.memory.pages.snapshot())
    expect(changes.map(({ place, secret }) => [place, secret])).toEqual([
      ["PKI.signaturePrivateKey", true],
      ["CERT.0012", false],
    ])
  })

  it("asks for both proofs", () => {
    const card = pkiCard()
    exchangeAll(card, [`${GENERATE} < 6982`, () => `${userProof(card)} < 9000`, `${GENERATE} < 6982`])
    exchangeAll(card, [() => `${adminProof(card)} < 9000`, `${GENERATE} < 6982`, () => `${masterProof(card)} < 9000`])
    exchangeAll(card, [`${GENERATE} < 9000`])
  })

  it.each([
    ["the encryption pair, which is imported", GENERATE.replace("0012", "0014").replace("0013", "0015"), "6A88"],
    ["halves of two pairs", GENERATE.replace("0013", "0015"), "6A88"],
    ["other tags", GENERATE.replace("C002", "C102"), "6A80"],
    ["P1 01", GENERATE.replace("8040 00", "804001").replace("80400000", "80400100"), "6A86"],
    ["one reference", "8040000004C0020012", "6700"],
  ])("refuses %s", (_, command, expected) => {
    expect(exchange(ready(), command)).toBe(expected)
  })
})

describe("the public key file", () => {
  it("is free to read, empty before there is a pair, and nobody's to write", () => {
    const card = pkiCard()
    expect(publicKeyFile(card)).toBe(`${"00".repeat(66)}9000`)
    openForWriting(card)
    exchangeAll(card, ["00D6000001AA < 6982"])
  })
})

describe("check and export of a pair (80 C9)", () => {
  it("finds pairs that are there, and gives out public keys only", () => {
    const card = pkiCard({ pki: withKeys })
    exchangeAll(card, [`${EXPORT} < 6985`, `${CHECK_ENCRYPTION} < 9000`])
    expect(send(card, EXPORT)).toBe(`0040${pointOf(KEY_B)}9000`)
    exchangeAll(card, [`${CHECK_SIGNATURE} < 9000`])
    expect(send(card, EXPORT)).toBe(`0040${pointOf(KEY_A)}9000`)
    exchangeAll(card, [SELECT_CERT, `${EXPORT} < 6985`])
  })

  it.each([
    ["a pair that is not there", CHECK_SIGNATURE, "6A88"],
    ["halves of two pairs", "80C9820008C0020012C2020015", "6A88"],
    ["other tags", "80C9820008C2020012C0020013", "6A80"],
    ["P1 80", "80C9800008C0020012C2020013", "6A86"],
    ["P2 01", "80C9820108C0020012C2020013", "6A86"],
    ["one reference", "80C9820004C0020012", "6700"],
    ["an export with data", "80C9828001AA", "6700"],
  ])("refuses %s", (_, command, expected) => {
    expect(exchange(pkiCard(), command)).toBe(expected)
  })

  it("refuses halves that do not belong together", () => {
    const card = ready(withKeys)
    exchangeAll(card, [`${writePrivate(KEY_A)} < 9000`, `${CHECK_ENCRYPTION} < 6985`, `${EXPORT} < 6985`])
  })
})

describe("import of the encryption pair in a digital envelope (80 4E, 80 4A)", () => {
  it("opens the envelope with the signature key and stores the pair", () => {
    const card = ready(withKeys)
    const key = "33".repeat(32)
    exchangeAll(card, [
      `${envelopeCommand(sm2PublicKey(hex(KEY_A)), SM4_KEY)} < 9000`,
      `${importCommand(SM4_KEY, key)} < 9000`,
    ])
    exchangeAll(card, [`${CHECK_ENCRYPTION} < 9000`])
    expect(send(card, EXPORT)).toBe(`0040${pointOf(key)}9000`)
  })

  it("takes the key of an envelope once, and only while the application stays selected", () => {
    const card = ready(withKeys)
    const envelope = envelopeCommand(sm2PublicKey(hex(KEY_A)), SM4_KEY)
    const pair = importCommand(SM4_KEY, KEY_B)
    exchangeAll(card, [`${pair} < 6985`, `${envelope} < 9000`, `${pair} < 9000`, `${pair} < 6985`])
    exchangeAll(card, [`${envelope} < 9000`, SELECT_CERT, `${pair} < 6985`])
  })

  it("asks for both proofs", () => {
    const card = pkiCard({ pki: withKeys })
    exchangeAll(card, [`${envelopeCommand(sm2PublicKey(hex(KEY_A)), SM4_KEY)} < 6982`])
    exchangeAll(card, [`${importCommand(SM4_KEY, KEY_B)} < 6982`])
  })

  it("refuses an envelope for somebody else, of another key length, or damaged", () => {
    const card = ready(withKeys)
    const mine = sm2PublicKey(hex(KEY_A))
    exchangeAll(card, [`${envelopeCommand(sm2PublicKey(hex(KEY_B)), SM4_KEY)} < 6A80`])
    exchangeAll(card, [`${envelopeCommand(mine, SM4_KEY.slice(2))} < 6A80`])
    exchangeAll(card, [`${withWrongByte(envelopeCommand(mine, SM4_KEY))} < 6A80`])
    exchangeAll(card, [`${importCommand(SM4_KEY, KEY_B)} < 6985`])
  })

  it("refuses a pair under another key, or whose halves do not belong together", () => {
    const card = ready(withKeys)
    const before = card.memory.pages.snapshot()
    const envelope = envelopeCommand(sm2PublicKey(hex(KEY_A)), SM4_KEY)
    exchangeAll(card, [`${envelope} < 9000`, `${importCommand("0E".repeat(16), KEY_B)} < 6A80`])
    exchangeAll(card, [`${envelope} < 9000`, `${withWrongByte(importCommand(SM4_KEY, KEY_B))} < 6A80`])
    expect(differences(card.layout, before, card.memory.pages.snapshot())).toEqual([])
  })

  it.each([
    ["an envelope without its length", "804E000109C2020013C181000000", "6A80"],
    ["an envelope for another container", "804E000109C2020015C182000100", "6A88"],
    ["an envelope with another tag", "804E000109C0020013C182000100", "6A80"],
    ["an envelope of P2 00", "804E000009C2020013C182000100", "6A86"],
    ["an empty envelope", "804E000108C2020013C1820000", "6700"],
    ["a pair of P2 00", `804A02006C${"00".repeat(108)}`, "6A86"],
    ["a pair of one byte less", `804A02106B${"00".repeat(107)}`, "6700"],
  ])("refuses %s", (_, command, expected) => {
    expect(exchange(ready(withKeys), command)).toBe(expected)
  })

  it("refuses an envelope while there is no signature pair, and a pair for other containers", () => {
    const blank = ready()
    exchangeAll(blank, [`${envelopeCommand(sm2PublicKey(hex(KEY_A)), SM4_KEY)} < 6A88`])
    const card = ready(withKeys)
    exchangeAll(card, [`${envelopeCommand(sm2PublicKey(hex(KEY_A)), SM4_KEY)} < 9000`])
    const pair = importCommand(SM4_KEY, KEY_B).replace("C0020014C2020015", "C0020012C2020013")
    exchangeAll(card, [`${pair} < 6A88`])
  })
})

describe("keys of the encryption pair written in the clear (80 C2)", () => {
  it("stores both halves", () => {
    const card = ready()
    exchangeAll(card, [`${writePublic(pointOf(KEY_B))} < 9000`, `${CHECK_ENCRYPTION} < 6985`])
    exchangeAll(card, [`${writePrivate(KEY_B)} < 9000`, `${CHECK_ENCRYPTION} < 9000`])
    expect(send(card, EXPORT)).toBe(`0040${pointOf(KEY_B)}9000`)
  })

  it.each([
    ["a point that is not on the curve", writePublic("01".repeat(64)), "6A80"],
    ["the private key 0", writePrivate("00".repeat(32)), "6A80"],
    ["a private key beyond the order", writePrivate("FF".repeat(32)), "6A80"],
    ["the containers of the signature pair", writePublic(pointOf(KEY_B)).replace("C0020014", "C0020012"), "6A88"],
    ["the private container of the signature pair", writePrivate(KEY_B).replace("C2020015", "C2020013"), "6A88"],
    ["another tag", writePublic(pointOf(KEY_B)).replace("CA40", "CB40"), "6A80"],
    ["P1 P2 of neither", writePublic(pointOf(KEY_B)).replace("80C24000", "80C24001"), "6A86"],
    ["a byte less", `80C2400045C0020014CA40${"01".repeat(63)}`, "6700"],
  ])("refuses %s", (_, command, expected) => {
    expect(exchange(ready(), command)).toBe(expected)
  })

  it("asks for both proofs", () => {
    exchangeAll(pkiCard(), [`${writePublic(pointOf(KEY_B))} < 6982`, `${writePrivate(KEY_B)} < 6982`])
  })
})

describe("certificates (card-structure §12)", () => {
  it("are written in chunks under both proofs, to 2,048 bytes, and read by anybody", () => {
    const card = pkiCard()
    exchangeAll(card, ["00A40000020018 < 9000", "00D6000001AA < 6982"])
    openForWriting(card)
    const certificate = Uint8Array.from({ length: 0x800 }, (_, i) => (i * 31) & 0xff)
    for (let at = 0; at < certificate.length; at += 0x70) {
      const chunk = certificate.subarray(at, at + 0x70)
      exchangeAll(card, [`${toHex(concat(hex("00D6"), at >> 8, at & 0xff, chunk.length, chunk))} < 9000`])
    }
    exchangeAll(card, ["00D6080001AA < 6B00", "00A40000020019 < 9000", "00B0000004 < 00000000 9000"])
    card.reset()
    exchangeAll(card, [SELECT_CERT, "00A40000020018 < 9000"])
    let read = ""
    for (let at = 0; at < 0x800; at += 0x80)
      read += send(card, toHex(concat(hex("00B0"), at >> 8, at & 0xff, 0x80))).slice(0, -4)
    expect(read).toBe(toHex(certificate))
  })
})

describe("signing by the side that hosts the card", () => {
  const message = hex("00010203")

  it("signs under the user PIN what the public key verifies", () => {
    const card = pkiCard({ pki: withKeys })
    exchangeAll(card, [() => `${userProof(card)} < 9000`])
    const signed = signWithCard(card, message)
    expect(signed.ok && sm2Verify(sm2PublicKey(hex(KEY_A)), message, signed.signature)).toBe(true)
    const named = signWithCard(card, message, { userId: "synthetic" })
    expect(named.ok && sm2Verify(sm2PublicKey(hex(KEY_A)), message, named.signature, { userId: "synthetic" })).toBe(
      true,
    )
    exchange(card, SELECT_PKI)
    expect(signWithCard(card, message).ok).toBe(true)
  })

  it("refuses without the user PIN, without a key, and while another application is selected", () => {
    const card = pkiCard({ pki: withKeys })
    openForWriting(card)
    expect(signWithCard(card, message)).toEqual({ ok: false, statusWord: 0x6982 })
    exchangeAll(card, [() => `${userProof(card)} < 9000`, "00A4000002DDF1"])
    expect(signWithCard(card, message)).toEqual({ ok: false, statusWord: 0x6985 })
    const blank = pkiCard()
    exchangeAll(blank, [`${userProof(blank)} < 9000`])
    expect(signWithCard(blank, message)).toEqual({ ok: false, statusWord: 0x6a88 })
  })

  it("uses the same key for what is enciphered to it", () => {
    const point = sm2PublicKey(hex(KEY_A))
    expect(sm2Decrypt(hex(KEY_A), sm2Encrypt(point, message))).toEqual(message)
    expect(sm2Verify(point, message, sm2Sign(hex(KEY_B), message))).toBe(false)
  })
})

function withWrongByte(command: string): string {
  const bytes = hex(command)
  bytes[bytes.length - 1]! ^= 1
  return toHex(bytes)
}
