import { describe, expect, it } from "vitest"
import { hex, InputError, toHex } from "../../../src/apdu/index.js"
import {
  buildCardId,
  cardFactor,
  checkCardId,
  cityFactor,
  deriveTestCardKey,
  diversificationFactors,
  findKey,
  keyNamed,
  keysOf,
  provinceFactor,
  regionOfCardId,
  socialSecurityKeys,
} from "../../../src/dictionary/index.js"

const atr = hex("3B6D0000 0081543100 8660 110816000001")
const card = { atr, region: "320800" }

describe("key table", () => {
  it("has no name and, within a directory, no card identifier twice", () => {
    const names = socialSecurityKeys.map((key) => key.name)
    expect(new Set(names).size).toBe(names.length)
    const places = socialSecurityKeys.map((key) => `${key.directory} ${key.cardId}`)
    expect(new Set(places).size).toBe(places.length)
  })

  it("uses global identifiers in the SSSE and local ones in application DFs (card-structure §16.3)", () => {
    for (const key of socialSecurityKeys) expect(key.cardId < 0x80, key.name).toBe(key.directory === "SSSE")
  })

  it("has each PSAM identifier once", () => {
    const ids = socialSecurityKeys.flatMap((key) => key.psamId ?? [])
    expect(new Set(ids).size).toBe(ids.length)
  })

  // Two unrelated drivers agree on these: HSM address and PSAM id (card-structure §16.4).
  it.each([
    ["RKssse", "004C0A"],
    ["PUK", "009010"],
    ["UKssse", "009412"],
    ["UK3DF01", "017624"],
    ["UK4DF01", "017925"],
    ["RK1DF04", "01822D"],
    ["RK1DF07", "007A3D"],
    ["RK2DF07", "00803F"],
    ["UK1DF01", "009742"],
    ["UK2DF01", "009A43"],
    ["RK3DF07", "0086B1"],
  ])("%s has key server form %s", (name, form) => {
    const key = keyNamed(name)
    expect(toHex(Uint8Array.of(key.hsmAddress! >> 8, key.hsmAddress!, key.psamId!))).toBe(form)
  })

  // card-structure §16.4: usage, PSAM id, card id
  it.each([
    ["SSSE", "670800 ----01 480902 481204 481006 470A0A 48130D"],
    ["DF01", "----80 ----81 472E82 484283 484384 472485 472586 484487 472F89 47308A 47318B 47328C 47338D 47348E"],
    ["DF02", "----80 ----81 473582 472683 484584 484685 472786 472887 473689"],
    ["DF03", "----80 ----81 472B82 472C83 484786 472987 484888 473789 47388A 47398B 473A8C 473B8D"],
    ["DF04", "----80 ----81 672D84 484985 472A86 4201A1 --02A2 --03A3 --04A4"],
    ["DF05", "----80 ----81 47B483"],
    ["DF06", "----80 ----81 485283 485385 485486"],
    ["DF07", "----80 ----81 473D83 473F84 47B185 473E86 47B087 47B288"],
  ] as const)("%s holds %s", (directory, rows) => {
    const byte = (value: number | undefined) => (value === undefined ? "--" : toHex(Uint8Array.of(value)))
    const shown = keysOf(directory).map((key) => byte(key.psamUsage) + byte(key.psamId) + byte(key.cardId))
    expect(shown.join(" ")).toBe(rows)
  })

  it.each([
    ["IRK", 3],
    ["RK1DF04", 3],
    ["RKssse", 2],
    ["UKssse", 2],
    ["DPK", 2],
    ["DLK", 2],
    ["MKDF01", 2],
  ])("%s is diversified over %i levels (§16.2)", (name, levels) => {
    expect(keyNamed(name).levels).toBe(levels)
  })

  it.each([
    ["IRK", "08"],
    ["MKssse", "SSSE.MK"],
    ["STKssse", "09"],
    ["MKDF01", "DF01.MK"],
    ["STKDF04", "DF04.STK"],
    ["DPK", "01"],
    ["DULK", "04"],
    ["RK3DF07", "B1"],
  ])("%s has test master key %s (§16.6)", (name, testId) => {
    expect(keyNamed(name).testId).toBe(testId)
  })

  it("refuses unknown names", () => {
    expect(findKey("RK9DF01")).toBeUndefined()
    expect(() => keyNamed("RK9DF01")).toThrow(InputError)
  })
})

describe("diversification factors (card-commands §9.1)", () => {
  it("are the last 8 bytes of the ATR, city and province in ASCII", () => {
    expect(toHex(cardFactor(atr))).toBe("8660110816000001")
    expect(toHex(cardFactor(atr, "serial6+0000"))).toBe("1108160000010000")
    // The contactless answer to reset of the same card ends in its check byte (card-structure §3.3).
    const contactless = hex("3B8D800100815431008660110816000001" + "00")
    expect(toHex(cardFactor(contactless))).toBe("8660110816000001")
    expect(toHex(cardFactor(contactless, "serial6+0000"))).toBe("1108160000010000")
    expect(toHex(cityFactor("320800"))).toBe("3332303830307378")
    expect(toHex(provinceFactor("320800"))).toBe("3332303030307368")
  })

  it("come from the master key inwards", () => {
    const factors = (levels: 2 | 3) => diversificationFactors(levels, card).map((factor) => toHex(factor))
    expect(factors(2)).toEqual(["3332303830307378", "8660110816000001"])
    expect(factors(3)).toEqual(["3332303030307368", "3332303830307378", "8660110816000001"])
  })

  it("refuse a region that is not six digits and an ATR without serial", () => {
    expect(() => cityFactor("3208")).toThrow(InputError)
    expect(() => provinceFactor("江苏0000")).toThrow(InputError)
    expect(() => cardFactor(hex("3B00"))).toThrow(InputError)
  })
})

describe("test card keys", () => {
  it.each([
    ["IRK", "A9D58354AF7A970A0BFEE52F46AF85BA"],
    ["STKssse", "22C19980C402897062C725848880B0D1"],
    ["RKssse", "29982F86F0E0D78565B3BD78155D9E9B"],
    ["PUK", "7E5B3A9F5000D206F9D21278F60737EB"],
    ["UKssse", "202AA40CCA8A51A7E8ACF02681DB9366"],
    ["UK1DF01", "66E56F866923537EF3EBF4E1928A6FB4"],
    ["RK1DF04", "6DFF08D9C53459951CE0F3FD41804628"],
    ["DPK", "89AF59E08079C7465873F54D0C620EA4"],
    ["DLK", "2A1C9EFBAB9ED97708B96C8BF67224AB"],
    ["DTK", "121A58C580BEF814E8B85B23F8388B73"],
    ["DULK", "48A60B94C0D7EBD7AA8E511A81C26746"],
  ])("3DES %s (card-commands §9.4)", (name, key) => {
    expect(toHex(deriveTestCardKey("3des", name, card))).toBe(key)
  })

  it.each([
    ["IRK", "66EFFFD64288CBABA7035A9D9368E015"],
    ["STKssse", "95CAF293726BDF39F05AEEECE11EC3F7"],
    ["RKssse", "8C7D401884D85A7CE4BE38D713ED6865"],
    ["PUK", "D8631C3313CF68DCB24478BCE99FE1CA"],
    ["UKssse", "689F7D31F1F27D0F5652E85E451F7E7E"],
    ["UK1DF01", "222F8DA73072E27BB108642146E1E0BD"],
    ["RK1DF04", "3DB2742ED7F9BD5E303BEFE6B14D193C"],
    ["DPK", "6A2AB4FD91CF26CB73A2FD5633898907"],
    ["DLK", "A3CB0E3AC8DD2697431D700FEA0AA438"],
    ["DTK", "846BEC33AE1CE8C9EA232C3F18519C96"],
    ["DULK", "9C023E1FD3DAFCFE5854A9C35E8DD8D6"],
  ])("SM4 %s (card-commands §9.5)", (name, key) => {
    expect(toHex(deriveTestCardKey("sm4", name, card))).toBe(key)
  })
})

describe("card identification code (card-structure §18.1)", () => {
  const irk = (algorithm: "3des" | "sm4") => deriveTestCardKey(algorithm, "IRK", card)

  it.each([
    ["3des", "320800D156000005160000018F385B8F"],
    ["sm4", "320800D15600000516000001F4EF9485"],
  ] as const)("%s: region, RID, end of the ATR, check", (algorithm, cardId) => {
    expect(toHex(buildCardId(algorithm, card, irk(algorithm)))).toBe(cardId)
    expect(checkCardId(algorithm, hex(cardId), irk(algorithm))).toBe("valid")
  })

  it("is not personalised while the check is FFFFFFFF", () => {
    const blank = buildCardId("3des", card)
    expect(toHex(blank)).toBe("320800D15600000516000001FFFFFFFF")
    expect(checkCardId("3des", blank, irk("3des"))).toBe("notPersonalised")
    expect(checkCardId("3des", hex("330300D15600000599110145FFFFFFFF"), irk("3des"))).toBe("notPersonalised")
  })

  it("tells what is wrong with it", () => {
    expect(checkCardId("3des", hex("320800D156000005160000018F385B8E"), irk("3des"))).toBe("wrongCheck")
    expect(checkCardId("sm4", hex("320800D156000005160000018F385B8F"), irk("sm4"))).toBe("wrongCheck")
    expect(checkCardId("3des", hex("320800D156000006160000018F385B8F"), irk("3des"))).toBe("wrongProvider")
    expect(checkCardId("3des", hex("320800D1560000"), irk("3des"))).toBe("wrongLength")
  })

  it("carries the region that keys are derived from", () => {
    expect(regionOfCardId(hex("320800D156000005160000018F385B8F"))).toBe("320800")
    expect(() => buildCardId("3des", { atr, region: "32080A" })).toThrow(InputError)
  })
})
