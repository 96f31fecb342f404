import { describe, expect, it } from "vitest"
import * as dictionary from "../../../src/dictionary/index.js"
import {
  type CodeList,
  describeCode,
  documentCodes,
  educationCodes,
  emvDocumentCodes,
  findCode,
  INSURED_KINDS,
  maritalCodes,
  mohrssInsuranceCodes,
  nationCodes,
  nationLetters,
  nhsaInsuranceCodes,
  personTypeCodes,
  regionCodes,
  sexCodes,
} from "../../../src/dictionary/index.js"

const lists = Object.values(dictionary).filter(
  (value): value is CodeList => typeof value === "object" && value !== null && "entries" in value && "id" in value,
)

describe("every code list", () => {
  it("has a name of its own, and texts in both languages", () => {
    expect(lists.length).toBeGreaterThanOrEqual(30)
    expect(new Set(lists.map((list) => list.id)).size).toBe(lists.length)
    for (const list of lists)
      for (const [code, { zh, en }] of [...list.entries, ["name", list.name] as const]) {
        expect(zh, `${list.id} ${code}`).toMatch(/\S/)
        expect(en, `${list.id} ${code}`).toMatch(/^[ -~]+$/)
      }
  })

  it("shows a code that it does not know as it is (card-structure §18.6)", () => {
    for (const list of lists) expect(describeCode(list, "??", "zh")).toBe("??")
  })
})

describe("persons", () => {
  it("has 56 ethnic groups with two letters each, and other and naturalised under both numbers", () => {
    expect(nationLetters.size).toBe(56)
    expect(new Set(nationLetters.values()).size).toBe(56)
    expect(nationCodes.entries.size).toBe(60)
    for (let i = 1; i <= 58; i++) expect(findCode(nationCodes, String(i).padStart(2, "0"))).toBeDefined()
    expect(describeCode(nationCodes, "57", "en")).toBe(describeCode(nationCodes, "97", "en"))
    expect(describeCode(nationCodes, "58", "zh")).toBe(describeCode(nationCodes, "98", "zh"))
    expect([nationLetters.get("01"), nationLetters.get("21"), nationLetters.get("56")]).toEqual(["HA", "VA", "JN"])
  })

  it.each([
    [sexCodes, "1", "男", "male"],
    [sexCodes, "9", "未说明", "unspecified"],
    [nationCodes, "11", "满", "Manchu"],
    [maritalCodes, "2", "已婚", "married"],
    [maritalCodes, "22", "再婚", "remarried"],
    [educationCodes, "21", "大学本科毕业", "bachelor's degree"],
    [educationCodes, "42", "中等职业教育", "vocational secondary"],
    [personTypeCodes, "1103", "灵活就业人员", "flexibly employed"],
    [personTypeCodes, "1199", "在职", "employed"],
  ])("%o %s", (list, code, zh, en) => {
    expect(describeCode(list, code, "zh")).toBe(zh)
    expect(describeCode(list, code, "en")).toBe(en)
  })
})

describe("regions (GB/T 2260)", () => {
  it("has the 34 provinces", () => {
    const provinces = [...regionCodes.entries.keys()].filter((code) => code.endsWith("0000") && !/^(00|99)/.test(code))
    expect(provinces).toHaveLength(34)
  })

  it.each([
    ["320800", "江苏"],
    ["440305", "深圳南山"],
    ["440399", "深圳"],
    ["410199", "郑州"],
    ["659001", "新疆"],
    ["990100", "测试地区"],
  ])("%s is in %s", (code, zh) => {
    expect(describeCode(regionCodes, code, "zh")).toBe(zh)
  })

  it.each(["160000", "3208", "32080X"])("%s is nowhere", (code) => {
    expect(findCode(regionCodes, code)).toBeUndefined()
  })
})

describe("numbers that mean different things to different bodies", () => {
  it("410 is work injury to the labour ministry and long-term care to the medical platform", () => {
    expect(describeCode(mohrssInsuranceCodes, "410", "zh")).toBe("工伤保险")
    expect(describeCode(nhsaInsuranceCodes, "410", "zh")).toBe("长期照护保险")
  })

  it("02 is an officer's card to the bureau and a passport to the bank card", () => {
    expect(describeCode(documentCodes, "02", "en")).toBe("officer's card")
    expect(describeCode(emvDocumentCodes, "02", "en")).toBe("passport")
  })

  it("an employer's kinds of insurance are ten", () => {
    expect(INSURED_KINDS).toHaveLength(10)
  })
})
