import { describe, expect, it } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import {
  encodeField,
  encodeFixedRecord,
  type FixedFile,
  findField,
  findFile,
  socialSecurityTables,
} from "../../src/dictionary/index.js"
import { inputContent, inputRecord, inputValue } from "../../src/driver/input-values.js"
import { outputRecord, outputValue } from "../../src/driver/output-values.js"

const tables = socialSecurityTables("2.00")
const field = (id: string, directory?: string) => findField(tables, id, directory)!.field
const employment = findFile(tables, "DF02", 0xef07) as FixedFile
const transactions = findFile(tables, "DF04", 0xef08) as FixedFile

describe("output of a field (driver-api §3.4)", () => {
  it.each([
    ["AN without the zeros behind it", "name", `B2E2CAD4B3D6BFA8C8CB${"00".repeat(20)}`, "测试持卡人"],
    ["CN as digits", "birthDate", "19900101", "19900101"],
    ["CN without F", "initialisingBody", "320800000001FFFFFFFFFFFF", "320800000001"],
    ["CN with a letter as it is", "birthPlace", "32A800", "32A800"],
    ["B as hexadecimal digits", "cardId", "320800D156000005160000018F385B8F", "320800D156000005160000018F385B8F"],
    ["money in yuan", "offlineAmount", "000004BD", "12.13"],
    ["no money", "offlineAmount", "00000000", "0.00"],
    ["an AN that nobody has written", "name", "00".repeat(30), ""],
    ["a CN that nobody has written", "birthDate", "FFFFFFFF", ""],
    ["a CN that nobody has written, filled with zeros", "birthDate", "00000000", ""],
    ["an amount that nobody has written", "offlineAmount", "FFFFFFFF", ""],
  ])("%s", (_, id, bytes, text) => {
    expect(outputValue(field(id), hex(bytes))).toBe(text)
  })

  it("has the items of a list between commas", () => {
    const bytes = encodeField(field("educationHistory"), {
      majorCode: "011",
      graduationMonth: "202406",
      school: "大学",
    })
    expect(outputValue(field("educationHistory"), bytes)).toBe("011,202406,大学")
    expect(outputValue(field("educationHistory"), encodeField(field("educationHistory"), undefined))).toBe("")
    const gap = encodeField(field("educationHistory"), { majorCode: "011", school: "大学" })
    expect(outputValue(field("educationHistory"), gap)).toBe("011,,大学")
  })

  it("has ^ between items where one holds a comma", () => {
    const bytes = encodeField(field("educationHistory"), { majorCode: "011", graduationMonth: "202406", school: "A,B" })
    expect(outputValue(field("educationHistory"), bytes)).toBe("011^202406^A,B")
  })

  it("shows what is no list as it is", () => {
    expect(outputValue(field("educationHistory"), hex("5705AA"))).toBe("5705AA")
  })

  it("never looks like two values, whatever the card holds", () => {
    expect(outputValue(field("name"), hex("417C422443"))).toBe("A｜B＄C")
  })

  it("has the fields of a cyclic record between commas", () => {
    const record = encodeFixedRecord(employment, { occupation: "2020101", startDate: "20200101", employer: "甲公司" })
    expect(outputRecord(employment, record)).toBe("2020101,20200101,,甲公司")
    const row = `000C35320800000001${"20240315101530"}000003E8000007D0000036B0`
    expect(outputRecord(transactions, hex(row))).toBe("000C,5,320800000001,20240315101530,10.00,20.00,140.00")
    expect(outputRecord(employment, new Uint8Array(0x55).fill(0xff))).toBe("")
  })
})

describe("input of a field (driver-api §3.3)", () => {
  it.each([
    ["AN in GBK with zeros behind", "name", "测试持卡人", `B2E2CAD4B3D6BFA8C8CB${"00".repeat(20)}`],
    ["CN with F behind", "initialisingBody", "320800", "320800FFFFFFFFFFFFFFFFFF"],
    ["a CN of an odd number of digits", "initialisingBody", "123", "123FFFFFFFFFFFFFFFFFFFFF"],
    ["money x100", "offlineAmount", "12.12", "000004BC"],
    ["money rounded down (card-structure §9.5)", "offlineAmount", "12.123", "000004BC"],
    ["money rounded half up", "offlineAmount", "12.125", "000004BD"],
    ["bytes", "cardId", "320800d156000005160000018f385b8f", "320800D156000005160000018F385B8F"],
    ["an empty AN", "sex", "", "00"],
    ["an empty CN", "birthDate", "", "FFFFFFFF"],
  ])("%s", (_, id, text, bytes) => {
    const written = inputValue(field(id), text)
    expect(written.ok && toHex(written.bytes)).toBe(bytes)
  })

  it.each([
    ["a text that is too long", "sex", "12", -23],
    ["a text of 16 characters in 30 bytes", "name", "测".repeat(16), -23],
    ["digits that are too many", "birthDate", "199001010", -23],
    ["a letter among digits", "birthDate", "1990010A", -41],
    ["a character outside GBK", "name", "𠮷", -41],
    ["a control character", "name", "A\tB", -41],
    ["an amount that is no number", "offlineAmount", "12,5", -41],
    ["an amount that is too large", "offlineAmount", "42949672.96", -23],
    ["bytes that are no digits", "cardId", "G".repeat(32), -41],
    ["half a byte", "cardId", "A".repeat(31), -42],
    ["too few bytes", "cardId", "AA", -42],
    ["too many bytes", "cardId", "AA".repeat(17), -23],
    ["a list of another number of items", "educationHistory", "011,202406", -23],
    ["a list with a wrong item", "educationHistory", "011,2024-6,大学", -41],
  ])("refuses %s", (_, id, text, code) => {
    expect(inputValue(field(id), text)).toMatchObject({ ok: false, code })
  })

  it.each([
    ["commas", "011,202406,大学"],
    ["^", "011^202406^大学"],
  ])("takes a list with %s", (_, text) => {
    const written = inputValue(field("educationHistory"), text)
    expect(written.ok && outputValue(field("educationHistory"), written.bytes)).toBe("011,202406,大学")
  })

  it("takes a comma in an item for one where ^ parts them", () => {
    const written = inputValue(field("educationHistory"), "011^202406^A,B")
    expect(written.ok && outputValue(field("educationHistory"), written.bytes)).toBe("011^202406^A,B")
  })

  it("writes a cyclic record and reads it back", () => {
    const written = inputRecord(employment, "2020101^20200101^^甲公司")
    expect(written.ok && written.bytes.length).toBe(0x55)
    expect(written.ok && outputRecord(employment, written.bytes)).toBe("2020101,20200101,,甲公司")
    expect(inputRecord(employment, "a,b")).toMatchObject({ code: -23 })
  })

  it("fills a transparent file up with zeros", () => {
    const photo = field("photo")
    const written = inputContent(photo, "FFD8FFE0")
    expect(written.ok && [written.bytes.length, toHex(written.bytes.subarray(0, 5))]).toEqual([0x1000, "FFD8FFE000"])
    expect(inputContent(photo, "00".repeat(0x1001))).toMatchObject({ code: -23 })
    expect(inputContent(photo, "FFD")).toMatchObject({ code: -42 })
    expect(inputContent(photo, "XY")).toMatchObject({ code: -41 })
  })
})
