import { describe, expect, it } from "vitest"
import { parseCardInfo } from "../../src/driver/card-info.js"
import { parseFileAddress } from "../../src/driver/file-address.js"
import { parsePayInfo } from "../../src/driver/pay-info.js"
import { parseWriteData } from "../../src/driver/write-data.js"
import { CARD_ID, CARD_NUMBER } from "./support.js"

describe("cardInfo (driver-api §3.1)", () => {
  it.each([
    ["both", `${CARD_ID}|${CARD_NUMBER}|`, { cardId: CARD_ID, cardNumber: CARD_NUMBER }],
    ["small letters", `${CARD_ID.toLowerCase()}|sb0000012|`, { cardId: CARD_ID, cardNumber: CARD_NUMBER }],
    ["no last |", `${CARD_ID}|${CARD_NUMBER}`, { cardId: CARD_ID, cardNumber: CARD_NUMBER }],
    ["the code alone", `${CARD_ID}||`, { cardId: CARD_ID, cardNumber: "" }],
    ["the number alone", `|${CARD_NUMBER}|`, { cardId: "", cardNumber: CARD_NUMBER }],
    ["neither: nothing is compared", "||", { cardId: "", cardNumber: "" }],
  ])("%s", (_, text, info) => {
    expect(parseCardInfo(text)).toEqual({ ok: true, info })
  })

  it.each([
    ["nothing", "", -14],
    ["one field", CARD_ID, -14],
    ["three fields", `${CARD_ID}|${CARD_NUMBER}|x|`, -14],
    ["a number of eight characters", `${CARD_ID}|SB000001|`, -14],
    ["a code of 31 digits", `${CARD_ID.slice(1)}|${CARD_NUMBER}|`, -20],
    ["a code with a letter that is no digit", `${CARD_ID.replace("D", "G")}|${CARD_NUMBER}|`, -20],
  ])("is wrong with %s", (_, text, code) => {
    expect(parseCardInfo(text)).toMatchObject({ ok: false, code })
  })
})

describe("writeData (driver-api §3.3)", () => {
  const address = (text: string) => {
    const parsed = parseFileAddress(text)
    if (!parsed.ok) throw new Error(text)
    return parsed.files
  }

  it.each([
    ["values in the order of the items", "SSSEEF06|09|0A|$", "测试持卡人|1|$", [["测试持卡人", "1"]]],
    ["no last |", "SSSEEF06|09|0A|$", "测试持卡人|1$", [["测试持卡人", "1"]]],
    ["the name of the file in front", "SSSEEF06|09|0A|$", "SSSEEF06|测试持卡人|1|$", [["测试持卡人", "1"]]],
    ["that name in small letters", "SSSEEF06|0A|$", "ssseef06|1|$", [["1"]]],
    ["two files", "SSSEEF06|0A|$DF01EF08|2B|$", "1|$2|$", [["1"], ["2"]]],
    ["an empty value", "SSSEEF06|09|0A|$", "|1|$", [["", "1"]]],
    ["an empty value at the end", "SSSEEF06|09|0A|$", "甲||$", [["甲", ""]]],
    ["a record of a cyclic file", "DF02EF07:00$", "A,20200101,20210101,甲$", [["A,20200101,20210101,甲"]]],
    ["a record with |", "DF02EF07:00$", "A^20200101^20210101^甲|$", [["A^20200101^20210101^甲"]]],
  ])("%s", (_, fileAddr, text, values) => {
    expect(parseWriteData(text, address(fileAddr))).toEqual({ ok: true, values })
  })

  it.each([
    ["too few values", "SSSEEF06|09|0A|$", "1|$"],
    ["no value at all", "SSSEEF06|0A|$", "$"],
    ["an empty value without its |", "SSSEEF06|09|0A|$", "甲|$"],
    ["too many values", "SSSEEF06|0A|$", "1|2|3|$"],
    ["a value with |", "SSSEEF06|09|0A|$", "甲|乙|1|$"],
    ["a value with $", "SSSEEF06|09|0A|$", "甲$乙|1|$"],
    ["too few files", "SSSEEF06|0A|$DF01EF08|2B|$", "1|$"],
    ["no $ at the end", "SSSEEF06|0A|$", "1|"],
    ["nothing", "SSSEEF06|0A|$", ""],
  ])("is wrong with %s (-23)", (_, fileAddr, text) => {
    expect(parseWriteData(text, address(fileAddr))).toMatchObject({ ok: false, code: -23 })
  })
})

describe("payInfo (driver-api §4)", () => {
  it("is two amounts in yuan and a moment", () => {
    expect(parsePayInfo("0.1|0.2|20151118185001|")).toEqual({
      ok: true,
      pay: { personalFen: 10, pooledFen: 20, dateTime: "20151118185001" },
    })
    expect(parsePayInfo("42949672.95|0|20151118185001")).toMatchObject({ pay: { personalFen: 0xffffffff } })
  })

  it.each([
    ["three decimals", "0.123|0.2|20151118185001|", -14],
    ["no amount", "|0.2|20151118185001|", -14],
    ["a sign", "-1|0|20151118185001|", -14],
    ["a date without time", "1|0|20151118|", -14],
    ["two fields", "1|20151118185001|", -14],
    ["an amount beyond four bytes", "42949672.96|0|20151118185001|", -23],
    ["a day that does not exist", "1|0|20150230185001|", -23],
    ["an hour that does not exist", "1|0|20151118245001|", -23],
  ])("is wrong with %s", (_, text, code) => {
    expect(parsePayInfo(text)).toMatchObject({ ok: false, code })
  })
})
