import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { concat, hex, InputError, toHex } from "../../../src/apdu/index.js"
import {
  decodeField,
  decodeFixedRecord,
  describeFieldBytes,
  describeFieldValue,
  emptyField,
  encodeField,
  encodeFixedRecord,
  encodeRecord,
  type FieldDefinition,
  type FieldValue,
  type FixedFile,
  fieldsOf,
  findField,
  findFile,
  joinHolderName,
  socialSecurityTables,
  splitHolderName,
  splitRecord,
} from "../../../src/dictionary/index.js"

const tables = socialSecurityTables("2.00")
const field = (id: string, directory?: string): FieldDefinition => findField(tables, id, directory)!.field
const fixedFile = (directory: string, fid: number) => findFile(tables, directory, fid) as FixedFile
const allFields = tables.flatMap((directory) => directory.files.flatMap((file) => [...fieldsOf(file)]))

describe("coding of values (card-structure §1.1)", () => {
  it.each<[id: string, value: FieldValue, bytes: string]>([
    ["cardId", "320800D156000005160000018F385B8F", "320800D156000005160000018F385B8F"],
    ["cardClass", "1", "31"],
    ["specVersion", "2.00", "322E3030"],
    ["initialisingBody", "91320800", "91320800FFFFFFFFFFFFFFFF"],
    ["issueDate", "20250101", "20250101"],
    ["cardNumber", "S00000012", "533030303030303132"],
    ["socialSecurityNumber", "999999199001010016", "393939393939313939303031303130303136"],
    ["name", "张三", `D5C5C8FD${"00".repeat(26)}`],
    ["nation", "01", "01"],
    ["birthPlace", "320800", "320800"],
    ["birthDate", "19900101", "19900101"],
    ["phone", "13800000000", "31333830303030303030300000000000".slice(0, 30)],
    ["offlineAmount", 1212, "000004BC"],
    ["offlineAmount", 0, "00000000"],
  ])("%s = %j", (id, value, bytes) => {
    const coded = encodeField(field(id), value)
    expect(toHex(coded)).toBe(bytes)
    expect(decodeField(field(id), coded)).toBe(value)
  })

  it.each([
    ["12.12", 1212],
    ["12.123", 1212],
    ["12.125", 1213],
    ["12.1", 1210],
    ["12", 1200],
    ["0.005", 1],
    ["1.005", 101],
  ])("money text %s rounds half up to %i fen (§9.5)", (text, fen) => {
    expect(decodeField(field("offlineAmount"), encodeField(field("offlineAmount"), text))).toBe(fen)
  })

  it("a list holds its items by tag and length", () => {
    const schooling = { majorCode: "080", graduationMonth: "201207", school: "测试大学" }
    const bytes = encodeField(field("educationHistory"), schooling)
    expect(toHex(bytes)).toBe(`5703303830 5803201207 5928B2E2CAD4B4F3D1A7${"00".repeat(32)}`.replaceAll(" ", ""))
    expect(decodeField(field("educationHistory"), bytes)).toEqual(schooling)
  })

  it("an item of a list may be missing, and stays missing", () => {
    const bytes = encodeField(field("benefit"), { amount: "1234.56" })
    expect(bytes).toHaveLength(0x27)
    expect(decodeField(field("benefit"), bytes)).toEqual({ amount: 123456 })
  })

  it("a record is tag, length, value", () => {
    const record = encodeRecord(field("sex"), "2")
    expect(toHex(record)).toBe("0A0132")
    expect(splitRecord(record)).toEqual({ tag: 0x0a, value: hex("32") })
    expect(splitRecord(hex("0A0232"))).toBeUndefined()
    expect(splitRecord(hex("0A"))).toBeUndefined()
  })

  it("tags that would be long in BER are plain bytes here (§1.1)", () => {
    const record = encodeRecord(field("assistanceDigits1F"), "000001")
    expect(toHex(record)).toBe("1F03000001")
    expect(splitRecord(record)?.tag).toBe(0x1f)
  })
})

describe("fields that were never written", () => {
  it("AN is 00, CN is FF or 00, a list keeps the tags of its items", () => {
    expect(toHex(emptyField(field("sex")))).toBe("00")
    expect(toHex(emptyField(field("birthDate")))).toBe("FFFFFFFF")
    expect(toHex(emptyField(field("birthDate"), { blankCn: "00" }))).toBe("00000000")
    expect(toHex(emptyField(field("assistance")))).toBe("1003000000" + "1104FFFFFFFF" + "1203FFFFFF")
  })

  it("read as undefined, whatever the issuer filled them with", () => {
    for (const definition of allFields) {
      expect(decodeField(definition, new Uint8Array(definition.length).fill(0xff)), definition.id).toBeUndefined()
      if (definition.type === "DEC" || definition.type === "HEX4" || definition.format === "count") continue
      expect(decodeField(definition, new Uint8Array(definition.length)), definition.id).toBeUndefined()
      expect(decodeField(definition, emptyField(definition)), definition.id).toBeUndefined()
    }
  })

  it("are what an undefined or empty value is written as", () => {
    for (const definition of allFields) {
      expect(toHex(encodeField(definition, undefined))).toBe(toHex(emptyField(definition)))
      expect(encodeField(definition, "")).toHaveLength(definition.length)
    }
  })

  it("spaces alone are no text", () => {
    expect(decodeField(field("cardClass"), hex("20"))).toBeUndefined()
  })
})

describe("what encodeField refuses", () => {
  it.each<[what: string, id: string, value: FieldValue]>([
    ["text that is too long", "sex", "12"],
    ["16 Han characters in a name", "name", "一二三四五六七八九十一二三四五六"],
    ["a character that GBK lacks", "name", "👩"],
    ["letters among digits", "birthDate", "1990010A"],
    ["too many digits", "birthDate", "199001011"],
    ["a number where text belongs", "name", 5],
    ["no hexadecimal", "cardId", "xyz"],
    ["too many bytes", "cardId", "00".repeat(17)],
    ["money below zero", "offlineAmount", -1],
    ["half a fen", "offlineAmount", 0.5],
    ["money above four bytes", "offlineAmount", 2 ** 32],
    ["no amount", "offlineAmount", "1e3"],
    ["text for a list", "benefit", "100"],
    ["an item that a list lacks", "benefit", { sum: 1 }],
  ])("%s", (_, id, value) => {
    expect(() => encodeField(field(id), value, { path: "holder" })).toThrow(InputError)
    expect(() => encodeField(field(id), value, { path: "holder" })).toThrow(new RegExp(`^holder\\.${id}(\\.\\w+)?: `))
  })

  it("names the item inside a list", () => {
    expect(() => encodeField(field("educationHistory"), { graduationMonth: "2012-07" }, { path: "DF01" })).toThrow(
      expect.objectContaining({ field: "DF01.educationHistory.graduationMonth" }),
    )
  })
})

describe("what decodeField refuses", () => {
  it("nibbles that are no digits", () => {
    expect(() => decodeField(field("birthDate"), hex("19A00101"))).toThrow(InputError)
  })

  it("a list that ends inside an item", () => {
    expect(() => decodeField(field("assistance"), hex("1003303031110420"))).toThrow(InputError)
    expect(() => decodeField(field("assistance"), hex("10"))).toThrow(InputError)
  })

  it("but not a list with unknown items or padding behind", () => {
    expect(decodeField(field("assistance"), hex("AA0155 1003303031 0000"))).toEqual({ code10: "001" })
  })
})

describe("every field", () => {
  it("gives back what was written into it", () => {
    const text = fc.stringMatching(/^[0-9A-Z]*$/)
    for (const definition of allFields.filter((candidate) => !candidate.items)) {
      const value =
        definition.type === "AN"
          ? text.map((characters) => characters.slice(0, definition.length))
          : definition.type === "CN"
            ? fc.stringMatching(/^[1-9][0-9]{0,3}$/).map((digits) => digits.slice(0, 2 * definition.length))
            : definition.format === "count" || definition.type !== "B"
              ? fc.nat(256 ** Math.min(definition.length, 3) - 1)
              : fc.constant("A5".repeat(definition.length))
      fc.assert(
        fc.property(value, (written) => {
          const bytes = encodeField(definition, written)
          expect(bytes).toHaveLength(definition.length)
          const isEmpty = written === "" || (definition.format === "count" && written === 0xffff)
          expect(decodeField(definition, bytes)).toBe(isEmpty ? undefined : written)
        }),
        { numRuns: 20 },
      )
    }
  })

  it("is shown without an exception, whatever the card sends", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...allFields),
        fc.uint8Array({ maxLength: 120 }),
        fc.boolean(),
        (definition, bytes, masked) => {
          expect(typeof describeFieldBytes(definition, bytes, "zh", { masked })).toBe("string")
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe("records of fixed length", () => {
  // card-commands §10.7, debit of 10.00 and 20.00
  const record = hex("000C 35 320800000001 20240315101530 000003E8 000007D0 000036B0")
  const values = {
    transactionNumber: 12,
    transactionType: "5",
    terminalNumber: "320800000001",
    dateTime: "20240315101530",
    personalAmount: 1000,
    pooledAmount: 2000,
    balanceAfter: 14000,
  }

  it("are read and written field by field", () => {
    expect(decodeFixedRecord(fixedFile("DF04", 0xef08), record)).toEqual(values)
    expect(toHex(encodeFixedRecord(fixedFile("DF04", 0xef08), values))).toBe(toHex(record))
  })

  it("are undefined when nobody wrote them", () => {
    expect(decodeFixedRecord(fixedFile("DF04", 0xef08), new Uint8Array(28))).toBeUndefined()
    expect(decodeFixedRecord(fixedFile("DF04", 0xef08), new Uint8Array(28).fill(0xff))).toBeUndefined()
  })

  it("are refused when short, or with a field that they do not have", () => {
    expect(() => decodeFixedRecord(fixedFile("DF04", 0xef08), record.slice(1))).toThrow(InputError)
    expect(() => encodeFixedRecord(fixedFile("DF02", 0xef07), { salary: "1" })).toThrow(
      expect.objectContaining({ field: "employmentRecord.salary" }),
    )
  })
})

describe("describeFieldValue", () => {
  it.each<[id: string, value: FieldValue | undefined, zh: string, en: string]>([
    ["sex", "1", "男", "male"],
    ["sex", "7", "7", "7"],
    ["nation", "97", "其他", "other"],
    ["birthDate", "19900101", "1990-01-01", "1990-01-01"],
    ["birthPlace", "320800", "320800 江苏", "320800 Jiangsu"],
    ["birthPlace", "440305", "440305 深圳南山", "440305 Nanshan, Shenzhen"],
    ["pensionMonth71", "202501", "2025-01", "2025-01"],
    ["offlineAmount", 1212, "12.12", "12.12"],
    ["transactionNumber", 12, "12", "12"],
    ["dateTime", "20240315101530", "2024-03-15 10:15:30", "2024-03-15 10:15:30"],
    ["transactionType", "5", "消费", "debit"],
    ["name", undefined, "", ""],
    [
      "educationHistory",
      { majorCode: "080", graduationMonth: "201207" },
      "学历/专业代码 080,毕业年月 2012-07",
      "major 080, graduation 2012-07",
    ],
  ])("%s %j is %s, %s", (id, value, zh, en) => {
    expect(describeFieldValue(field(id), value, "zh")).toBe(zh)
    expect(describeFieldValue(field(id), value, "en")).toBe(en)
  })

  it.each([
    ["socialSecurityNumber", "999999199001010016", "999999********0016"],
    ["name", "张三", "*三"],
    ["cardNumber", "S00000012", "S0*****12"],
    ["phone", "13000000001", "130****0001"],
    ["contactPhone", "05170000014", "051****0014"],
  ])("hides %s from traces", (id, value, shown) => {
    expect(describeFieldValue(field(id), value, "en", { masked: true })).toBe(shown)
    expect(describeFieldBytes(field(id), encodeField(field(id), value), "en", { masked: true })).toBe(shown)
  })

  it.each([
    [
      "1001100011",
      "企业养老、失业、基本医疗、工伤、生育",
      "enterprise pension, unemployment, basic medical, work injury, maternity",
    ],
    ["0000000000", "0000000000", "0000000000"],
    ["10011", "10011", "10011"],
  ])("names the kinds of insurance of an employer: %s", (value, zh, en) => {
    const kinds = findField(socialSecurityTables("2.00", { holder: "employer" }), "insuredKinds")!.field
    expect(describeFieldValue(kinds, value, "zh")).toBe(zh)
    expect(describeFieldValue(kinds, value, "en")).toBe(en)
  })

  it("shows bytes that do not decode in hexadecimal", () => {
    expect(describeFieldBytes(field("birthDate"), hex("ABCDEF01"), "en")).toBe("ABCDEF01")
  })
})

describe("long names (§5.2)", () => {
  it("go on in the extension, with no character cut", () => {
    expect(splitHolderName("张三")).toEqual({ name: "张三" })
    expect(splitHolderName("一二三四五六七八九十一二三四五")).toEqual({ name: "一二三四五六七八九十一二三四五" })
    expect(splitHolderName("A一二三四五六七八九十一二三四五")).toEqual({
      name: "A一二三四五六七八九十一二三四",
      nameExtension: "五",
    })
  })

  it("come back whole and fit their fields", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z·一-龥]{1,24}$/), (name) => {
        const parts = splitHolderName(name)
        expect(joinHolderName(parts)).toBe(name)
        const bytes = concat(
          encodeField(field("name"), parts.name),
          encodeField(field("nameExtension"), parts.nameExtension),
        )
        expect(bytes).toHaveLength(50)
      }),
      { numRuns: 200 },
    )
    expect(() => splitHolderName("一".repeat(26))).toThrow(InputError)
  })
})
