import { describe, expect, it } from "vitest"
import { concat, hex, toHex } from "../../src/apdu/index.js"
import {
  type Algorithm,
  applicationCryptogram,
  arpcMethod1,
  arpcMethod2,
  decodeScriptPinBlock,
  diversify,
  emvCommonSessionKey,
  keyCheckValue,
  mac4,
  pad80,
  padZero,
  pbocSessionKey,
  retailMac,
  scriptMac,
  scriptPinBlock,
  sm3,
  sm4Encrypt,
  tacKey,
  testIssuerMasterKeys,
  transactionSessionKey,
  tripleDesDecrypt,
  tripleDesEncrypt,
  udkOptionA,
  udkOptionB,
} from "../../src/crypto/index.js"

const CLASSIC = "0123456789ABCDEFFEDCBA9876543210"
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const ARC_00 = ascii("00")

describe("passbook (financial-emv §12)", () => {
  const mac = (key: Uint8Array, data: string): string => toHex(mac4("3des", key, hex(data)))

  it("V-A1: load", () => {
    const key = hex("11223344556677888877665544332211")
    const session = transactionSessionKey("3des", key, hex("11223344"), hex("0000"), hex("8000"))
    expect(toHex(session)).toBe("9B1D924E05595603")
    expect(mac(session, "000000000000100001001122334455")).toBe("2988AE5A")
    expect(mac(session, "000010000100112233445520111221214822")).toBe("3A845BF0")
    expect(mac(session, "000000000000100002001122334455")).toBe("A5638AA0")
    expect(mac(session, "000010000200112233445520111221214822")).toBe("FDD12AF1")
  })

  it("V-A2: purchase", () => {
    const key = hex("11223344556677888877665544332211")
    const session = transactionSessionKey("3des", key, hex("11223344"), hex("0000"), hex("0001"))
    expect(toHex(session)).toBe("003238ABC57659DD")
    expect(mac(session, "000010000600112233445520120229135100")).toBe("F15CAB75")
    expect(mac(session, "00001000")).toBe("56988A13")
  })

  it("V-A3: load, purchase and withdrawal with TAC", () => {
    const tac = tacKey("3des", hex("479E71BEFF107A76138D34F84B2031FF"))
    expect(toHex(tac)).toBe("54134546B4304B89")
    const load = transactionSessionKey(
      "3des",
      hex("706D0671BB8BD28BD3D6E8836832FDD4"),
      hex("A1B2C3D4"),
      hex("0007"),
      hex("8000"),
    )
    expect(toHex(load)).toBe("B4469E8BD7734AC2")
    expect(mac(load, "000023450000100002112233445566")).toBe("17C15211")
    expect(mac(load, "000010000211223344556620110401120000")).toBe("C26D856E")
    expect(mac(tac, "00003345" + "0007" + "000010000211223344556620110401120000")).toBe("5684703E")

    const debit = transactionSessionKey(
      "3des",
      hex("3605EBBCB7C2C7C470E9BEA697723DF8"),
      hex("0F1E2D3C"),
      hex("000B"),
      hex("0102"),
    )
    expect(toHex(debit)).toBe("1CB30C047F397761")
    for (const [type, mac1, expectedTac] of [
      ["06", "3CAFAABE", "20D53134"],
      ["04", "7148A52D", "72358076"],
    ]) {
      expect(mac(debit, `00001000${type}11223344556620110401120000`)).toBe(mac1)
      expect(mac(debit, "00001000")).toBe("E75A0436")
      expect(mac(tac, `00001000${type}1122334455660000010220110401120000`)).toBe(expectedTac)
    }
  })

  it("V-A4: diversification", () => {
    const factor = hex("2016122100001003")
    expect(toHex(diversify("3des", hex("11223344556677888877665544332211"), factor))).toBe(
      "8AEBC113ED5190FBC77D1730A4B51AA5",
    )
    expect(toHex(diversify("sm4", hex(CLASSIC), factor))).toBe("E17AA3960B9F86D0DFD27810322F5CC7")
  })

  it("V-A5: secure messaging with the random as IV", () => {
    const iv = hex("1122334400000000")
    const signed = (data: string): string => toHex(retailMac(hex(CLASSIC), pad80(hex(data), 8), iv).subarray(0, 4))
    expect(signed("841E000004")).toBe("40D016F4")
    expect(toHex(tripleDesEncrypt(hex(CLASSIC), hex("0312345680000000")))).toBe("443FBFE8B3103299")
    expect(signed("842400000C443FBFE8B3103299")).toBe("C75848A0")
  })

  it("V-A6: SM4, SM3 and the SM4 passbook", () => {
    expect(toHex(sm4Encrypt(hex(CLASSIC), hex(CLASSIC)))).toBe("681EDF34D206965E86B3E94F536E4246")
    expect(toHex(sm3(ascii("abc")))).toBe("66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0")
    const session = transactionSessionKey(
      "sm4",
      hex("706D0671BB8BD28BD3D6E8836832FDD4"),
      hex("A1B2C3D4"),
      hex("0007"),
      hex("8000"),
    )
    expect(toHex(session)).toBe("516EC0AEB76E81F5B5B7BB6512BEAA11")
    const data = hex("000023450000100002112233445566")
    expect(toHex(mac4("sm4", session, data, "left4"))).toBe("A423C761")
    expect(toHex(mac4("sm4", session, data))).toBe("2AF87C62")
  })

  it("V-A8: unload and overdraft update", () => {
    const key = hex("00112233445566778899AABBCCDDEEFF")
    const session = transactionSessionKey("3des", key, hex("A1B2C3D4"), hex("0008"), hex("8000"))
    expect(toHex(session)).toBe("FA32D22C48BCE24B")
    const rest = "0000100003112233445566"
    expect(mac(session, `00003345${rest}`)).toBe("2889561B")
    expect(mac(session, `${rest}20110401120000`)).toBe("0D70C930")
    expect(mac(session, `000023450008${rest}20110401120000`)).toBe("23ABA880")
    expect(mac(session, "0000334500000007112233445566")).toBe("8BE821E7")
    expect(mac(session, "0186A00711223344556620110401120000")).toBe("524DE13D")
    const tac = tacKey("3des", hex("479E71BEFF107A76138D34F84B2031FF"))
    expect(mac(tac, "0000334500080186A00711223344556620110401120000")).toBe("D01796B3")
  })
})

describe("debit/credit (financial-emv §13, §29)", () => {
  it("§13: keys of the default profile", () => {
    const { ac, mac, enc } = testIssuerMasterKeys()
    const derived = [ac, mac, enc].map((imk) => toHex(udkOptionA("3des", imk, "6217000000000000046", "01")))
    expect(derived).toEqual([
      "E146CDEAB001E045A0BE5E00BC278D37",
      "414D6D82BB02016AA0B32190B6B873C2",
      "E5C7A3DAD4408D78865898CC4C79EE2E",
    ])
    expect([ac, mac, enc].map((imk) => toHex(keyCheckValue("3des", imk, 4)))).toEqual([
      "CAEF8B3E",
      "3B34D740",
      "DE18DE62",
    ])
  })

  it("V-B1: cryptogram and ARPC of a live card", () => {
    const session = pbocSessionKey("3des", hex("0D2E3CB0BC1F9E03AED58F663A2F9679"), hex("000E"))
    expect(toHex(session)).toBe("C3D3F062E9992B4E923D338D66193526")
    const data = hex("000000001234 000000000034 0156 D86004A800 0156 120516 01 01010101 7C00 000E 03A4B904")
    const cryptogram = applicationCryptogram("3des", session, data)
    expect(toHex(cryptogram)).toBe("F294D7022FA9B058")
    expect(toHex(arpcMethod1("3des", session, cryptogram, ARC_00))).toBe("3846EEB4C8D34271")
  })

  it("V-B4: cryptogram, ARPC and issuer scripts", () => {
    const atc = hex("000E")
    const udkAc = hex("7510E39445A8C42ADA89CDA10E700D29")
    const session = pbocSessionKey("3des", udkAc, atc)
    const skMac = pbocSessionKey("3des", hex("3E89866D8604DF85F1C41AB3AD7AF1DA"), atc)
    const skEnc = pbocSessionKey("3des", hex("6E2C947A9B01B3614025F467C4F77C01"), atc)
    expect([session, skMac, skEnc].map((key) => toHex(key))).toEqual([
      "04059F755F702FE3167597A238E6238F",
      "69DDE11C932A79DE9FEE93154C51DB67",
      "5BF693EA36E5F8C4E7C213F062EADAC2",
    ])
    const arqc = applicationCryptogram("3des", session, V_B4_DATA)
    expect(toHex(arqc)).toBe("5D661B24FA1D0A26")
    expect(toHex(arpcMethod1("3des", session, arqc, ARC_00))).toBe("5B959B1CAD70EE32")
    const signed = (header: string, data = ""): string =>
      toHex(scriptMac("3des", skMac, hex(header), atc, arqc, hex(data)))
    expect(signed("04DA9F790A", "000000060000")).toBe("0A63A0B4")
    expect(signed("8418000004")).toBe("3283F5EA")
    expect(signed("841E000004")).toBe("04064513")
    const pinBlock = scriptPinBlock("3des", skEnc, udkAc, "123456")
    expect(toHex(tripleDesDecrypt(skEnc, pinBlock))).toBe(`0806123456BA573BD5${"80".padEnd(14, "0")}`)
    expect(toHex(pinBlock)).toBe("580D9AC1DFFC7A52BFE4067F66BAD58C")
    expect(signed("8424000214", toHex(pinBlock))).toBe("3EB761E9")
    expect(decodeScriptPinBlock("3des", skEnc, udkAc, pinBlock)).toBe("123456")
  })

  it("V-B8: SM4", () => {
    const udk = udkOptionA("sm4", hex(CLASSIC), "48000000000008", "00")
    expect(toHex(udk)).toBe("CEF47E4CB533EF60869386A51B5054C0")
    const session = pbocSessionKey("sm4", udk, hex("000E"))
    expect(toHex(session)).toBe("BE7468828396D263D9989FB22A97D211")
    const cryptogram = applicationCryptogram("sm4", session, V_B4_DATA)
    expect(toHex(cryptogram)).toBe("436B54DE9F117E2A")
    expect(toHex(arpcMethod1("sm4", session, cryptogram, ARC_00))).toBe("540C7BA191E54633")
  })

  describe("V-B10: withdrawal with the default card", () => {
    const { ac, mac, enc } = testIssuerMasterKeys()
    const derive = (algorithm: Algorithm, imk: Uint8Array): Uint8Array =>
      udkOptionA(algorithm, imk, "6217000000000000046", "01")
    const atc = hex("0007")
    const [udkAc, udkMac, udkEnc] = [ac, mac, enc].map((imk) => derive("3des", imk)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ]
    const session = pbocSessionKey("3des", udkAc, atc)
    const skMac = pbocSessionKey("3des", udkMac, atc)
    const skEnc = pbocSessionKey("3des", udkEnc, atc)
    const transaction = "000000050000 000000000000 0156 0000048000 0156 251120 01 11223344 7C00 0007"

    it("derives the session keys", () => {
      expect([session, skMac, skEnc].map((key) => toHex(key))).toEqual([
        "25916DC7BAD9F1BAC376B38E1BA6B2C3",
        "4F6201C2A02CBF1BCAF694594BDE8B38",
        "E2F24189A93754A0980B5A1256AB428B",
      ])
    })

    it("computes ARQC, ARPC and TC", () => {
      const arqc = applicationCryptogram("3des", session, hex(`${transaction} 03A00002`))
      expect(toHex(arqc)).toBe("E64152248DEBA48B")
      expect(toHex(arpcMethod1("3des", session, arqc, ARC_00))).toBe("4C70186B21450E76")
      expect(toHex(applicationCryptogram("3des", session, hex(`${transaction} 03600002`)))).toBe("E6B9C13B4ED809F0")
    })

    it("signs the scripts", () => {
      const arqc = hex("E64152248DEBA48B")
      const signed = (header: string, data = ""): string =>
        toHex(scriptMac("3des", skMac, hex(header), atc, arqc, hex(data)))
      expect(signed("04DA9F790A", "000000060000")).toBe("C51CC686")
      expect(signed("8418000004")).toBe("F2DEA2D4")
      const pinBlock = scriptPinBlock("3des", skEnc, udkAc, "123456")
      expect(toHex(tripleDesDecrypt(skEnc, pinBlock).subarray(1, 9))).toBe("061234564FFE1FBA")
      expect(toHex(pinBlock)).toBe("DE6F79804B2ACB7D05C6474EC7217217")
    })

    it("computes CVN 17 and the SM4 cryptogram over the same values", () => {
      expect(toHex(applicationCryptogram("3des", session, hex("000000050000 11223344 0007 A0")))).toBe(
        "900D9A28EDE8D86F",
      )
      const udk = derive("sm4", ac)
      expect(toHex(udk)).toBe("42BB8D5D525E6F1B63D481339D762300")
      const sm4Session = pbocSessionKey("sm4", udk, atc)
      expect(toHex(sm4Session)).toBe("A0CADB3FD345E751A6730F8AC4EBDF39")
      expect(toHex(applicationCryptogram("sm4", sm4Session, hex(`${transaction} 03A00002`)))).toBe("DA3C044890F2F2D0")
    })
  })

  it("V-B13: activation of the default card", () => {
    const { ac, mac, enc } = testIssuerMasterKeys()
    const [udkAc, udkMac, udkEnc] = [ac, mac, enc].map((imk) =>
      udkOptionA("3des", imk, "6217000000000000046", "01"),
    ) as [Uint8Array, Uint8Array, Uint8Array]
    const atc = hex("0000")
    const skMac = pbocSessionKey("3des", udkMac, atc)
    const skEnc = pbocSessionKey("3des", udkEnc, atc)
    expect(toHex(skMac)).toBe("6CA8E7EB5EC0018606DF82CF43FDE747")
    expect(toHex(skEnc)).toBe("1466A5A6DAFC1DE17922A0D5700563A1")
    const random = hex("0102030405060708")
    expect(toHex(scriptMac("3des", skMac, hex("8418000004"), atc, random))).toBe("4FA0C4BA")
    const pinBlock = scriptPinBlock("3des", skEnc, udkAc, "246810")
    expect(toHex(tripleDesDecrypt(skEnc, pinBlock).subarray(1, 9))).toBe("062468104FFE1FBA")
    const script = concat(
      hex("8424000214"),
      pinBlock,
      scriptMac("3des", skMac, hex("8424000214"), atc, random, pinBlock),
    )
    expect(toHex(script)).toBe("842400021469EC92B9A5449ED037EAD3AE9CD88C0A693846F8")
  })
})

const V_B4_DATA = hex("000000050000 000000000000 0156 0000048000 0156 160803 63 A1B2C3D4 7C00 000E 03A4B004")

describe("EMV vectors of the host (host-iso8583 §10)", () => {
  it("V-B2: one transaction with the card key, with the common session key, and both ARPC methods", () => {
    const udk = udkOptionA("3des", hex("12345678".repeat(4)), "1234567890123456", "00")
    const data = hex("000000010000 000000001000 0840 0000001080 0840 980704 00 11111111 5800 3456 A08003242000")
    const zeroPadded = retailMac(udk, padZero(data, 8))
    expect(toHex(zeroPadded)).toBe("26C8A1042D1CAF3E")
    expect(toHex(applicationCryptogram("3des", udk, data))).toBe("2263CD868F3E0234")
    expect(toHex(arpcMethod1("3des", udk, zeroPadded, ARC_00))).toBe("98DE7C7B3D80A831")
    expect(toHex(arpcMethod1("3des", udk, hex("2263CD868F3E0234"), ARC_00))).toBe("5A1D15A96C035C4F")

    const session = emvCommonSessionKey(udk, hex("3456000000000000"))
    expect(toHex(oddParity(session))).toBe("F2A75194C2B954A4163E9886BCA45473")
    const cryptogram = applicationCryptogram("3des", session, data)
    expect(toHex(cryptogram)).toBe("55BE45DD2C9E0CBF")
    expect(toHex(arpcMethod1("3des", session, cryptogram, hex("0012")))).toBe("01BAE8DE6A0DE9E0")
    expect(toHex(arpcMethod2("3des", session, cryptogram, hex("00120000")))).toBe("B4C698B6")
  })

  it("V-B3: derivation options and common session key by their check values", () => {
    const imk = hex(CLASSIC)
    const kcv = (key: Uint8Array): string => toHex(keyCheckValue("3des", key, 2))
    expect(kcv(imk)).toBe("08D7")
    const udk = udkOptionA("3des", imk, "9901234567890123", "45")
    expect(kcv(udk)).toBe("1DA5")
    const session = emvCommonSessionKey(udk, hex("1234567890123456"))
    expect(kcv(session)).toBe("0995")
    const cryptogram = applicationCryptogram("3des", session, hex("0123456789ABCDEF0123456789ABCDEF"))
    expect(toHex(cryptogram)).toBe("4B46013359B7A58B")
    expect(toHex(arpcMethod1("3des", udk, cryptogram, hex("0000")))).toBe("F8C9CECAABD55AD1")
    expect(kcv(udkOptionA("3des", imk, "12345678901234567", "45"))).toBe("FF08")
    expect(kcv(udkOptionB("3des", imk, "12345678901234567", "45"))).toBe("0BAF")
  })

  it("option B of a PAN of up to 16 digits is option A", () => {
    const imk = hex(CLASSIC)
    const pan = "9901234567890123"
    expect(udkOptionB("3des", imk, pan, "45")).toEqual(udkOptionA("3des", imk, pan, "45"))
  })

  it("V-B6: retail MAC", () => {
    const mac = (text: string, pad: typeof pad80): string => toHex(retailMac(hex(CLASSIC), pad(ascii(text), 8)))
    expect(mac("Now is the time for all ", padZero)).toBe("A1C72E74EA3FA9B6")
    expect(mac("Now is the time for it", padZero)).toBe("2E2B1428CC78254F")
    expect(mac("Now is the time for it", pad80)).toBe("5A692CE64F404145")
  })

  it("V-B7: retail MAC over text", () => {
    const text = "SYNTHETIC-HOST|00000000000000~0000000000000000000000|20240111|20250101|8191|0"
    expect(text).toHaveLength(77)
    const key = hex("000102030405060708090A0B0C0D0E0F")
    expect(toHex(retailMac(key, pad80(ascii(text), 8)))).toBe("AB31B62E68078DE2")
  })

  it("V-B9: factor of a 19-digit PAN", () => {
    expect(toHex(udkOptionA("3des", hex(CLASSIC), "6228480000000000008", "00"))).toBe(
      "1E3603F8AEDF16A1FA74319BDAD56839",
    )
  })
})

/** DES keys of the EMV tables are shown with odd parity, which no result depends on. */
function oddParity(key: Uint8Array): Uint8Array {
  return key.map((byte) => {
    let ones = 0
    for (let bit = 1; bit < 8; bit++) ones += (byte >> bit) & 1
    return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0)
  })
}

it("derives no key from a PAN or sequence number that is none, and does not tell it", () => {
  const imk = hex(CLASSIC)
  expect(() => udkOptionA("3des", imk, "62170000000000000A6", "01")).toThrow(/^pan: expected 8 to 19 digits$/)
  expect(() => udkOptionB("3des", imk, "6217000000000000046", "1")).toThrow(/^psn: expected 2 digits$/)
})
