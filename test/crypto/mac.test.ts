import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hex, toHex, xorBytes } from "../../src/apdu/index.js"
import {
  desCbcMac,
  desDecrypt,
  desEncrypt,
  foldKey,
  keyCheckValue,
  lineMac,
  mac4,
  pad80,
  padZero,
  retailMac,
  sm4CbcMac,
  sm4Encrypt,
  tacKey,
  xor4,
} from "../../src/crypto/index.js"

const key16 = hex("0123456789ABCDEFFEDCBA9876543210")
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })

describe("padding", () => {
  it.each([
    ["", 8, "8000000000000000", "0000000000000000"],
    ["010203", 8, "0102038000000000", "0102030000000000"],
    ["0102030405060708", 8, "01020304050607088000000000000000", "0102030405060708"],
    ["010203", 16, `01020380${"00".repeat(12)}`, `010203${"00".repeat(13)}`],
  ])("of %j to blocks of %i", (data, size, with80, withZero) => {
    expect(toHex(pad80(hex(data), size))).toBe(with80)
    expect(toHex(padZero(hex(data), size))).toBe(withZero)
  })
  it.each([0, -8, 1.5, 256])("refuses a block size of %s", (size) => {
    expect(() => pad80(hex("00"), size)).toThrow(/^blockSize: /)
    expect(() => padZero(hex("00"), size)).toThrow(/^blockSize: /)
  })
})

describe("MACs against their definition, step by step", () => {
  const input = fc.record({ key: bytes(16), iv: bytes(8), count: fc.integer({ min: 1, max: 6 }) })
  const chain = (step: (block: Uint8Array) => Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array => {
    let block = iv
    for (let at = 0; at < data.length; at += iv.length) block = step(xorBytes(block, data.subarray(at, at + iv.length)))
    return block
  }

  it("DES CBC-MAC and retail MAC (ISO 9797-1 algorithms 1 and 3)", () => {
    fc.assert(
      fc.property(
        input.chain(({ count, ...rest }) => fc.record({ ...mapConstant(rest), data: bytes(8 * count) })),
        ({ key, iv, data }) => {
          const [left, right] = [key.subarray(0, 8), key.subarray(8)]
          const last = chain((block) => desEncrypt(left, block), iv, data)
          expect(desCbcMac(left, data, iv)).toEqual(last)
          expect(retailMac(key, data, iv)).toEqual(desEncrypt(left, desDecrypt(right, last)))
        },
      ),
    )
  })

  it("SM4 CBC-MAC", () => {
    fc.assert(
      fc.property(
        bytes(16),
        bytes(16),
        fc.integer({ min: 1, max: 4 }).chain((n) => bytes(16 * n)),
        (key, iv, data) => {
          expect(sm4CbcMac(key, data, iv)).toEqual(chain((block) => sm4Encrypt(key, block), iv, data))
        },
      ),
    )
  })

  it("start from zero unless told otherwise", () => {
    const data = pad80(hex("841E000004"), 8)
    expect(retailMac(key16, data)).toEqual(retailMac(key16, data, new Uint8Array(8)))
    expect(desCbcMac(key16.subarray(8), data)).toEqual(desCbcMac(key16.subarray(8), data, new Uint8Array(8)))
    expect(sm4CbcMac(key16, pad80(data, 16))).toEqual(sm4CbcMac(key16, pad80(data, 16), new Uint8Array(16)))
  })
})

const mapConstant = <T extends Record<string, Uint8Array>>(record: T): { [K in keyof T]: fc.Arbitrary<Uint8Array> } =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fc.constant(value)])) as {
    [K in keyof T]: fc.Arbitrary<Uint8Array>
  }

describe("short forms", () => {
  it("xor4 adds the four words of a block", () => {
    expect(toHex(xor4(hex("01000000020000000400000008FFFFFF")))).toBe("0FFFFFFF")
  })
  it("foldKey adds the halves of a key", () => {
    expect(toHex(foldKey(hex("479E71BEFF107A76138D34F84B2031FF")))).toBe("54134546B4304B89")
  })
  it("the TAC key of SM4 cards is not folded", () => {
    expect(tacKey("sm4", key16)).toEqual(key16)
    expect(tacKey("3des", key16)).toEqual(foldKey(key16))
  })
  it("mac4 is 4 bytes for both algorithms", () => {
    expect(mac4("3des", key16.subarray(8), hex("00"))).toHaveLength(4)
    expect(mac4("sm4", key16, hex("00"))).toHaveLength(4)
  })
})

describe("wrong lengths are refused by name", () => {
  it.each<[string, () => unknown]>([
    ["key", () => retailMac(key16.subarray(8), new Uint8Array(8))],
    ["iv", () => retailMac(key16, new Uint8Array(8), new Uint8Array(4))],
    ["data", () => retailMac(key16, new Uint8Array(0))],
    ["data", () => desCbcMac(key16.subarray(8), new Uint8Array(9))],
    ["key", () => mac4("3des", key16, new Uint8Array(1))],
    ["key", () => mac4("sm4", key16.subarray(8), new Uint8Array(1))],
    ["block", () => xor4(new Uint8Array(8))],
    ["key", () => foldKey(new Uint8Array(8))],
    ["key", () => tacKey("sm4", new Uint8Array(8))],
    ["key", () => lineMac("ecb", new Uint8Array(24), hex("0200"))],
    ["key", () => lineMac("x99", key16, hex("0200"))],
    ["key", () => lineMac("x919", key16.subarray(8), hex("0200"))],
    ["key", () => lineMac("sm4ecb", key16.subarray(8), hex("0200"))],
    ["length", () => keyCheckValue("3des", key16, 0)],
    ["length", () => keyCheckValue("3des", key16, 9)],
    ["key", () => keyCheckValue("sm4", key16.subarray(8), 4)],
  ])("%s", (name, call) => {
    expect(call).toThrow(RangeError)
    expect(call).toThrow(new RegExp(`^${name}: `))
  })
})

describe("line MACs", () => {
  it("are 8 bytes as they stand in the field: hex characters or binary", () => {
    const message = hex("0800")
    const forms = (["ecb", "sm4ecb"] as const).map((method) => String.fromCharCode(...lineMac(method, key16, message)))
    for (const form of forms) expect(form).toMatch(/^[0-9A-F]{8}$/)
    expect(lineMac("x919", key16, message)).toHaveLength(8)
    expect(lineMac("x99", key16.subarray(8), message)).toHaveLength(8)
  })
  it("change with every byte of the message", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 100 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (message, at, flip) => {
          const changed = message.slice()
          changed[at % message.length]! ^= flip
          for (const method of ["ecb", "x919", "sm4ecb"] as const)
            expect(lineMac(method, key16, changed)).not.toEqual(lineMac(method, key16, message))
        },
      ),
    )
  })
})

it("checks a single-length key with single DES", () => {
  const single = key16.subarray(0, 8)
  expect(keyCheckValue("3des", single, 8)).toEqual(desEncrypt(single, new Uint8Array(8)))
})
