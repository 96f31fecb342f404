import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { findTlv, hex, InputError, toHex } from "../../../src/apdu/index.js"
import {
  answerCode,
  answerCodes,
  CRYPTOGRAM_TAGS,
  decodeBalances,
  decodeIcData,
  decodeMessage,
  decodeOriginalData,
  decodePrivateData,
  decodePrivateDigits,
  decodeReplacementAmount,
  decodeWorkingKeys,
  emvTag,
  encodeBalances,
  encodeIcData,
  encodeOriginalData,
  encodePrivateData,
  encodePrivateDigits,
  encodeReplacementAmount,
  encodeWorkingKeys,
  mustRetain,
  NETWORK_CODE,
  PROCESSING_CODE,
  type PrivateData,
  processingCodeName,
  REQUEST_TAGS,
  REVERSAL_TAGS,
  SCRIPT_RESULT_TAGS,
  SECURITY_CONTROL,
  securityControl,
} from "../../../src/dictionary/index.js"
import { REVERSAL, SCRIPT_RESULT_DATA, SIGN_ON_ANSWER, WITHDRAWAL } from "./dumps.js"

describe("answer codes, DE39 (host-iso8583 §6)", () => {
  it("are 50, each with a text in both languages", () => {
    expect(answerCodes.size).toBe(51)
    for (const { code, name } of answerCodes.values()) {
      expect(name.zh, code).toMatch(/[\p{Script=Han}]/u)
      expect(name.en, code).toMatch(/^[ -~]+$/)
    }
  })

  it.each([
    ["00", "complete"],
    ["51", "amountPage"],
    ["55", "pinPage"],
    ["41", "retain"],
    ["75", "eject"],
    ["77", "signOn"],
    ["95", "settled"],
    ["96", "reversal"],
    ["97", "outOfService"],
    ["25", "settled"],
    ["A0", "keyExchange"],
  ])("%s leads to %s", (code, action) => {
    expect(answerCode(code).action).toBe(action)
  })

  it("reverse on 94 when an own attempt is open, on A0 when the host had approved", () => {
    expect(answerCode("94").reversal).toBe("ifOpen")
    expect(answerCode("A0").reversal).toBe("ifApproved")
  })

  it("that are not known are taken as 05 and keep their own code", () => {
    expect(answerCode("ZZ")).toEqual({ ...answerCode("05"), code: "ZZ" })
  })

  it("keep the card as the region says, but never on 51, 61, 91", () => {
    const retainOn = ["04", "41", "51", "91"]
    expect(["04", "41", "43", "51", "91"].map((code) => mustRetain(code, retainOn))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe("processing codes, DE3 (§4.1)", () => {
  it("are all named, by type whatever the accounts", () => {
    for (const code of Object.values(PROCESSING_CODE)) expect(processingCodeName(code), code).toBeDefined()
    expect(processingCodeName("011000")?.zh).toBe("取款")
    expect(processingCodeName("990000")).toBeUndefined()
  })
})

describe("security control, DE53 (§4.4)", () => {
  it.each([
    [SECURITY_CONTROL["3des"], { withPan: true, cipher: "3des" }],
    [SECURITY_CONTROL.sm4, { withPan: true, cipher: "sm4" }],
    ["2000000000000000", { withPan: true, cipher: "des" }],
    ["1600000000000000", { withPan: false, cipher: "3des" }],
    ["2500000000000000", undefined],
    ["2600000000000001", undefined],
    ["", undefined],
  ])("%s", (digits, meaning) => {
    expect(securityControl(digits)).toEqual(meaning)
  })
})

describe("balances, DE54 (§4.3)", () => {
  const text = "1001156C0000009500001002156C000000950000"
  const balances = [
    { accountType: "10", kind: "ledger", currency: "156", amountFen: 950_000 },
    { accountType: "10", kind: "available", currency: "156", amountFen: 950_000 },
  ] as const

  it("are read and written", () => {
    expect(decodeBalances(text)).toEqual(balances)
    expect(encodeBalances(balances)).toBe(text)
  })

  it("carry debts as D", () => {
    const debt = [{ ...balances[0], amountFen: -1 }]
    expect(encodeBalances(debt)).toBe("1001156D000000000001")
    expect(decodeBalances(encodeBalances(debt))).toEqual(debt)
  })

  it.each(["1001156C00000095000", "1003156C000000950000", "1001156X000000950000"])("%s is refused", (wrong) => {
    expect(() => decodeBalances(wrong)).toThrow(expect.objectContaining({ field: "DE54" }))
  })
})

describe("private digits, DE60 (§4.5)", () => {
  it.each([
    ["00000001003", { type: "00", batch: "000001", networkCode: NETWORK_CODE.SIGN_ON }],
    ["0100000100050", { type: "01", batch: "000001", networkCode: "000", capability: "5", iccCondition: "0" }],
  ])("%s", (digits, parts) => {
    expect(decodePrivateDigits(digits)).toEqual(parts)
    expect(encodePrivateDigits(parts)).toBe(digits)
  })

  it("are refused in another form", () => {
    expect(() => decodePrivateDigits("0100000")).toThrow(expect.objectContaining({ field: "DE60" }))
    expect(() => encodePrivateDigits({ type: "1", batch: "000001", networkCode: "000" })).toThrow(InputError)
  })
})

describe("original data, DE90 (§4.5)", () => {
  it("of the reversal point to the withdrawal", () => {
    const withdrawal = decodeMessage(hex(WITHDRAWAL))
    const original = decodeMessage(hex(REVERSAL)).fields[90]!
    expect(
      encodeOriginalData({
        messageType: withdrawal.messageType,
        stan: withdrawal.fields[11]!,
        transmissionTime: withdrawal.fields[7]!,
        acquirer: withdrawal.fields[32]!,
      }),
    ).toBe(original)
    expect(decodeOriginalData(original)).toEqual({
      messageType: "0200",
      stan: "000123",
      transmissionTime: "1120103005",
      acquirer: "00000010000",
      forwarder: "00000000000",
    })
  })

  it("are refused when they are not 42 digits", () => {
    expect(() => decodeOriginalData("0200")).toThrow(expect.objectContaining({ field: "DE90" }))
  })
})

describe("replacement amount, DE95", () => {
  it("is 12 digits and 30 zeros", () => {
    expect(encodeReplacementAmount(30_000)).toBe(`000000030000${"0".repeat(30)}`)
    expect(decodeReplacementAmount(encodeReplacementAmount(30_000))).toBe(30_000)
    expect(() => decodeReplacementAmount("000000030000")).toThrow(expect.objectContaining({ field: "DE95" }))
  })
})

describe("working keys, DE62 (§7)", () => {
  it("are read from the sign-on answer (V-C4) and written back", () => {
    const bytes = decodeMessage(hex(SIGN_ON_ANSWER)).fields[62]!
    const keys = decodeWorkingKeys(bytes)
    expect(toHex(keys.pinKey.wrapped)).toBe("CB4AB541CD5AD4FC256A882726936A5A")
    expect(toHex(keys.pinKey.checkValue)).toBe("08D7B4FB")
    expect(toHex(keys.macKey.checkValue)).toBe("7B83586D")
    expect(keys.trackKey).toBeUndefined()
    expect(toHex(encodeWorkingKeys(keys))).toBe(toHex(bytes))
  })

  it("may hold a third for track data", () => {
    const key = { wrapped: new Uint8Array(16), checkValue: new Uint8Array(4) }
    const bytes = encodeWorkingKeys({ pinKey: key, macKey: key, trackKey: key })
    expect(bytes).toHaveLength(0x3c)
    expect(decodeWorkingKeys(bytes).trackKey).toBeDefined()
    expect(() => decodeWorkingKeys(bytes.slice(1))).toThrow(expect.objectContaining({ field: "DE62" }))
  })
})

describe("private data, DE48 (§4.6)", () => {
  // host-iso8583 §11.7, of the activation V-B13
  const ACTIVATION =
    "DF01020000DF02080102030405060708DF030100DF0412393939393939313939303031303130303136DF050CE6B58BE8AF95E4B880E58FB7DF07055430303031"

  it("of an activation are read and written", () => {
    const data = decodePrivateData(hex(ACTIVATION))
    expect(data).toEqual({
      atc: hex("0000"),
      challenge: hex("0102030405060708"),
      documentType: "00",
      identityNumber: "999999199001010016",
      name: "测试一号",
      teller: "T0001",
    })
    expect(toHex(encodePrivateData(data))).toBe(ACTIVATION)
  })

  it("carry everything else there and back", () => {
    const total = { count: 3, amountFen: 150_000 }
    const data: PrivateData = {
      newPinBlock: hex("3EF5911C7020B1B9"),
      authorisingTeller: "T0002",
      remark: "柜台",
      dispenseOutcome: "partial",
      notes: [
        { denominationYuan: 100, count: 5 },
        { denominationYuan: 50, count: 300 },
      ],
      pinTriesLeft: 2,
      totals: { withdrawals: total, deposits: { count: 0, amountFen: 0 }, reversals: total, retracts: total },
      feeFen: 200,
    }
    expect(decodePrivateData(encodePrivateData(data))).toEqual(data)
  })

  it("write outcome, notes and fee as §4.6 says", () => {
    const bytes = encodePrivateData({
      dispenseOutcome: "stored",
      notes: [{ denominationYuan: 100, count: 5 }],
      pinTriesLeft: 2,
      feeFen: 200,
    })
    expect(toHex(bytes)).toBe("DF0A0105" + "DF0B0400640005" + "DF0C0102" + "DF0E06000000000200")
  })

  it("pass over tags that are not known", () => {
    expect(decodePrivateData(hex("DF7F0101DF0C0103"))).toEqual({ pinTriesLeft: 3 })
  })

  it.each([
    ["no TLV", "DF01"],
    ["a challenge of 7 bytes", "DF020701020304050607"],
    ["an outcome of 7", "DF0A0107"],
    ["half a note", "DF0B03006400"],
    ["no UTF-8", "DF0502C328"],
    ["a fee that is not BCD", "DF0E0600000000020A"],
    ["totals that are too short", "DF0D0100"],
  ])("refuse %s, naming DE48", (_, bytes) => {
    expect(() => decodePrivateData(hex(bytes))).toThrow(expect.objectContaining({ field: "DE48" }))
  })

  it("never throw anything but an InputError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(15), (bytes, tag) => {
        try {
          decodePrivateData(Uint8Array.of(0xdf, tag, bytes.length, ...bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe("IC data, DE55 (§5)", () => {
  it("of the withdrawal stand in the order of the list", () => {
    const bytes = decodeMessage(hex(WITHDRAWAL)).fields[55]!
    const objects = decodeIcData(bytes)
    const order = REQUEST_TAGS.filter((tag) => findTlv(objects, tag))
    expect(objects.map((object) => object.tag)).toEqual(order)
    const written = encodeIcData(REQUEST_TAGS, (tag) => findTlv(objects, tag)?.value)
    expect(toHex(written)).toBe(toHex(bytes))
  })

  it("of reversal and script result stand in their own orders", () => {
    const reversal = decodeIcData(decodeMessage(hex(REVERSAL)).fields[55]!)
    expect(reversal.map((object) => object.tag)).toEqual(REVERSAL_TAGS.slice(0, 4))
    const result = decodeIcData(hex(SCRIPT_RESULT_DATA))
    expect(result.map((object) => object.tag)).toEqual(SCRIPT_RESULT_TAGS)
  })

  it("hold all that the cryptogram needs, and only known tags", () => {
    for (const tag of CRYPTOGRAM_TAGS) expect(REQUEST_TAGS).toContain(tag)
    for (const tag of [...REQUEST_TAGS, ...REVERSAL_TAGS, ...SCRIPT_RESULT_TAGS]) expect(emvTag(tag)).toBeDefined()
  })

  it("are refused when they are no TLV, or too long", () => {
    expect(() => decodeIcData(hex("9F02"))).toThrow(expect.objectContaining({ field: "DE55" }))
    expect(() => encodeIcData([0x72, 0x71], () => new Uint8Array(130))).toThrow(
      expect.objectContaining({ field: "DE55" }),
    )
  })
})
