import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  buildDol,
  decodeText,
  findTlv,
  hex,
  InputError,
  parseDol,
  parseTlv,
  type Tlv,
  toHex,
} from "../../../src/apdu/index.js"
import {
  ADA,
  AIP,
  AUC,
  applicationName,
  buildIad,
  CVM,
  CVR,
  cryptogramBits,
  cryptogramType,
  decodeScriptResults,
  describeBits,
  describeEmvValue,
  dolFormat,
  emvBits,
  emvTag,
  emvTags,
  encodeScriptResults,
  hasBit,
  PBOC_DEBIT,
  PPSE_NAME,
  PSE_NAME,
  parseCvmList,
  parseCvr,
  parseIad,
  setBit,
  TERMINAL_CAPABILITIES,
  TSI,
  TVR,
} from "../../../src/dictionary/index.js"

/** The default card of financial-emv §14, §15. */
const CARD_DATA = [
  "6F1E840E315041592E5359532E4444463031A50C8801015F2D027A689F110101",
  "701B61194F08A000000333010101500A50424F43204445424954870101",
  "6F4B8408A000000333010101A53F500A50424F432044454249548701019F38099F7A019F02065F2A025F2D027A689F1101019F120B53484542414F2043415244BF0C0A9F4D020B0ADF4D020C0A",
  "704957136217000000000000046D35122200000000000F5F200B43455348492F594948414F9F1F0A303030303030303030309F61123939393939393139393030313031303031369F620100",
  "70505F25032501015F24033512315A0A6217000000000000046F5F3401019F0702FF008E100000000000000000420341031E031F009F0D05D84000A8009F0E0500100000009F0F05D84004F8005F28020156",
  "70668C1B9F02069F03069F1A0295055F2A029A039C019F37049F21039F4E148D1D8A029F02069F03069F1A0295055F2A029A039C019F37049F21039F4E149F080200309F420201565F300202209F631053484542414F303030303030303030319F1401009F230100",
  "70099F7406454343303031",
]

const flatten = (list: readonly Tlv[]): Tlv[] => list.flatMap((object) => [object, ...flatten(object.children ?? [])])

describe("tag table", () => {
  it("has each tag once, with names in both languages and a sensible length", () => {
    expect(emvTags.size).toBeGreaterThan(130)
    for (const { tag, name, minimum, maximum, places } of emvTags.values()) {
      const where = tag.toString(16)
      expect(name.zh, where).toMatch(/\S/)
      expect(name.en, where).toMatch(/^[ -~]+$/)
      expect(minimum, where).toBeLessThanOrEqual(maximum)
      expect(places.length, where).toBeGreaterThan(0)
    }
  })

  it("knows every data element of the default card, and its length", () => {
    for (const data of CARD_DATA)
      for (const { tag, value } of flatten(parseTlv(hex(data)))) {
        const definition = emvTag(tag)
        expect(definition, tag.toString(16)).toBeDefined()
        expect(value.length, tag.toString(16)).toBeGreaterThanOrEqual(definition!.minimum)
        expect(value.length, tag.toString(16)).toBeLessThanOrEqual(definition!.maximum)
      }
  })

  it("knows every data element that the lists of the default card ask for, with that length", () => {
    const lists = CARD_DATA.flatMap((data) => flatten(parseTlv(hex(data)))).filter(({ tag }) =>
      [0x8c, 0x8d, 0x9f38].includes(tag),
    )
    expect(lists).toHaveLength(3)
    for (const { tag, length } of lists.flatMap(({ value }) => parseDol(value))) {
      const definition = emvTag(tag)!
      expect(length, tag.toString(16)).toBeLessThanOrEqual(definition.maximum)
      expect(length, tag.toString(16)).toBeGreaterThanOrEqual(definition.minimum)
    }
  })

  it.each([
    [0x9f79, "putData"],
    [0x9f56, "putData"],
    [0x9f14, "putData"],
    [0x5f24, "updateRecord"],
    [0x9f0e, "updateRecord"],
    [0x9f36, undefined],
    [0x5a, undefined],
  ])("%i may be changed by %s (§16)", (tag, by) => {
    expect(emvTag(tag)!.changeableBy).toBe(by)
  })

  it("reads by GET DATA what §16 says", () => {
    for (const tag of [0x9f36, 0x9f13, 0x9f17, 0x9f4f, 0xdf4f, 0x9f79, 0x9f6d, 0x9f6c, 0xdf71])
      expect(emvTag(tag)!.places).toContain("getData")
    expect(emvTag(0x5a)!.places).not.toContain("getData")
  })

  it("tells a DOL how to pad (EMV Book 3 §5.4)", () => {
    expect([0x9f02, 0x9a, 0x5f2a, 0x9c, 0x5f34].map(dolFormat)).toEqual(["n", "n", "n", "n", "n"])
    expect([0x5a, 0x9f62].map(dolFormat)).toEqual(["cn", "cn"])
    expect([0x95, 0x9f37, 0x9f4e, 0x8a, 0xc3].map(dolFormat)).toEqual(["other", "other", "other", "other", "other"])
    const amount = { value: hex("050000"), format: dolFormat(0x9f02) }
    expect(toHex(buildDol(parseDol(hex("9F0206")), () => amount))).toBe("000000050000")
  })
})

describe("names of applications (financial-emv §14, card-structure §4.1)", () => {
  const text = (bytes: Uint8Array) => String.fromCharCode(...bytes)

  it("are the text they stand for", () => {
    expect(text(PSE_NAME)).toBe("1PAY.SYS.DDF01")
    expect(text(PPSE_NAME)).toBe("2PAY.SYS.DDF01")
    expect(decodeText(hex("504B492EC9E7BBE1B1A3D5CF"))).toBe("PKI.社会保障")
    expect(text(hex("53532E434552542E41444631"))).toBe("SS.CERT.ADF1")
  })

  it("are found by their bytes", () => {
    expect(applicationName(PBOC_DEBIT)).toEqual({ zh: "PBOC借记", en: "PBOC debit" })
    expect(applicationName(hex("504B492EC9E7BBE1B1A3D5CF"))?.en).toBe("PKI application")
    expect(applicationName(hex("A0000000041010"))).toBeUndefined()
  })
})

describe("bit tables", () => {
  it("name each bit once", () => {
    for (const bits of [TVR, TSI, AIP, AUC, CVR, ADA, TERMINAL_CAPABILITIES]) {
      const places = Object.values(bits).map(({ byte, bit }) => `${byte}.${bit}`)
      expect(new Set(places).size).toBe(places.length)
    }
  })

  it("stay inside the length of their tag", () => {
    for (const [tag, bits] of emvBits)
      for (const { byte, bit, zh, en } of bits) {
        expect(byte).toBeLessThanOrEqual(emvTag(tag)!.maximum)
        expect(bit).toBeGreaterThanOrEqual(1)
        expect(bit).toBeLessThanOrEqual(8)
        expect(zh && en).toBeTruthy()
      }
  })

  // financial-emv §26: values of whole transactions
  it.each([
    [TVR, "0000048000", ["online PIN entered", "floor limit exceeded"]],
    [
      TVR,
      "000804E000",
      [
        "new card",
        "online PIN entered",
        "floor limit exceeded",
        "lower consecutive offline limit exceeded",
        "upper consecutive offline limit exceeded",
      ],
    ],
    [
      AIP,
      "7C00",
      [
        "SDA supported",
        "DDA supported",
        "cardholder verification supported",
        "terminal risk management to be performed",
        "issuer authentication supported",
      ],
    ],
    [
      TERMINAL_CAPABILITIES,
      "6040C0",
      ["magnetic stripe", "IC with contacts", "enciphered PIN for online", "SDA", "DDA"],
    ],
  ])("read %o %s", (bits, value, names) => {
    expect(describeBits(Object.values(bits), hex(value), "en")).toEqual(names)
  })

  it("the TSI of a withdrawal says that all but scripts was done", () => {
    const done = Object.values(TSI).filter((bit) => hasBit(hex("F800"), bit))
    expect(done).toEqual(Object.values(TSI).filter((bit) => bit !== TSI.scriptProcessed))
  })

  it("set a bit in place and refuse a byte that is not there", () => {
    const tvr = new Uint8Array(5)
    setBit(tvr, TVR.onlinePinEntered)
    setBit(tvr, TVR.floorLimitExceeded)
    expect(toHex(tvr)).toBe("0000048000")
    expect(() => setBit(new Uint8Array(1), TVR.newCard)).toThrow(/^bytes: /)
    expect(hasBit(new Uint8Array(0), TVR.newCard)).toBe(false)
  })
})

describe("issuer application data (§20)", () => {
  it("is read and written", () => {
    const iad = parseIad(hex("07010103A0000001"))!
    expect([iad.dki, iad.cvn, toHex(iad.cvr), iad.algorithm, iad.discretionary]).toEqual([
      1,
      1,
      "03A00000",
      "3des",
      undefined,
    ])
    expect(toHex(buildIad(iad))).toBe("07010103A0000001")
  })

  it("carries the electronic cash balance with a MAC (live example of §20)", () => {
    const bytes = hex("07010103A00000010A010000038787868FD1FC")
    const iad = parseIad(bytes)!
    expect(iad.discretionary!.type).toBe(1)
    expect(toHex(iad.discretionary!.data)).toBe("0000038787")
    expect(toHex(iad.discretionary!.mac)).toBe("868FD1FC")
    expect(toHex(buildIad(iad))).toBe(toHex(bytes))
  })

  it("is read as it stands in the withdrawal dump, with other discretionary data", () => {
    const iad = parseIad(hex("07010103A00002010A0100000100003769DA83"))!
    expect(toHex(iad.cvr)).toBe("03A00002")
    expect(toHex(iad.discretionary!.data)).toBe("0000010000")
    expect(hasBit(iad.cvr, CVR.ddaDone)).toBe(true)
  })

  it.each([
    "",
    "07",
    "06010103A0000001",
    "07010103A0000002",
    "07010103A0000001FF",
    "07010103A000000104010000",
    "07010103A00000010A0100",
  ])("%j has another form", (bytes) => {
    expect(parseIad(hex(bytes))).toBeUndefined()
  })

  it("names algorithm SM4 by 04", () => {
    const iad = parseIad(hex("07010103A0000004"))!
    expect(iad.algorithm).toBe("sm4")
    expect(toHex(buildIad(iad))).toBe("07010103A0000004")
  })

  it.each([
    ["03A00000", "ARQC", undefined],
    ["03600000", "ARQC", "TC"],
    ["03200000", "ARQC", "AAC"],
    ["03900000", "TC", undefined],
    ["03800000", "AAC", undefined],
  ] as const)("CVR %s: GAC1 %s, GAC2 %s", (cvr, first, second) => {
    expect(parseCvr(hex(cvr))).toEqual({ first, second, scripts: 0 })
  })

  it("counts scripts in the last byte", () => {
    expect(parseCvr(hex("03A00030")).scripts).toBe(3)
  })

  it.each([
    ["AAC", 0x00],
    ["TC", 0x40],
    ["ARQC", 0x80],
  ] as const)("%s is %i in CID and P1", (type, bits) => {
    expect(cryptogramBits(type)).toBe(bits)
    expect(cryptogramType(bits | 0x10)).toBe(type)
  })

  it("does not name the cryptogram type 11", () => {
    expect(cryptogramType(0xc0)).toBeUndefined()
  })
})

describe("CVM list", () => {
  it("of the default card: online PIN, plain PIN, signature, nothing", () => {
    const { amountX, amountY, rules } = parseCvmList(hex("0000000000000000420341031E031F00"))
    expect([amountX, amountY]).toEqual([0, 0])
    expect(rules.map((rule) => [rule.method, rule.continueIfFailed, rule.condition])).toEqual([
      [CVM.ONLINE_PIN, true, 3],
      [CVM.PLAIN_PIN, true, 3],
      [CVM.SIGNATURE, false, 3],
      [CVM.NONE, false, 0],
    ])
  })

  it("gives the amounts", () => {
    expect(parseCvmList(hex("000003E8FFFFFFFF0200"))).toMatchObject({ amountX: 1000, amountY: 0xffffffff })
  })

  it.each(["", "0000000000000000", "000000000000000042"])("%j is refused", (bytes) => {
    expect(() => parseCvmList(hex(bytes))).toThrow(InputError)
  })
})

describe("script results (§22)", () => {
  it("are 5 bytes each: outcome, command, script", () => {
    const results = decodeScriptResults(hex("2000000001 1200000002 0000000003"))
    expect(results).toEqual([
      { outcome: "ok", command: 0, scriptId: hex("00000001") },
      { outcome: "failed", command: 2, scriptId: hex("00000002") },
      { outcome: "notRun", command: 0, scriptId: hex("00000003") },
    ])
    expect(toHex(encodeScriptResults(results))).toBe("200000000112000000020000000003")
  })

  it("tell the fifteenth and later commands alike", () => {
    const [result] = decodeScriptResults(
      encodeScriptResults([{ outcome: "failed", command: 20, scriptId: hex("00000001") }]),
    )
    expect(result!.command).toBe(15)
  })

  it.each(["20000000", "3000000001"])("%s is refused", (bytes) => {
    expect(() => decodeScriptResults(hex(bytes))).toThrow(InputError)
  })
})

describe("describeEmvValue", () => {
  it.each([
    [0x9f02, "000000050000", "500.00", "500.00"],
    [0x9a, "251120", "2025-11-20", "2025-11-20"],
    [0x9f21, "103000", "10:30:00", "10:30:00"],
    [0x5f2a, "0156", "人民币", "CNY"],
    [0x9f1a, "0156", "中国", "China"],
    [0x9c, "01", "取款", "cash withdrawal"],
    [0x9f62, "00", "居民身份证", "identity card"],
    [0x50, "50424F43204445424954", "PBOC DEBIT", "PBOC DEBIT"],
    [0x84, "A000000333010101", "A000000333010101", "A000000333010101"],
    [0x9f38, "9F7A019F02065F2A02", "9F7A(1) 9F02(6) 5F2A(2)", "9F7A(1) 9F02(6) 5F2A(2)"],
    [0x94, "0801010010010501", "SFI 1: 1-1, SFI 2: 1-5 (ODA 1)", "SFI 1: 1-1, SFI 2: 1-5 (ODA 1)"],
    [
      0x95,
      "0000048000",
      "0000048000 输入联机PIN、交易超过最低限额",
      "0000048000 online PIN entered; floor limit exceeded",
    ],
    [0x95, "0000000000", "0000000000", "0000000000"],
    [0x9f34, "420300", "420300 联机PIN: 未知", "420300 online PIN: unknown"],
    [0x9f27, "80", "ARQC", "ARQC"],
    [0xdf31, "2000000001", "00000001 成功", "00000001 ok"],
    [
      0x9f10,
      "07010103A00002010A0100000100003769DA83",
      "07010103A00002010A0100000100003769DA83 DKI 01、CVN 01、3DES、GAC1 ARQC、DDA已进行",
      "07010103A00002010A0100000100003769DA83 DKI 01; CVN 01; 3DES; GAC1 ARQC; DDA performed",
    ],
    [
      0x8e,
      "000000000000000042031F00",
      "联机PIN (终端支持该CVM,失败则继续);无需CVM (总是)",
      "online PIN (if the terminal supports it, else next); no CVM required (always)",
    ],
    [0xc5, "0102", "0102", "0102"],
  ])("%i %s", (tag, value, zh, en) => {
    expect(describeEmvValue(tag, hex(value), "zh")).toBe(zh)
    expect(describeEmvValue(tag, hex(value), "en")).toBe(en)
  })

  it.each([
    [0x5a, "6217000000000000046F", "621700*********0046"],
    [0x57, "6217000000000000046D35122200000000000F", "621700*********0046D*****************"],
    [0x9f61, "393939393939313939303031303130303136", "999999********0016"],
    [0x5f20, "43455348492F594948414F", "**********O"],
    [0x99, "0612345678901234", "****************"],
    [0x86, "8424000204AABBCCDD", "PIN CHANGE/UNBLOCK 8424000204********"],
  ])("hides %i %s from traces", (tag, value, shown) => {
    expect(describeEmvValue(tag, hex(value), "en", { masked: true })).toBe(shown)
  })

  it("shows the PAN where a person asked for it", () => {
    expect(describeEmvValue(0x5a, hex("6217000000000000046F"), "en")).toBe("6217000000000000046")
  })

  it("never shows a PAN from a template unmasked", () => {
    const record = parseTlv(hex(CARD_DATA[4]!))
    const shown = describeEmvValue(0x70, findTlv(record, 0x70)!.value, "en", { masked: true })
    expect(shown).not.toContain("6217000000000000046")
  })

  it("takes any bytes for any tag", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...emvTags.keys(), 0xc1),
        fc.uint8Array({ maxLength: 40 }),
        fc.boolean(),
        (tag, value, masked) => {
          expect(typeof describeEmvValue(tag, value, "zh", { masked })).toBe("string")
        },
      ),
      { numRuns: 3000 },
    )
  })
})
