import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../src/apdu/index.js"
import {
  type Algorithm,
  challengeSessionKey,
  decipherKeyBlock,
  decipherSecureData,
  desEncrypt,
  encipherKeyBlock,
  encipherSecureData,
  secureCommandApdu,
  testTransportKey,
} from "../../src/crypto/index.js"

/** STKssse of the card in card-commands §9.4 and §9.5. */
const STK = { "3des": hex("22C19980C402897062C725848880B0D1"), sm4: hex("95CAF293726BDF39F05AEEECE11EC3F7") }
const R = hex("C1C2C3C4C5C6C7C8")
const PIN = "03123456"

describe("a command with its MAC (card-commands §7.1, §9.4, §9.5)", () => {
  it.each<[string, Algorithm, string, string, boolean, string]>([
    ["T8 PIN RELOAD", "3des", "84240001", PIN, true, "842400010CD3C829A7803F2F92F6CDF497"],
    ["T9 PIN UNBLOCK", "3des", "84240000", "", false, "84240000045F70B247"],
    ["T10 APPLICATION BLOCK", "3des", "841E0000", "", false, "841E0000041C125D57"],
    ["T10 CARD BLOCK", "3des", "84160000", "", false, "8416000004DF443CA3"],
    ["T11 UPDATE RECORD", "3des", "04DC0404", "0A0131", false, "04DC0404070A013191599F3E"],
    ["S8 PIN RELOAD", "sm4", "84240001", PIN, true, "8424000114F301F15DA516DFF82B05A661B9A370946765F23B"],
    ["S9 PIN UNBLOCK", "sm4", "84240000", "", false, "8424000004555FD2C4"],
    ["S10 APPLICATION BLOCK", "sm4", "841E0000", "", false, "841E0000047C02ACC2"],
    ["S10 CARD BLOCK", "sm4", "84160000", "", false, "8416000004EB84EF8A"],
    ["S11 UPDATE RECORD", "sm4", "04DC0404", "0A0131", false, "04DC0404070A01310B97A8B0"],
  ])("%s", (_, algorithm, header, data, encipher, expected) => {
    expect(toHex(secureCommandApdu(algorithm, STK[algorithm], R, hex(header), hex(data), encipher))).toBe(expected)
  })

  it.each([
    ["S8", "84240001", PIN, true, "992953B8"],
    ["S9", "84240000", "", false, "00120EB8"],
    ["S10", "84160000", "", false, "946E858E"],
    ["S11", "04DC0404", "0A0131", false, "B4F6885E"],
  ] as const)("%s with the left four bytes of the MAC", (_, header, data, encipher, mac) => {
    const command = secureCommandApdu("sm4", STK.sm4, R, hex(header), hex(data), encipher, "left4")
    expect(toHex(command.subarray(-4))).toBe(mac)
  })

  it("refuses data that do not go into a short command, and a header of the wrong length", () => {
    const command = (header: string, length: number) => () =>
      secureCommandApdu("3des", STK["3des"], R, hex(header), new Uint8Array(length))
    expect(command("04D60000", 251)().length).toBe(5 + 255)
    expect(command("04D60000", 252)).toThrow(RangeError)
    expect(command("04D600", 1)).toThrow("header")
  })
})

describe("enciphered data with a length byte (card-commands §5.3)", () => {
  it.each<[Algorithm, number, number]>([
    ["3des", 1, 8],
    ["3des", 6, 8],
    ["3des", 7, 8],
    ["3des", 8, 16],
    ["sm4", 14, 16],
    ["sm4", 15, 16],
    ["sm4", 16, 32],
  ])("%s: %i bytes become %i and come back", (algorithm, length, enciphered) => {
    const sessionKey = challengeSessionKey(algorithm, STK[algorithm], R)
    const value = new Uint8Array(length).fill(0xa5)
    const data = encipherSecureData(algorithm, sessionKey, concat(length, value))
    expect(data.length).toBe(enciphered)
    expect(decipherSecureData(algorithm, sessionKey, data)).toEqual(value)
  })

  it.each([
    ["a length that leaves a whole block over", "0112000000000000 0000000000000000"],
    ["a length beyond the block", "0812345678901234"],
    ["no 80 behind the value", "0312345600000000"],
    ["another byte behind the 80", "0312345680000001"],
  ])("is refused with %s", (_, clear) => {
    const sessionKey = challengeSessionKey("3des", STK["3des"], R)
    const block = desEncrypt(sessionKey, hex(clear))
    expect(decipherSecureData("3des", sessionKey, block)).toBeUndefined()
  })

  it("is refused when it is no whole block", () => {
    const sessionKey = challengeSessionKey("sm4", STK.sm4, R)
    expect(decipherSecureData("sm4", sessionKey, new Uint8Array(8))).toBeUndefined()
    expect(decipherSecureData("sm4", sessionKey, new Uint8Array(0))).toBeUndefined()
  })

  it("takes no value without its length", () => {
    const sessionKey = challengeSessionKey("3des", STK["3des"], R)
    expect(() => encipherSecureData("3des", sessionKey, hex("123456"))).toThrow("data: expected a length byte")
    expect(() => encipherSecureData("3des", sessionKey, new Uint8Array(0))).toThrow(RangeError)
  })
})

describe("the block of WRITE KEY (card-commands §13)", () => {
  it.each<[string, Algorithm, string, string, string, string]>([
    [
      "T12",
      "3des",
      "84D4000A",
      "29982F86F0E0D78565B3BD78155D9E9B",
      "572CE7E0F799B5C9982CB7B666BC78D59F02105C231911F8126A2F7BE6CE2E7D",
      "F4F2218A",
    ],
    [
      "S12",
      "sm4",
      "84D4010A",
      "8C7D401884D85A7CE4BE38D713ED6865",
      "15381CA3DFA139A22A9BF21DF53CC5A9545CB347B89AE38CBCE7660C13C8E3CA",
      "780D9A99",
    ],
  ])("%s", (_, algorithm, header, key, enciphered, mac) => {
    const master = testTransportKey()
    const block = { usage: 0x47, keyNumber: 0x0a, key: hex(key) }
    const data = encipherKeyBlock(algorithm, master, block)
    expect(toHex(data)).toBe(enciphered)
    expect(decipherKeyBlock(algorithm, master, data)).toEqual(block)
    const command = secureCommandApdu(algorithm, master, hex("E1E2E3E4E5E6E7E8"), hex(header), data)
    expect(toHex(command)).toBe(`${header}24${enciphered}${mac}`)
  })

  it("is refused under another key", () => {
    const data = encipherKeyBlock("sm4", testTransportKey(), { usage: 0x47, keyNumber: 0x0a, key: STK.sm4 })
    expect(decipherKeyBlock("sm4", STK.sm4, data)).toBeUndefined()
  })
})
