import { createPublicKey, publicDecrypt, constants as rsaConstants } from "node:crypto"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../src/apdu/index.js"
import {
  authorityKeyHash,
  type Checked,
  combinedData,
  type EmvPublicKey,
  generateRsaKey,
  makeCertificate,
  parseCombinedData,
  publicPart,
  recoverCertificate,
  recoverDynamicData,
  recoverStaticData,
  rsaRecover,
  rsaSigner,
  signDynamicData,
  signStaticData,
  sm2PublicKey,
  testEmvKey,
} from "../../src/crypto/index.js"
import { V_B11 } from "../support/certificates.js"

const authority: EmvPublicKey = { algorithm: "rsa", modulus: V_B11.authority.modulus, exponent: V_B11.exponent }

function value<Value>(checked: Checked<Value>): Value {
  if (!checked.ok) throw new Error(checked.fault)
  return checked.value
}

const issuer = () =>
  value(
    recoverCertificate("issuer", authority, {
      certificate: V_B11.issuerCertificate,
      remainder: V_B11.issuerRemainder,
      exponent: V_B11.exponent,
    }),
  )
const card = () =>
  value(
    recoverCertificate(
      "card",
      issuer().key,
      { certificate: V_B11.cardCertificate, remainder: V_B11.cardRemainder, exponent: V_B11.exponent },
      V_B11.staticData,
    ),
  )

describe("the chain of vector V-B11", () => {
  it("has the published hash of its authority's key", () => {
    expect(authorityKeyHash(V_B11.authority.rid, V_B11.authority.index, authority)).toEqual(V_B11.authority.hash)
  })
  it("recovers the issuer block 6A02621700FF1235000001010180 01", () => {
    const block = rsaRecover({ modulus: V_B11.authority.modulus, exponent: V_B11.exponent }, V_B11.issuerCertificate)!
    expect(toHex(block)).toMatch(/^6A02621700FF123500000101018001.*BC$/)
    expect(issuer()).toMatchObject({ subject: hex("621700FF"), expiry: hex("1235"), serial: hex("000001") })
  })
  it("recovers the card's key, which covers the static data", () => {
    expect(card()).toMatchObject({ subject: hex("6217000000000000046F"), expiry: hex("1235"), serial: hex("000002") })
    const { key } = card()
    expect(key.algorithm === "rsa" && key.modulus.length).toBe(0x60)
  })
  it("recovers the dynamic number of DDA with 9F37 = 11223344", () => {
    const { dynamicNumber } = value(recoverDynamicData(card().key, V_B11.signedDynamicData, hex("11223344")))
    expect(toHex(dynamicNumber)).toBe("0102030405060708")
  })
  it.each<[string, Checked<unknown>, string]>([
    [
      "an issuer certificate with another remainder",
      recoverCertificate("issuer", authority, {
        certificate: V_B11.issuerCertificate,
        remainder: V_B11.issuerRemainder.map((byte) => byte ^ 1),
        exponent: V_B11.exponent,
      }),
      "hash",
    ],
    [
      "an issuer certificate cut short",
      recoverCertificate("issuer", authority, { certificate: V_B11.issuerCertificate.subarray(1) }),
      "length",
    ],
    [
      "a card certificate in the place of the issuer's",
      recoverCertificate("issuer", authority, { certificate: V_B11.cardCertificate }),
      "format",
    ],
    [
      "a card certificate over other static data",
      recoverCertificate(
        "card",
        issuer().key,
        { certificate: V_B11.cardCertificate, remainder: V_B11.cardRemainder, exponent: V_B11.exponent },
        hex("00"),
      ),
      "hash",
    ],
    [
      "a signature over another unpredictable number",
      recoverDynamicData(card().key, V_B11.signedDynamicData, hex("11223345")),
      "hash",
    ],
    [
      "a signature that is no number below the modulus",
      recoverDynamicData(card().key, new Uint8Array(96).fill(0xff), hex("")),
      "length",
    ],
  ])("refuses %s", (_, checked, fault) => {
    expect(checked).toEqual({ ok: false, fault })
  })
})

describe.each(["rsa", "sm2"] as const)("a chain of %s keys", (algorithm) => {
  const keys = {
    authority: testEmvKey(algorithm, "authority"),
    issuer: testEmvKey(algorithm, "issuer"),
    card: testEmvKey(algorithm, "card"),
  }
  const fields = { subject: hex("6217999990000000017F"), expiry: hex("1235"), serial: hex("0000A1") }

  it("has public keys that belong to the private ones", () => {
    for (const { privateKey, publicKey } of Object.values(keys)) {
      if (privateKey.algorithm === "sm2")
        expect(publicKey).toEqual({ algorithm: "sm2", point: sm2PublicKey(privateKey.scalar) })
      else expect(publicKey).toEqual(publicPart(privateKey))
    }
  })

  it("goes from authority to card and back", () => {
    const issued = makeCertificate(
      "issuer",
      keys.authority.privateKey,
      { ...fields, subject: hex("62179999") },
      keys.issuer.publicKey,
    )
    expect(value(recoverCertificate("issuer", keys.authority.publicKey, issued))).toEqual({
      ...fields,
      subject: hex("62179999"),
      key: keys.issuer.publicKey,
    })
    const own = makeCertificate("card", keys.issuer.privateKey, fields, keys.card.publicKey, hex("5A01"))
    expect(value(recoverCertificate("card", keys.issuer.publicKey, own, hex("5A01"))).key).toEqual(keys.card.publicKey)
    expect(recoverCertificate("card", keys.issuer.publicKey, own, hex("5A02"))).toEqual({ ok: false, fault: "hash" })
  })

  it("signs static data with their authentication code", () => {
    const signed = signStaticData(keys.issuer.privateKey, hex("DAC1"), hex("0102"))
    expect(value(recoverStaticData(keys.issuer.publicKey, signed, hex("0102")))).toEqual({
      authenticationCode: hex("DAC1"),
    })
    expect(recoverStaticData(keys.issuer.publicKey, signed, hex("0103")).ok).toBe(false)
    expect(recoverStaticData(keys.card.publicKey, signed, hex("0102")).ok).toBe(false)
  })

  it("signs dynamic data, with a cryptogram inside", () => {
    const inside = {
      dynamicNumber: hex("0102030405060708"),
      informationData: 0x80,
      cryptogram: hex("E64152248DEBA48B"),
      hash: new Uint8Array(20).fill(7),
    }
    const signed = signDynamicData(keys.card.privateKey, combinedData(inside), hex("11223344"))
    const { dynamicData, dynamicNumber } = value(recoverDynamicData(keys.card.publicKey, signed, hex("11223344")))
    expect(dynamicNumber).toEqual(inside.dynamicNumber)
    expect(parseCombinedData(dynamicData, 20)).toEqual(inside)
    expect(parseCombinedData(dynamicData, 32)).toBeUndefined()
  })

  it("believes nothing of any bytes, and never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 40 }), (certificate, remainder) => {
        const { publicKey } = keys.authority
        expect(recoverCertificate("issuer", publicKey, { certificate, remainder, exponent: hex("03") }).ok).toBe(false)
        expect(recoverStaticData(publicKey, certificate, remainder).ok).toBe(false)
        expect(recoverDynamicData(publicKey, certificate, remainder).ok).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})

describe("RSA without padding", () => {
  it.each([512, 1152, 1408, 1984])("agrees with OpenSSL at %i bits", (bits) => {
    const key = generateRsaKey(bits)
    const block = new Uint8Array(bits / 8).map((_, i) => (i * 7) & 0x7f)
    const signed = rsaSigner(key)(block)
    expect(rsaRecover(key, signed)).toEqual(block)
    const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url")
    const publicKey = createPublicKey({
      format: "jwk",
      key: { kty: "RSA", n: encode(key.modulus), e: encode(key.exponent) },
    })
    expect(new Uint8Array(publicDecrypt({ key: publicKey, padding: rsaConstants.RSA_NO_PADDING }, signed))).toEqual(
      block,
    )
  })
  it.each<[string, Uint8Array, Uint8Array]>([
    ["no modulus", new Uint8Array(0), hex("03")],
    ["an even modulus", hex("FFFE"), hex("03")],
    ["no exponent", hex("FFFF"), new Uint8Array(0)],
    ["an exponent of four bytes", hex("FFFF"), hex("01000001")],
    ["a modulus beyond 1984 bits", new Uint8Array(249).fill(0xff), hex("03")],
  ])("recovers nothing with %s", (_, modulus, exponent) => {
    expect(rsaRecover({ modulus, exponent }, new Uint8Array(modulus.length))).toBeUndefined()
  })
  it("refuses primes that do not belong to the modulus", () => {
    const key = generateRsaKey(512)
    expect(() => rsaSigner({ ...key, primes: [hex("0B"), hex("0D")] })).toThrow(/^key: /)
  })
  it("keeps remainders when a key does not fit into its certificate", () => {
    const signer = generateRsaKey(768)
    const key = publicPart(generateRsaKey(768))
    const fields = { subject: hex("62179999"), expiry: hex("1235"), serial: hex("000001") }
    const certificate = makeCertificate("issuer", { algorithm: "rsa", ...signer }, fields, key)
    expect(certificate.remainder).toHaveLength(36)
    expect(value(recoverCertificate("issuer", publicPart(signer), certificate)).key).toEqual(key)
    expect(concat(certificate.exponent!)).toEqual(hex("03"))
  })
})
