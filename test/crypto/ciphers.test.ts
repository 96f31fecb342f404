import { createCipheriv } from "node:crypto"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../src/apdu/index.js"
import {
  blockDecrypt,
  blockEncrypt,
  constantTimeEqual,
  desCbcMac,
  desDecrypt,
  desEncrypt,
  sha1,
  sha256,
  sm3,
  sm4CbcDecrypt,
  sm4CbcEncrypt,
  sm4Decrypt,
  sm4Encrypt,
  tripleDesCbcDecrypt,
  tripleDesCbcEncrypt,
  tripleDesDecrypt,
  tripleDesEncrypt,
} from "../../src/crypto/index.js"

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })
const blocks = (size: number): fc.Arbitrary<Uint8Array> =>
  fc.integer({ min: 1, max: 6 }).chain((count) => bytes(size * count))
const key16 = new Uint8Array(16)

describe("published vectors", () => {
  it("DES (FIPS 81 table B1)", () => {
    const key = hex("0123456789ABCDEF")
    const plain = new TextEncoder().encode("Now is the time for all ")
    expect(toHex(desEncrypt(key, plain))).toBe("3FA40E8A984D48156A271787AB8883F9893D51EC4B563B53")
  })
  it("two-key triple DES with equal halves is DES", () => {
    const key = hex("0123456789ABCDEF0123456789ABCDEF")
    expect(toHex(tripleDesEncrypt(key, new TextEncoder().encode("Now is t")))).toBe("3FA40E8A984D4815")
  })
  it("SM4 (GB/T 32907 A.1)", () => {
    const key = hex("0123456789ABCDEFFEDCBA9876543210")
    expect(toHex(sm4Encrypt(key, key))).toBe("681EDF34D206965E86B3E94F536E4246")
  })
  it.each([
    [sha1, "A9993E364706816ABA3E25717850C26C9CD0D89D"],
    [sha256, "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"],
    [sm3, "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0"],
  ])("%o of abc", (hash, digest) => {
    expect(toHex(hash(new TextEncoder().encode("abc")))).toBe(digest)
  })
})

describe("every cipher", () => {
  it("gives back what it enciphered", () => {
    fc.assert(
      fc.property(bytes(16), bytes(16), blocks(16), (key, iv, data) => {
        const shortKey = key.subarray(0, 8)
        const shortIv = iv.subarray(0, 8)
        expect(desDecrypt(shortKey, desEncrypt(shortKey, data))).toEqual(data)
        expect(tripleDesDecrypt(key, tripleDesEncrypt(key, data))).toEqual(data)
        expect(tripleDesCbcDecrypt(key, shortIv, tripleDesCbcEncrypt(key, shortIv, data))).toEqual(data)
        expect(sm4Decrypt(key, sm4Encrypt(key, data))).toEqual(data)
        expect(sm4CbcDecrypt(key, iv, sm4CbcEncrypt(key, iv, data))).toEqual(data)
        for (const algorithm of ["3des", "sm4"] as const)
          expect(blockDecrypt(algorithm, key, blockEncrypt(algorithm, key, data))).toEqual(data)
      }),
    )
  })

  it("agrees with OpenSSL on DES, which is written out here", () => {
    const openSsl = (name: string, key: Uint8Array, iv: Uint8Array | null, data: Uint8Array) =>
      toHex(createCipheriv(name, key, iv).setAutoPadding(false).update(data))
    fc.assert(
      fc.property(bytes(16), bytes(8), blocks(8), (key, iv, data) => {
        const [first, second] = [key.subarray(0, 8), key.subarray(8)]
        const [single, double] = [concat(first, first, first), concat(first, second, first)]
        expect(toHex(desEncrypt(first, data))).toBe(openSsl("des-ede3-ecb", single, null, data))
        expect(toHex(tripleDesEncrypt(key, data))).toBe(openSsl("des-ede3-ecb", double, null, data))
        expect(toHex(tripleDesCbcEncrypt(key, iv, data))).toBe(openSsl("des-ede3-cbc", double, iv, data))
        expect(toHex(desCbcMac(first, data, iv))).toBe(openSsl("des-ede3-cbc", single, iv, data).slice(-16))
      }),
    )
  })

  it("chains blocks in CBC and not in ECB", () => {
    const twice = new Uint8Array(32)
    const halves = (data: Uint8Array): [string, string] => [toHex(data.subarray(0, 16)), toHex(data.subarray(16))]
    const [ecb1, ecb2] = halves(sm4Encrypt(key16, twice))
    const [cbc1, cbc2] = halves(sm4CbcEncrypt(key16, key16, twice))
    expect(ecb1).toBe(ecb2)
    expect(cbc1).not.toBe(cbc2)
    expect(cbc2).toBe(toHex(sm4Encrypt(key16, hex(cbc1))))
    const [des1, des2] = halves(
      // The zero key is a weak one: two encipherings undo each other.
      tripleDesCbcEncrypt(hex("0123456789ABCDEFFEDCBA9876543210"), new Uint8Array(8), twice),
    )
    expect(des1).not.toBe(des2)
  })

  it("gives plain byte arrays, and leaves its input alone", () => {
    const data = new Uint8Array(16)
    const result = sm4Encrypt(key16, data)
    expect(Object.getPrototypeOf(result)).toBe(Uint8Array.prototype)
    expect(data).toEqual(new Uint8Array(16))
  })

  it.each<[string, () => unknown, RegExp]>([
    ["a short 3DES key", () => tripleDesEncrypt(new Uint8Array(8), key16), /^key: expected 16 bytes, got 8$/],
    ["a long DES key", () => desEncrypt(key16, key16), /^key: expected 8 bytes, got 16$/],
    ["a short SM4 key", () => sm4Decrypt(new Uint8Array(15), key16), /^key: expected 16 bytes, got 15$/],
    [
      "part of a block",
      () => tripleDesDecrypt(key16, new Uint8Array(12)),
      /^data: expected one or more blocks of 8 bytes, got 12/,
    ],
    ["no block", () => sm4Encrypt(key16, new Uint8Array(0)), /^data: expected one or more blocks of 16 bytes, got 0/],
    ["half an SM4 block", () => sm4CbcEncrypt(key16, key16, new Uint8Array(8)), /^data: /],
    ["a long IV", () => tripleDesCbcEncrypt(key16, key16, key16), /^iv: expected 8 bytes, got 16$/],
    ["a short IV", () => sm4CbcDecrypt(key16, new Uint8Array(8), key16), /^iv: expected 16 bytes, got 8$/],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(RangeError)
    expect(call).toThrow(message)
  })

  it("refuses text where bytes belong", () => {
    expect(() => sm4Encrypt(key16, "00" as unknown as Uint8Array)).toThrow(TypeError)
  })
})

it("compares secrets by content and length", () => {
  expect(constantTimeEqual(hex("0102"), hex("0102"))).toBe(true)
  expect(constantTimeEqual(hex("0102"), hex("0103"))).toBe(false)
  expect(constantTimeEqual(hex("0102"), hex("01"))).toBe(false)
  expect(constantTimeEqual(hex(""), hex(""))).toBe(true)
})
