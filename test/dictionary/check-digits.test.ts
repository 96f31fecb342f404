import { describe, expect, it } from "vitest"
import {
  checkBankCardNumber,
  checkCardNumber,
  checkCitizenId,
  checkOrganisationCode,
  checkUnifiedCreditCode,
  computeCardNumberCheck,
  computeCitizenIdCheck,
  computeLuhn,
  computeOrganisationCheck,
  computeUnifiedCreditCheck,
  convertCitizenId15,
  numberFaults,
  readCitizenId,
} from "../../src/dictionary/index.js"

const SYNTHETIC = [
  ["999999199001010016", "1"],
  ["999999198506150028", "2"],
  ["999999196002290036", "1"],
  ["999999200002290043", "2"],
  ["999999196501100110", "1"],
  ["999999197511200240", "2"],
] as const

describe("citizen identity number (GB 11643)", () => {
  // domain-rules §17.7, card-structure §18.3: arithmetic only, none is a person of ours.
  it.each([
    "11010519491231002X",
    "440524188001010014",
    "110101199003070011",
    "310101198501010014",
    "420106197001010029",
    "111111198101011110",
    "320800205001010014",
  ])("%s has the right check character", (id) => {
    expect(computeCitizenIdCheck(id.slice(0, 17))).toBe(id[17])
    expect(checkCitizenId(id)).toBeUndefined()
  })

  it.each(SYNTHETIC)("%s is taken only where synthetic numbers are allowed", (id, sex) => {
    expect(checkCitizenId(id)).toBe("synthetic")
    expect(checkCitizenId(id, { synthetic: true })).toBeUndefined()
    expect(readCitizenId(id)).toEqual({ region: "999999", birthDate: id.slice(6, 14), sex })
  })

  it("takes area 000000 as synthetic, but no other area of 99 or 00", () => {
    const of = (area: string) => {
      const first17 = `${area}19900101001`
      return first17 + computeCitizenIdCheck(first17)
    }
    expect(checkCitizenId(of("000000"), { synthetic: true })).toBeUndefined()
    expect(checkCitizenId(of("000000"))).toBe("synthetic")
    expect(checkCitizenId(of("990100"), { synthetic: true })).toBe("region")
    expect(checkCitizenId(of("000100"), { synthetic: true })).toBe("region")
    expect(checkCitizenId(of("160000"))).toBe("region")
  })

  it.each(["81", "82", "83"])("takes a residence permit number that starts with %s (§17.4)", (start) => {
    const first17 = `${start}000019900101001`
    expect(checkCitizenId(first17 + computeCitizenIdCheck(first17))).toBeUndefined()
  })

  it.each([
    ["11010519491231002", "length"],
    ["1101051949123100200", "length"],
    ["11010519491231002x", "characters"],
    ["1101051949123100AX", "characters"],
    ["110105194912310021", "check"],
    ["110105194912130027", "check"],
  ] as const)("finds %s faulty: %s", (id, fault) => {
    expect(checkCitizenId(id)).toBe(fault)
  })

  it("finds a swap of two neighbouring digits", () => {
    expect(checkCitizenId("101105199003070011")).toBe("check")
  })

  it.each(["19900230", "19901301", "20010229", "19000229", "00000000"])("knows that %s is no birth date", (date) => {
    const first17 = `110101${date}001`
    expect(checkCitizenId(first17 + computeCitizenIdCheck(first17))).toBe("birthDate")
  })

  it("refuses a birth date after today where today is known", () => {
    expect(checkCitizenId("320800205001010014", { today: "20251120" })).toBe("birthDate")
    expect(checkCitizenId("110101199003070011", { today: "19900307" })).toBeUndefined()
  })

  it("converts an old number of 15 digits", () => {
    expect(convertCitizenId15("110105491231002")).toBe("11010519491231002X")
    expect(convertCitizenId15("11010549123100X")).toBeUndefined()
    expect(convertCitizenId15("11010519491231002X")).toBeUndefined()
  })
})

describe("unified social credit code (GB 32100)", () => {
  it.each(["91350100M000100Y43", "91440300708461136T", "91990100MA00000073"])("%s passes", (code) => {
    expect(checkUnifiedCreditCode(code)).toBeUndefined()
    expect(computeUnifiedCreditCheck(code.slice(0, 17))).toBe(code[17])
  })

  it.each([
    ["91350100M000100Y4", "length"],
    ["91350100M000100I43", "characters"],
    ["9135010AM000100Y43", "region"],
    ["91350100M000100Y44", "check"],
  ] as const)("finds %s faulty: %s", (code, fault) => {
    expect(checkUnifiedCreditCode(code)).toBe(fault)
  })
})

describe("organisation code and card number (GB 11714)", () => {
  it.each(["M000100Y4", "708461136"])("organisation code %s passes", (code) => {
    expect(checkOrganisationCode(code)).toBeUndefined()
    expect(computeOrganisationCheck(code.slice(0, 8))).toBe(code[8])
  })

  it.each(["X00000019", "A12345674", "000000019", "SB0000012", "123456788", "S00000012", "S00000020", "S00000039"])(
    "card number %s passes (card-structure §18.2)",
    (number) => {
      expect(checkCardNumber(number)).toBeUndefined()
      expect(computeCardNumberCheck(number.slice(0, 8))).toBe(number[8])
    },
  )

  it("writes remainder 10 as X and 11 as 0", () => {
    const checks = new Set<string>()
    for (let i = 0; i < 200; i++) checks.add(computeOrganisationCheck(String(i).padStart(8, "0")))
    expect([...checks].sort()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "X"])
  })

  it.each([
    ["A1234567", "length"],
    ["a12345674", "characters"],
    ["A12345675", "check"],
  ] as const)("finds %s faulty: %s", (number, fault) => {
    expect(checkCardNumber(number)).toBe(fault)
  })
})

describe("bank card number (Luhn)", () => {
  it.each([
    "6217000000000000046",
    "6217000000000000004",
    "6217999990000000017",
    "6228480000000000000",
    "6216600000000000018",
  ])("%s passes (domain-rules §17.7, financial-emv §13)", (pan) => {
    expect(checkBankCardNumber(pan)).toBeUndefined()
    expect(computeLuhn(pan.slice(0, -1))).toBe(pan.at(-1))
  })

  it.each([
    ["6217000000000000045", "check"],
    ["621700000000", "length"],
    ["62170000000000000460", "length"],
    ["621700000000000004X", "characters"],
  ] as const)("finds %s faulty: %s", (pan, fault) => {
    expect(checkBankCardNumber(pan)).toBe(fault)
  })
})

describe("the compute functions", () => {
  it("refuse what is not their input without repeating it", () => {
    expect(() => computeCitizenIdCheck("1101051949123100")).toThrow(/^first17: expected 17 digits, got 16 characters$/)
    expect(() => computeUnifiedCreditCheck("I")).toThrow(RangeError)
    expect(() => computeOrganisationCheck("abcdefgh")).toThrow(RangeError)
    expect(() => computeLuhn("")).toThrow(RangeError)
  })

  it("have a text for every fault in both languages", () => {
    for (const { zh, en } of Object.values(numberFaults)) {
      expect(zh).toMatch(/\p{Script=Han}/u)
      expect(en).toMatch(/^[ -~]+$/)
    }
  })
})
