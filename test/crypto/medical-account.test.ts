import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import {
  debitMac1,
  debitMac2,
  debitSessionKey,
  debitTac,
  deriveCardKey,
  type MedicalCipher,
  testMasterKey,
  transferMac1,
  transferMac2,
  transferSessionKey,
  transferTac,
  unloadMac3,
} from "../../src/crypto/index.js"

const factors = ["3332303830307378", "8660110816000001"].map((text) => hex(text))
const cardKey = (algorithm: "3des" | "sm4", id: string) =>
  deriveCardKey(algorithm, testMasterKey(algorithm, id), factors)
const DPK = "01"
const DLK = "02"
const DTK = "03"
const DULK = "04"

const terminal = hex("320800000001")
const load = { amount: hex("00001388"), type: 0x31, terminal, dateTime: hex("20240315093000") }
const debit = {
  personal: hex("000003E8"),
  pooled: hex("000007D0"),
  type: 0x35,
  terminal,
  dateTime: hex("20240315101530"),
}
const unload = { amount: hex("000036B0"), type: 0x33, terminal, dateTime: hex("20240316140000") }
const sequence = hex("0000000C")

/** Everything that card and centre compute in the three transactions of card-commands §10.7. */
function values(cipher: MedicalCipher): Record<string, string> {
  const { algorithm } = cipher
  const loadKey = transferSessionKey(cipher, cardKey(algorithm, DLK), hex("5A6B7C8D"), hex("0005"))
  const debitKey = debitSessionKey(cipher, cardKey(algorithm, DPK), hex("0F1E2D3C"), hex("000C"), sequence)
  const unloadKey = transferSessionKey(cipher, cardKey(algorithm, DULK), hex("77665544"), hex("0006"))
  const dtk = cardKey(algorithm, DTK)
  const all = {
    loadKey,
    loadMac1: transferMac1(cipher, loadKey, hex("00002710"), load),
    loadMac2: transferMac2(cipher, loadKey, load),
    loadTac: transferTac(cipher, dtk, hex("00003A98"), hex("0005"), load),
    debitKey,
    debitMac1: debitMac1(cipher, debitKey, debit),
    debitMac2: debitMac2(cipher, debitKey, debit),
    debitTac: debitTac(cipher, dtk, debit, sequence),
    unloadKey,
    unloadMac1: transferMac1(cipher, unloadKey, hex("000036B0"), unload),
    unloadMac2: transferMac2(cipher, unloadKey, unload),
    unloadMac3: unloadMac3(cipher, unloadKey, hex("00000000"), hex("0006"), unload),
    unloadTac: transferTac(cipher, dtk, hex("00000000"), hex("0006"), unload),
  }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, toHex(value)]))
}

describe("keys, MACs and TACs of the medical account (card-commands §10.7)", () => {
  it("with 3DES", () => {
    expect(values({ algorithm: "3des" })).toEqual({
      loadKey: "E72B3B5BB20CF3E2",
      loadMac1: "3D19918C",
      loadMac2: "967098F1",
      loadTac: "378E4E82",
      debitKey: "293DC0DBC143B11C",
      debitMac1: "4D47ACEE",
      debitMac2: "9DA0667A",
      debitTac: "F9CAF445",
      unloadKey: "AEEB366FF059DACA",
      unloadMac1: "B0755016",
      unloadMac2: "33A4AAA0",
      unloadMac3: "48598AA7",
      unloadTac: "13BD439D",
    })
  })

  it("with SM4, words of the last block added", () => {
    expect(values({ algorithm: "sm4" })).toEqual({
      loadKey: "ABF039696A0618A63AEA8E997707C35F",
      loadMac1: "FA8FFD46",
      loadMac2: "16AAAEF9",
      loadTac: "78F44BC6",
      debitKey: "9B27E62DC0E549E44B8604CD1DD5A761",
      debitMac1: "30D9CFD3",
      debitMac2: "07D3626F",
      debitTac: "37D9F19B",
      unloadKey: "6BEE6C676E9C242564EA0529D079FEB0",
      unloadMac1: "6B7AC383",
      unloadMac2: "D09402CD",
      unloadMac3: "E25EB45F",
      unloadTac: "84F86F83",
    })
  })

  it("with SM4, left of the last block", () => {
    const {
      loadMac1,
      loadMac2,
      loadTac,
      debitMac1,
      debitMac2,
      debitTac,
      unloadMac1,
      unloadMac2,
      unloadMac3,
      unloadTac,
    } = values({ algorithm: "sm4", form: "left4" })
    expect([loadMac1, loadMac2, loadTac]).toEqual(["08925669", "14E1D049", "B6A612E8"])
    expect([debitMac1, debitMac2, debitTac]).toEqual(["0F8099B4", "79948A2E", "726C8BB9"])
    expect([unloadMac1, unloadMac2, unloadMac3, unloadTac]).toEqual(["B502B3D1", "61811FED", "4D841945", "A1D5C39B"])
  })

  it("of the passbook that shares the algebra", () => {
    const cipher = { algorithm: "3des" } as const
    const key = hex("706D0671BB8BD28BD3D6E8836832FDD4")
    const sessionKey = transferSessionKey(cipher, key, hex("A1B2C3D4"), hex("0007"))
    const transfer = {
      amount: hex("00001000"),
      type: 0x02,
      terminal: hex("112233445566"),
      dateTime: hex("20110401120000"),
    }
    expect(toHex(sessionKey)).toBe("B4469E8BD7734AC2")
    expect(toHex(transferMac1(cipher, sessionKey, hex("00002345"), transfer))).toBe("17C15211")
    expect(toHex(transferMac2(cipher, sessionKey, transfer))).toBe("C26D856E")
    const dtk = hex("479E71BEFF107A76138D34F84B2031FF")
    expect(toHex(transferTac(cipher, dtk, hex("00003345"), hex("0007"), transfer))).toBe("5684703E")
    const sm4 = { algorithm: "sm4" } as const
    const sm4Key = transferSessionKey(sm4, key, hex("A1B2C3D4"), hex("0007"))
    expect(toHex(sm4Key)).toBe("516EC0AEB76E81F5B5B7BB6512BEAA11")
    expect(toHex(transferMac1(sm4, sm4Key, hex("00002345"), transfer))).toBe("2AF87C62")
    expect(toHex(transferMac1({ ...sm4, form: "left4" }, sm4Key, hex("00002345"), transfer))).toBe("A423C761")
  })
})
