import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hex } from "../../src/apdu/index.js"
import {
  type Algorithm,
  applicationCryptogram,
  blockDecrypt,
  blockEncrypt,
  prepareKey,
  retailMac,
  sm4CbcMac,
} from "../../src/crypto/index.js"

const KEY = hex("0123456789ABCDEFFEDCBA9876543210")
const SIZE = { "3des": 8, sm4: 16 } as const
const plainMac = (algorithm: Algorithm, data: Uint8Array) =>
  algorithm === "3des" ? retailMac(KEY, data) : sm4CbcMac(KEY, data)

/** Some messages of whole blocks, and what is done with each. */
const work = (size: number) =>
  fc.array(
    fc.tuple(
      fc.constantFrom("encrypt", "decrypt", "mac"),
      fc
        .integer({ min: 1, max: 6 })
        .chain((blocks) => fc.uint8Array({ minLength: blocks * size, maxLength: blocks * size })),
    ),
    { minLength: 1, maxLength: 8 },
  )

describe.each(["3des", "sm4"] as const)("a prepared %s key", (algorithm) => {
  it("gives for message after message what the bare key gives, in any order", () => {
    fc.assert(
      fc.property(work(SIZE[algorithm]), (messages) => {
        const key = prepareKey(algorithm, KEY)
        for (const [operation, data] of messages) {
          const before = data.slice()
          if (operation === "encrypt") expect(key.encrypt(data)).toEqual(blockEncrypt(algorithm, KEY, data))
          if (operation === "decrypt") expect(key.decrypt(data)).toEqual(blockDecrypt(algorithm, KEY, data))
          if (operation === "mac") expect(key.mac(data)).toEqual(plainMac(algorithm, data))
          expect(data).toEqual(before)
        }
      }),
    )
  })

  it("stands in for the bare key, and keeps its own copy", () => {
    const bytes = KEY.slice()
    const key = prepareKey(algorithm, bytes)
    bytes.fill(0)
    const data = hex("00112233445566778899AABBCCDDEEFF00")
    expect(applicationCryptogram(algorithm, key, data)).toEqual(applicationCryptogram(algorithm, KEY, data))
    expect(applicationCryptogram(algorithm, key, data)).toEqual(applicationCryptogram(algorithm, KEY, data))
    const block = data.subarray(0, 16)
    expect(blockDecrypt(algorithm, key, blockEncrypt(algorithm, key, block))).toEqual(block)
  })

  it("goes on after data that are no whole blocks", () => {
    const key = prepareKey(algorithm, KEY)
    const block = new Uint8Array(16)
    for (const operation of [key.encrypt, key.decrypt, key.mac])
      for (const length of [0, 7, 17]) expect(() => operation(new Uint8Array(length))).toThrow(RangeError)
    expect(key.mac(block)).toEqual(plainMac(algorithm, block))
  })

  it("gives out results that later messages do not change", () => {
    const key = prepareKey(algorithm, KEY)
    const block = new Uint8Array(16)
    const [enciphered, mac] = [key.encrypt(block), key.mac(block)]
    const copies = [enciphered.slice(), mac.slice()]
    key.encrypt(mac.length === 8 ? block.fill(1) : block.fill(2))
    key.mac(block)
    expect([enciphered, mac]).toEqual(copies)
  })

  it("is refused by the other algorithm, and made of 16 bytes only", () => {
    const other = algorithm === "3des" ? "sm4" : "3des"
    expect(() => blockEncrypt(other, prepareKey(algorithm, KEY), new Uint8Array(16))).toThrow(/^key: /)
    expect(() => prepareKey(algorithm, KEY.subarray(1))).toThrow(/^key: /)
  })
})
