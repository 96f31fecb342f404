import { describe, expect, it } from "vitest"
import { hex } from "../../src/apdu/index.js"
import {
  arpcMethod1,
  arpcMethod2,
  authenticationData,
  challengeSessionKey,
  deriveCardKey,
  diversify,
  emvCommonSessionKey,
  pbocSessionKey,
  scriptMac,
  testIssuerMasterKeys,
  testMasterKey,
  testTerminalKeys,
  testTransportKey,
  transactionSessionKey,
} from "../../src/crypto/index.js"

const key16 = hex("0123456789ABCDEFFEDCBA9876543210")
const of = (length: number): Uint8Array => new Uint8Array(length)

describe("derivation", () => {
  it("without factors leaves the key as it is", () => {
    expect(deriveCardKey("3des", key16, [])).toEqual(key16)
  })
  it("starts with the factor nearest the master", () => {
    const [city, card] = [hex("3332303830307378"), hex("8660110816000001")]
    expect(deriveCardKey("sm4", key16, [city, card])).toEqual(diversify("sm4", diversify("sm4", key16, city), card))
  })
  it("gives session keys as long as their algorithm needs", () => {
    expect(challengeSessionKey("3des", key16, of(8))).toHaveLength(8)
    expect(challengeSessionKey("sm4", key16, of(8))).toHaveLength(16)
    expect(transactionSessionKey("3des", key16, of(4), of(2), of(2))).toHaveLength(8)
    expect(transactionSessionKey("sm4", key16, of(4), of(2), of(2))).toHaveLength(16)
    expect(pbocSessionKey("3des", key16, of(2))).toHaveLength(16)
    expect(pbocSessionKey("sm4", key16, of(2))).toHaveLength(16)
  })
})

describe("wrong lengths are refused by name", () => {
  it.each<[string, () => unknown]>([
    ["factor", () => diversify("3des", key16, of(7))],
    ["key", () => diversify("3des", of(8), of(8))],
    ["challenge", () => challengeSessionKey("3des", key16, of(16))],
    ["random", () => transactionSessionKey("3des", key16, of(8), of(2), of(2))],
    ["counter", () => transactionSessionKey("3des", key16, of(4), of(1), of(2))],
    ["suffix", () => transactionSessionKey("3des", key16, of(4), of(2), of(4))],
    ["atc", () => pbocSessionKey("sm4", key16, of(1))],
    ["r", () => emvCommonSessionKey(key16, of(2))],
    ["original", () => authenticationData("3des", of(8), of(16))],
    ["key", () => authenticationData("3des", key16, of(8))],
    ["key", () => authenticationData("sm4", of(8), of(8))],
    ["cryptogram", () => arpcMethod1("3des", key16, of(4), of(2))],
    ["arc", () => arpcMethod1("sm4", key16, of(8), of(1))],
    ["cryptogram", () => arpcMethod2("3des", key16, of(4), of(4))],
    ["csu", () => arpcMethod2("3des", key16, of(8), of(2))],
    ["header", () => scriptMac("3des", key16, of(4), of(2), of(8))],
    ["atc", () => scriptMac("3des", key16, of(5), of(1), of(8))],
    ["anchor", () => scriptMac("3des", key16, of(5), of(2), of(4))],
  ])("%s", (name, call) => {
    expect(call).toThrow(RangeError)
    expect(call).toThrow(new RegExp(`^${name}: `))
  })
})

it("test keys are fresh copies: nobody can change another's", () => {
  testMasterKey("3des", "08").fill(0)
  testTransportKey().fill(0)
  testIssuerMasterKeys().ac.fill(0)
  testTerminalKeys().tmk.fill(0)
  const all = [testMasterKey("3des", "08"), testTransportKey(), testIssuerMasterKeys().ac, testTerminalKeys().tmk]
  for (const key of all) expect(key.some((byte) => byte !== 0)).toBe(true)
})
