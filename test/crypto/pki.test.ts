import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import {
  decipherPkiMasterKey,
  decipherPkiPin,
  encipherPkiMasterKey,
  encipherPkiPin,
  isSm2PrivateKey,
  isSm2PublicKey,
  pkiCommandApdu,
  pkiPinKey,
  pkiProof,
  sm2PublicKey,
  sm4Encrypt,
  testTransportKey,
} from "../../src/crypto/index.js"

const CHALLENGE = hex("00112233445566778899AABBCCDDEEFF")
const MK = testTransportKey()

describe("proofs of the PKI application (card-commands §12)", () => {
  it.each([
    ["user PIN", "123456", "3DE741F445DD357BEA4E6C3FE6437036", "4794C07B485910BBA3B6CADA20F62211"],
    ["administrator PIN", "12345678", "4D59306C7397E06DE3CD82A14A926FBA", "FB88472E093DEE3300F737691D8B615D"],
  ])("%s", (_, pin, key, proof) => {
    expect(toHex(pkiPinKey(hex(pin)))).toBe(key)
    expect(toHex(pkiProof(pkiPinKey(hex(pin)), CHALLENGE))).toBe(proof)
  })

  it("master key", () => {
    expect(toHex(pkiProof(MK, CHALLENGE))).toBe("B1C2FF78FC22FF05018AD65CF558CA9B")
  })

  it("wants a challenge of sixteen bytes", () => {
    expect(() => pkiProof(MK, CHALLENGE.subarray(8))).toThrow(RangeError)
  })
})

describe("commands with a MAC (card-commands §12)", () => {
  it("update the master key", () => {
    const data = encipherPkiMasterKey(MK, hex("A0A1A2A3A4A5A6A7A8A9AAABACADAEAF"))
    expect(toHex(pkiCommandApdu(MK, CHALLENGE, hex("84D40100"), data))).toBe(
      "84D4010024210617D7DBE6215314277356AC36696799D496DA430AB6F843D70035DB7C503DCE625CCD",
    )
    expect(toHex(decipherPkiMasterKey(MK, data)!)).toBe("A0A1A2A3A4A5A6A7A8A9AAABACADAEAF")
  })

  it("change the administrator PIN", () => {
    const data = encipherPkiPin(MK, hex("87654321"))
    expect(toHex(pkiCommandApdu(MK, CHALLENGE, hex("845E0100"), data))).toBe(
      "845E010014C7C95A4F5876FAC773FFD8633FAA451FBD5031CE",
    )
    expect(toHex(decipherPkiPin(MK, data)!)).toBe("87654321")
  })

  it.each([
    ["a length beyond the block", "10876543218000000000000000000000"],
    ["no 80 behind the PIN", "04876543210000000000000000000000"],
    ["another byte behind it", "04876543218000000000000000000001"],
  ])("do not take a PIN block with %s", (_, clear) => {
    expect(decipherPkiPin(MK, sm4Encrypt(MK, hex(clear)))).toBeUndefined()
  })

  it("do not take a key block with another head or padding, nor a PIN that fills the block", () => {
    const key = "A0".repeat(16)
    for (const clear of [`12000000${key}80${"00".repeat(11)}`, `13000000${key}${"00".repeat(12)}`])
      expect(decipherPkiMasterKey(MK, sm4Encrypt(MK, hex(clear)))).toBeUndefined()
    expect(() => encipherPkiPin(MK, new Uint8Array(15))).toThrow("pin: expected at most 14 bytes")
  })
})

describe("SM2 keys that come from outside", () => {
  it("are numbers between 1 and the order, and points of the curve", () => {
    const key = new Uint8Array(32).fill(0x11)
    expect([isSm2PrivateKey(key), isSm2PrivateKey(new Uint8Array(32)), isSm2PrivateKey(key.subarray(1))]).toEqual([
      true,
      false,
      false,
    ])
    expect(isSm2PrivateKey(new Uint8Array(32).fill(0xff))).toBe(false)
    const point = sm2PublicKey(key)
    expect(isSm2PublicKey(point)).toBe(true)
    point[63]! ^= 1
    expect([isSm2PublicKey(point), isSm2PublicKey(new Uint8Array(64)), isSm2PublicKey(key)]).toEqual([
      false,
      false,
      false,
    ])
  })
})
