import { describe, expect, test } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { sm2Decrypt, sm2Encrypt, sm2GenerateKeyPair, sm2PublicKey, sm2Sign, sm2Verify } from "../../src/crypto/index.js"

/** GM/T 0003.5-2012 annex A: signature and encryption on the recommended curve. */
const privateKey = hex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
const publicKey = hex(
  "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13",
)
const message = new TextEncoder().encode("message digest")
const signature = hex(
  "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
)

/** Random numbers 1, 2, 3 ... */
const counting = () => {
  let next = 0
  return (length: number) => new Uint8Array(length).fill(++next)
}

describe("SM2", () => {
  test("makes the public key of the standard's example", () => {
    expect(toHex(sm2PublicKey(privateKey))).toBe(toHex(publicKey))
  })

  test("verifies the standard's signature, and no other", () => {
    expect(sm2Verify(publicKey, message, signature)).toBe(true)
    expect(sm2Verify(publicKey, message, signature, { userId: "ALICE123@YAHOO.COM" })).toBe(false)
    for (const place of [0, 31, 32, 63]) {
      const changed = signature.slice()
      changed[place]! ^= 1
      expect(sm2Verify(publicKey, message, changed)).toBe(false)
    }
    expect(sm2Verify(publicKey, new TextEncoder().encode("message digesT"), signature)).toBe(false)
  })

  test("answers false, not an error, to keys and signatures that are none", () => {
    expect(sm2Verify(new Uint8Array(64), message, signature)).toBe(false)
    expect(sm2Verify(publicKey.subarray(1), message, signature)).toBe(false)
    expect(sm2Verify(publicKey, message, new Uint8Array(64))).toBe(false)
    expect(sm2Verify(publicKey, message, new Uint8Array(63))).toBe(false)
    expect(sm2Verify(publicKey, message, new Uint8Array(64).fill(0xff))).toBe(false)
  })

  test("signs what it verifies, and the same again with the same random numbers", () => {
    const pair = sm2GenerateKeyPair()
    expect(sm2Verify(pair.publicKey, message, sm2Sign(pair.privateKey, message))).toBe(true)
    const repeatable = () => {
      const random = counting()
      const made = sm2GenerateKeyPair(random)
      return toHex(made.publicKey) + toHex(sm2Sign(made.privateKey, message, { random }))
    }
    expect(repeatable()).toBe(repeatable())
    const random = counting()
    const made = sm2GenerateKeyPair(random)
    expect(sm2Verify(made.publicKey, message, sm2Sign(made.privateKey, message, { random }))).toBe(true)
  })

  test("deciphers what it enciphered, and nothing that was changed", () => {
    const secret = hex("00112233445566778899AABBCCDDEEFF")
    const sealed = sm2Encrypt(publicKey, secret)
    expect(sealed).toHaveLength(96 + 16)
    expect(sm2Decrypt(privateKey, sealed)).toEqual(secret)
    sealed[100]! ^= 1
    expect(sm2Decrypt(privateKey, sealed)).toBeUndefined()
    expect(sm2Decrypt(privateKey, sealed.subarray(0, 90))).toBeUndefined()
  })

  test("names the key that is none", () => {
    expect(() => sm2PublicKey(new Uint8Array(32))).toThrow(/^privateKey: /)
    expect(() => sm2Sign(new Uint8Array(32).fill(0xff), message)).toThrow(/^privateKey: /)
    expect(() => sm2Encrypt(new Uint8Array(64), message)).toThrow(/^publicKey: /)
  })
})
