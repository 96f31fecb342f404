import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, hex, InputError, notBytes, toHex } from "../../src/apdu/index.js"
import {
  blockEncrypt,
  decodeScriptPinBlock,
  decryptPinBlock,
  encodePinBlock,
  encryptPinBlock,
  scriptPinBlock,
  sm3,
  sm4Encrypt,
} from "../../src/crypto/index.js"

const TPK = hex("0123456789ABCDEFFEDCBA9876543210")
const PAN = "6217000000000000046"
const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max })
const algorithms = ["3des", "sm4"] as const

describe.each(algorithms)("PIN blocks with %s", (algorithm) => {
  const size = algorithm === "3des" ? 8 : 16

  it("give back the PIN they were made of", () => {
    fc.assert(
      fc.property(digits(4, 12), digits(13, 19), (pin, pan) => {
        expect(decryptPinBlock(algorithm, TPK, encryptPinBlock(algorithm, TPK, pin, pan), pan)).toBe(pin)
      }),
    )
  })

  it.each([
    ["another control nibble", "16123456"],
    ["a length below 4", "03123"],
    ["a length above 12", "0D1234567890123"],
    ["a letter among the digits", "06123A56"],
    ["an F among the digits", "0612345F"],
    ["a fill that is not F", "061234560"],
  ])("do not decode with %s", (_, start) => {
    const clear = hex(start.padEnd(2 * size, "F"))
    const panPart = hex(PAN.slice(-13, -1).padStart(2 * size, "0"))
    const block = blockEncrypt(
      algorithm,
      TPK,
      clear.map((byte, i) => byte ^ panPart[i]!),
    )
    expect(decryptPinBlock(algorithm, TPK, block, PAN)).toBeUndefined()
  })

  it("do not decode to the PIN under another key or PAN", () => {
    const block = encryptPinBlock(algorithm, TPK, "123456", PAN)
    expect(decryptPinBlock(algorithm, notBytes(TPK), block, PAN)).not.toBe("123456")
    expect(decryptPinBlock(algorithm, TPK, block, "6217998765432101232")).not.toBe("123456")
  })

  it.each([0, 7, 9, 15, 17, 24])("of %i bytes do not decode", (length) => {
    expect(decryptPinBlock(algorithm, TPK, new Uint8Array(length), PAN)).toBeUndefined()
  })

  it("of random bytes decode to a PIN or not at all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: size, maxLength: size }), (block) => {
        expect(decryptPinBlock(algorithm, TPK, block, PAN) ?? "0000").toMatch(/^\d{4,12}$/)
      }),
    )
  })
})

describe("wrong PINs and PANs", () => {
  it.each(["123", "1234567890123", "12a4", "", "１２３４"])("refuses the PIN %j without telling it", (pin) => {
    expect(() => encodePinBlock("iso0", pin, PAN)).toThrow(InputError)
    expect(() => encodePinBlock("iso0", pin, PAN)).toThrow(/^pin: expected 4 to 12 digits$/)
  })
  it.each(["621700000004", "62170000000000000046", "6217-0000-0000-0004"])(
    "refuses the PAN %j without telling it",
    (pan) => {
      expect(() => encodePinBlock("sm4", "1234", pan)).toThrow(/^pan: expected 13 to 19 digits$/)
      expect(() => decryptPinBlock("3des", TPK, new Uint8Array(8), pan)).toThrow(/^pan: expected 13 to 19 digits$/)
    },
  )
})

describe.each(algorithms)("script PIN blocks with %s (financial-emv §22)", (algorithm) => {
  const sessionKey = hex("E2F24189A93754A0980B5A1256AB428B")
  const udkAc = hex("E146CDEAB001E045A0BE5E00BC278D37")

  it("give back the new PIN, with and without the old one", () => {
    fc.assert(
      fc.property(digits(4, 12), fc.option(digits(4, 12), { nil: undefined }), (pin, oldPin) => {
        const block = scriptPinBlock(algorithm, sessionKey, udkAc, pin, oldPin)
        expect(block).toHaveLength(16)
        expect(decodeScriptPinBlock(algorithm, sessionKey, udkAc, block, oldPin)).toBe(pin)
      }),
    )
  })

  it("do not decode with another key, another old PIN, or another size", () => {
    const block = scriptPinBlock(algorithm, sessionKey, udkAc, "123456", "654321")
    const decode = (key: Uint8Array, data: Uint8Array, oldPin?: string): string | undefined =>
      decodeScriptPinBlock(algorithm, key, udkAc, data, oldPin)
    expect(decode(notBytes(sessionKey), block, "654321")).toBeUndefined()
    expect(decode(sessionKey, block, "111111")).not.toBe("123456")
    expect(decode(sessionKey, block)).toBeUndefined()
    expect(decode(sessionKey, block.subarray(8))).toBeUndefined()
    expect(decode(sessionKey, concat(block, block))).toBeUndefined()
  })

  it("do not decode when length byte or padding are wrong", () => {
    const clear = hex("08061234564FFE1FBA80000000000000")
    const decode = (data: Uint8Array): string | undefined =>
      decodeScriptPinBlock(algorithm, sessionKey, udkAc, blockEncrypt(algorithm, sessionKey, data))
    expect(decode(clear)).toBe("123456")
    for (const at of [0, 9, 15]) expect(decode(clear.map((byte, i) => (i === at ? byte ^ 1 : byte)))).toBeUndefined()
  })

  it("refuse a PIN that is none without telling it", () => {
    expect(() => scriptPinBlock(algorithm, sessionKey, udkAc, "12")).toThrow(/^pin: expected 4 to 12 digits$/)
    expect(() => scriptPinBlock(algorithm, sessionKey, udkAc, "123456", "12")).toThrow(/^pin: expected 4 to 12 digits$/)
  })
})

describe("PKI PIN proofs (card-commands §12)", () => {
  const challenge = hex("00112233445566778899AABBCCDDEEFF")
  it.each([
    ["123456", "3DE741F445DD357BEA4E6C3FE6437036F62B5E3EC0F00D62796EDB4305ED627F", "4794C07B485910BBA3B6CADA20F62211"],
    [
      "12345678",
      "4D59306C7397E06DE3CD82A14A926FBAFED44352AD3EF88A06F5CBE600AF3DCF",
      "FB88472E093DEE3300F737691D8B615D",
    ],
  ])("of %s", (pin, digest, proof) => {
    const key = sm3(hex(pin))
    expect(toHex(key)).toBe(digest)
    expect(toHex(sm4Encrypt(key.subarray(0, 16), challenge))).toBe(proof)
  })
})
