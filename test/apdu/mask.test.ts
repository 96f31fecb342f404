import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  bcdLeft,
  commandApdu,
  concat,
  encodeText,
  encodeTlv,
  hex,
  maskBytes,
  maskCardNumber,
  maskCommand,
  maskId,
  maskName,
  maskPan,
  maskPhone,
  maskResponse,
  maskText,
  maskTrack2,
  secretsOfCommand,
  toHex,
} from "../../src/apdu/index.js"

const PAN = "6217000000000000046"
const MASKED_PAN = "621700*********0046"
const ID = "11010519491231002X"
const MASKED_ID = "110105********002X"
const ascii = (text: string): Uint8Array => encodeText(text, undefined, { encoding: "ascii" })

describe("masking numbers and names", () => {
  it.each([
    [maskPan, PAN, MASKED_PAN],
    [maskPan, "1234567890", "**********"],
    [maskId, ID, MASKED_ID],
    [maskId, "", ""],
    [maskCardNumber, "X00000019", "X0*****19"],
    [maskPhone, "13000000001", "130****0001"],
    [maskPhone, "1234567", "*******"],
    [maskName, "张三", "*三"],
    [maskName, "欧阳小明", "***明"],
    [maskName, "王𠮷", "*𠮷"],
    [maskName, "张", "*"],
    [maskTrack2, `${PAN}=35122200000`, `${MASKED_PAN}=***********`],
    [maskTrack2, `${PAN}D3512220`, `${MASKED_PAN}D*******`],
    [maskTrack2, PAN, MASKED_PAN],
  ])("%o of %s is %s", (mask, text, expected) => {
    expect(mask(text)).toBe(expected)
  })
})

describe("masking text", () => {
  it.each([
    [`卡号${PAN}被拒绝`, `卡号${MASKED_PAN}被拒绝`],
    [`card ${PAN}.`, `card ${MASKED_PAN}.`],
    [`身份证${ID}`, `身份证${MASKED_ID}`],
    [`身份证${ID.toLowerCase()}`, `身份证${MASKED_ID.toLowerCase()}`],
    ["id=999999199001010016,", "id=999999********0016,"],
    [`ID${ID}`, `ID${MASKED_ID}`],
    [`35=${PAN}=35122200000000000041`, `35=${MASKED_PAN}=********************`],
    [`57 ${PAN}D35122200000000000041F`, `57 ${MASKED_PAN}D********************F`],
    [`{"pan":"${PAN}"}`, `{"pan":"${MASKED_PAN}"}`],
    ["1234567890123", "123456***0123"],
  ])("%s", (text, expected) => {
    expect(maskText(text)).toBe(expected)
  })

  it.each([
    "balance 000000050000",
    "at 20240315101530",
    "AID A000000333010101",
    "AC E64152248DEBA488",
    "terminal ATM00001, sequence 000123, 2026-11-23T15:43:10.123Z",
    "500.00",
  ])("leaves %s", (text) => {
    expect(maskText(text)).toBe(text)
  })

  it("takes 14 digits that are no time for a PAN", () => {
    expect(maskText("20241315101530")).toBe("202413****1530")
  })

  it("never shows a PAN or an identity number, wherever they stand", () => {
    const digit = fc.constantFrom(..."0123456789")
    const around = fc.string({ unit: fc.constantFrom(..." ,.:;=/\"'()卡号pin#-"), maxLength: 8 })
    const pan = fc.string({ unit: digit, minLength: 15, maxLength: 19 })
    const id = fc
      .tuple(fc.string({ unit: digit, minLength: 17, maxLength: 17 }), fc.constantFrom("0", "7", "X", "x"))
      .map(([a, b]) => a + b)
    fc.assert(
      fc.property(around, fc.oneof(pan, id), around, (before, number, after) => {
        expect(maskText(before + number + after)).toBe(before + maskPan(number) + after)
      }),
    )
  })
})

describe("masking commands", () => {
  it.each([
    ["VERIFY", "0020000003123456", "0020000003******"],
    ["VERIFY on another class", "0C20008108 2612 34FF FFFFFFFF", "0C20008108****************"],
    ["CHANGE PIN", "805E010007123456FF654321", "805E010007**************"],
    ["RELOAD PIN", "805E000007654321AABBCCDD", "805E000007**************"],
    ["PIN RELOAD", "842400010CD3C829A7803F2F92F6CDF497", "842400010C************************"],
    ["WRITE KEY with Le", `84D4000A24${"AB".repeat(36)}00`, `84D4000A24${"**".repeat(36)}00`],
    ["WRITE KEY, extended", `84D4000A000024${"AB".repeat(36)}`, `84D4000A000024${"**".repeat(36)}`],
    ["PIN digest", "80C4010305C10312345600", "80C4010305**********00"],
    ["write private key", "80C2C00103CB20AA", "80C2C00103******"],
    ["SAM encrypts a PIN block", "80FA0000080312345680000000", `80FA000008${"**".repeat(8)}`],
  ])("%s", (_, command, expected) => {
    expect(maskCommand(hex(command))).toBe(expected)
  })

  it.each([
    ["an empty VERIFY", "00200000", "00200000"],
    ["VERIFY with Lc 00 before the PIN", "0020000000123456", "00200000********"],
    ["VERIFY with Lc 00 before half a PIN", "00200000001234", "00200000******"],
    ["VERIFY without Lc", "00200000123456", "00200000******"],
    ["VERIFY with a byte too many", "002000000312345600FF", "00200000************"],
    ["VERIFY with a byte too few", "00200000031234", "00200000******"],
    ["a header cut short", "0020", "0020"],
  ])("hides the PIN in %s", (_, command, expected) => {
    expect(maskCommand(hex(command))).toBe(expected)
  })

  it.each([
    ["SELECT", "00A4040008A000000333010101"],
    ["EXTERNAL AUTHENTICATE", "0082000A1028984386021122330102030405060708"],
    ["GENERATE AC", "80AE80000411223344" + "00"],
    ["medical DEBIT", "B02400000F0000000C202403151015304D47ACEE"],
    ["medical PROVE", "B02C003502000C"],
    ["SAM MAC", "80FA050010" + "0000000000000000" + "8424000004800000"],
    ["public key", "80C2400003CA40AA"],
    ["an extended READ BINARY", "00B00000000100"],
  ])("shows %s", (_, command) => {
    expect(maskCommand(hex(command))).toBe(command)
    expect(secretsOfCommand(hex(command))).toBeUndefined()
  })

  it("masks the number in a written record, with its MAC and without", () => {
    const record = concat(0x08, 0x12, ascii(ID))
    const masked = `0812${toHex(ascii("110105"))}${"**".repeat(8)}${toHex(ascii("002X"))}`
    expect(maskCommand(commandApdu(0, 0xdc, 1, 4, record))).toBe(`00DC010414${masked}`)
    expect(maskCommand(commandApdu(4, 0xdc, 1, 4, concat(record, hex("11223344"))))).toBe(`04DC010418${masked}11223344`)
  })

  it("never shows a PIN digit of VERIFY, whatever the lengths say", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 12 }), fc.constantFrom(0, 4, 0x80), (rest, cla) => {
        const shown = maskCommand(concat(cla, 0x20, 0, 0, rest))
        const wellFormed = rest[0] === rest.length - 1 || rest[0] === rest.length - 2
        expect(shown.slice(wellFormed ? 10 : 8, 8 + 2 * rest.length - 2)).toMatch(/^\**$/)
        expect(shown).toHaveLength(2 * (4 + rest.length))
      }),
    )
  })
})

describe("masking responses", () => {
  it("masks PAN, track 2 and names in an EMV record", () => {
    const record = encodeTlv(0x70, [
      encodeTlv(0x57, hex(`${PAN}D35122200000000000041`.padEnd(42, "F").slice(0, 40))),
      encodeTlv(0x5a, bcdLeft(PAN, 10)),
      encodeTlv(0x5f34, hex("01")),
      encodeTlv(0x5f20, ascii("CESHI/YIHAO")),
      encodeTlv(0x9f61, ascii("999999199001010016")),
    ])
    const track = `${MASKED_PAN}D${"*".repeat(20)}`
    const number = "**".repeat(18)
    expect(maskResponse(concat(record, 0x90, 0x00))).toBe(
      `70${toHex(record.subarray(1, 2))}5714${track}5A0A${MASKED_PAN}F5F3401015F200B${"**".repeat(11)}9F6112${number}9000`,
    )
  })

  it("goes on masking in an answer that is cut short", () => {
    expect(maskResponse(hex("70815A5A0A62170000000000009000"))).toBe("70815A5A0A****************9000")
    expect(maskResponse(hex("70205F20 1A434553484961FF"))).toBe("70205F201A**********61FF")
  })

  it("masks social security records", () => {
    expect(maskResponse(concat(0x08, 0x12, ascii(ID), 0x90, 0))).toBe(
      `0812${toHex(ascii("110105"))}${"**".repeat(8)}${toHex(ascii("002X"))}9000`,
    )
    expect(maskResponse(concat(0x09, 0x1e, encodeText("张三", 30), 0x90, 0))).toBe(`091E${"**".repeat(30)}9000`)
    expect(maskResponse(hex("0A01319000"))).toBe("0A01319000")
  })

  it("leaves social security records whose tag is another's in EMV", () => {
    expect(maskResponse(hex("5A04202401019000"))).toBe("5A04202401019000")
    expect(maskResponse(hex("5702010A9000"))).toBe("5702010A9000")
  })

  it("masks numbers in ASCII anywhere in a file, but no times", () => {
    expect(maskBytes(concat(1, 2, 3, ascii(PAN), 4))).toBe(
      `010203${toHex(ascii("621700"))}${"**".repeat(9)}${toHex(ascii("0046"))}04`,
    )
    expect(maskBytes(ascii(ID))).toBe(toHex(ascii("110105")) + "**".repeat(8) + toHex(ascii("002X")))
    expect(maskBytes(ascii("20240315101530"))).toBe(toHex(ascii("20240315101530")))
    expect(maskBytes(ascii("123456789012"))).toBe(toHex(ascii("123456789012")))
  })

  it("hides the answer that is a PIN key", () => {
    const digest = hex("3DE741F445DD357B9000")
    expect(maskResponse(digest, hex("80C4010305C10312345600"))).toBe(`${"**".repeat(8)}9000`)
    expect(maskResponse(digest, hex("0084000008"))).toBe("3DE741F445DD357B9000")
  })

  it("shows a status word alone and less than that", () => {
    expect(maskResponse(hex("63C2"))).toBe("63C2")
    expect(maskResponse(hex("90"))).toBe("90")
  })

  it("never throws and never changes the length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(maskCommand(bytes)).toHaveLength(2 * bytes.length)
        expect(maskResponse(bytes)).toHaveLength(2 * bytes.length)
      }),
    )
  })
})
