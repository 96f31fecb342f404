import { describe, expect, it } from "vitest"
import type { CardKeyService } from "../../src/dictionary/index.js"
import { testKeyService } from "../../src/terminal/index.js"
import {
  backOffice,
  CARD_ID,
  CARD_NUMBER,
  cardIdOf,
  keysWithout,
  PIN,
  stage,
  testCard,
  VERSION_1,
  VERSION_2,
  VERSION_3,
  VERSION_3_DES,
} from "./support.js"

const ANY = "||"
const PIN_AUTH = 1
const KEY_AUTH = 2
const HOLDER = "3F00EF06|08|09|4E|0A|0B|0C|0D|$"
const HOLDER_OUT = "999999199001010016|测试一号||1|01|320800|19900101|$"
const PUBLIC = "DF01EF05|20|21|0E|$"
const PUBLIC_OUT = "10|江苏省淮安市测试区示例路1号|320800|$"

describe("iReadCard (driver-api §3, §4)", () => {
  it.each([VERSION_2, VERSION_3, VERSION_3_DES])(
    "reads files of the environment and of a DF with keys, on a card $specVersion with $algorithm",
    async (generation) => {
      const { driver, keypad } = stage(testCard(generation))
      const cardInfo = `${cardIdOf(generation)}|${CARD_NUMBER}|`
      expect(await driver.iReadCard(1, KEY_AUTH, cardInfo, HOLDER + PUBLIC)).toEqual({
        code: 0,
        out: HOLDER_OUT + PUBLIC_OUT,
      })
      expect(keypad.questions).toEqual([])
    },
  )

  it("knows the files of version 1.00, where the same tag may be another field (card-structure §13)", async () => {
    const { driver } = stage(testCard(VERSION_1), [PIN, PIN])
    const read = (fileAddr: string) => driver.iReadCard(1, KEY_AUTH, ANY, fileAddr)
    expect(await read("SSSEEF06|08|09|$DF01EF06|28|$DF01EF08|2B|$")).toEqual({
      code: 0,
      out: "999999199001010016|测试一号|$13000000001|$1|$",
    })
    expect(await read("SSSEEF06|4E|$")).toMatchObject({ code: -27267 })
    expect(await read("SSSEEF08|00|$")).toMatchObject({ code: -27266 })
    // An organisation's text in 2.00, an amount in 1.00.
    expect(await driver.iWriteCard(1, ANY, "DF03EF07|6D|$", "12.5|$")).toEqual({ code: 0, out: "" })
    expect(await read("DF03EF07|6D|$")).toEqual({ code: 0, out: "12.50|$" })
  })

  it("gives the values in the order asked, and files as often as asked", async () => {
    const { driver } = stage()
    expect(await driver.iReadCard(1, KEY_AUTH, ANY, "SSSEEF06|0A|09|$DF01EF08|2B|$MFEF06|09|0A|$")).toEqual({
      code: 0,
      out: "1|测试一号|$1|$测试一号|1|$",
    })
  })

  it("asks for the PIN once where the caller chose it", async () => {
    const { driver, keypad } = stage(testCard(), [PIN], {})
    expect(await driver.iReadCard(1, PIN_AUTH, ANY, `${PUBLIC}DF03EF07|6C|$`)).toEqual({
      code: 0,
      out: `${PUBLIC_OUT}20120701|$`,
    })
    expect(keypad.questions).toEqual([{ purpose: "current", triesLeft: 6 }])
  })

  it("asks for both where a file wants both", async () => {
    const { driver, keypad } = stage(testCard(), [PIN])
    expect(await driver.iReadCard(1, KEY_AUTH, ANY, "DF04EF06|90|92|93|$")).toEqual({ code: 0, out: "|0.00||$" })
    expect(keypad.questions).toHaveLength(1)
  })

  it("asks for the PIN where only that opens a file, and for a key where only that does", async () => {
    const transactions = stage(testCard(), [PIN])
    expect(await transactions.driver.iReadCard(1, KEY_AUTH, ANY, "DF04EF08:01$")).toEqual({
      code: -27267,
      out: "未找到记录",
    })
    expect(transactions.keypad.questions).toHaveLength(1)
    const photo = stage(testCard())
    expect(await photo.driver.iReadCard(1, PIN_AUTH, ANY, "SSSEEF07|01|$")).toEqual({ code: 0, out: "|$" })
    expect(photo.keypad.questions).toEqual([])
  })

  it("reads free files without keys and PIN", async () => {
    const { driver } = stage(testCard(), [], {})
    expect(await driver.iReadCard(1, KEY_AUTH, ANY, `${HOLDER}DF01EF16|00|$`)).toEqual({
      code: 0,
      out: `${HOLDER_OUT}|$`,
    })
    expect(await driver.iReadCard(1, KEY_AUTH, ANY, PUBLIC)).toEqual({ code: -2201, out: "无PSAM卡" })
  })

  it("answers what the PSAM cannot do", async () => {
    const read = (keys: CardKeyService) => stage(testCard(), [], { keys }).driver.iReadCard(1, KEY_AUTH, ANY, PUBLIC)
    expect(await read(keysWithout(["RK1DF01"], "KEY_UNKNOWN"))).toMatchObject({
      code: -27272,
      out: expect.stringContaining("未找到引用数据、未找到密钥"),
    })
    expect(await read(keysWithout(["RK1DF01"], "KEY_LEVEL"))).toMatchObject({ code: -24 })
    expect(await read(keysWithout(["RK1DF01"], "ALGORITHM_NOT_SUPPORTED"))).toMatchObject({ code: -2202 })
  })

  it.each([
    ["a file that the card does not have", "SSSEEF0D|EA|$", -27266],
    ["a DF that the card does not have", "DF09EF05|01|$", -27266],
    ["a tag that the file does not have", "SSSEEF05|08|$", -27267],
    ["an occurrence that the file does not have", "DF01EF15|40:04|$", -27267],
    ["a tag in a transparent file", "SSSEEF08|02|$", -27267],
    ["a record number in a file of tags", "SSSEEF05:01$", -14],
    ["a tag in a cyclic file", "DF02EF07|40|$", -14],
    ["record 00 of a cyclic file", "DF02EF07:00$", -14],
    ["a syntax error", "SSSEEF05|01|", -14],
  ])("refuses %s", async (_, fileAddr, code) => {
    const { driver } = stage()
    expect(await driver.iReadCard(1, KEY_AUTH, ANY, fileAddr)).toMatchObject({ code })
  })

  it("refuses an iAuthType that does not exist (-14)", async () => {
    expect(await stage().driver.iReadCard(1, 3, ANY, HOLDER)).toMatchObject({ code: -14 })
  })

  it("gives a photo of 4,096 bytes", async () => {
    const { driver } = stage()
    expect(await driver.iWriteCard(1, ANY, "SSSEEF08|00|$", `FFD8${"AB".repeat(0xffe)}|$`)).toEqual({
      code: 0,
      out: "",
    })
    const { code, out } = await driver.iReadCard(1, KEY_AUTH, ANY, "SSSEEF08|01|$")
    expect([code, out.length, out.slice(0, 6), out.slice(-3)]).toEqual([0, 0x2000 + 2, "FFD8AB", "B|$"])
  })
})

describe("cardInfo is compared before anything is read (driver-api §3.1)", () => {
  const other = `${CARD_ID.slice(0, -1)}0`

  it.each([
    ["another identification code", `${other}||`, -22],
    ["another number", "|SB0000020|", -22],
    ["a malformed code", "12|SB0000012|", -20],
  ])("%s", async (_, cardInfo, code) => {
    const { driver } = stage()
    expect(await driver.iReadCard(1, KEY_AUTH, cardInfo, HOLDER)).toMatchObject({ code })
    expect(await driver.iWriteCard(1, cardInfo, "SSSEEF06|0A|$", "2|$")).toMatchObject({ code })
    expect(await driver.iReloadPIN(1, cardInfo)).toMatchObject({ code })
    expect(await driver.iReadCard_HSM_Step1(1, cardInfo, PUBLIC)).toMatchObject({ code })
  })

  it("opens the number of a 3.00 card with RKssse", async () => {
    const { driver } = stage(testCard(VERSION_3))
    expect(await driver.iReadCard(1, KEY_AUTH, "|SB0000020|", "SSSEEF05|01|$")).toMatchObject({ code: -22 })
    expect(await driver.iReadCard(1, KEY_AUTH, "|SB0000012|", "SSSEEF05|03|$")).toEqual({ code: 0, out: "3.00|$" })
  })

  it("compares the code alone where a 3.00 card does not give its number", async () => {
    const { driver } = stage(testCard(VERSION_3), [], {})
    expect(await driver.iReadCard(1, KEY_AUTH, "|SB0000020|", "SSSEEF05|03|$")).toEqual({ code: 0, out: "3.00|$" })
  })
})

describe("iWriteCard (driver-api §3.3)", () => {
  it.each([VERSION_2, VERSION_3, VERSION_3_DES])(
    "writes items of all types under their keys, on a card $specVersion with $algorithm",
    async (generation) => {
      const { driver } = stage(testCard(generation), [PIN])
      const fileAddr = "DF01EF15|40:01|40:03|2A|$DF04EF06|92|$SSSEEF06|09|$"
      const writeData = "011,202406,大学|012^202506^学院,分院|10|$12.125|$测试十号|$"
      expect(await driver.iWriteCard(1, ANY, fileAddr, writeData)).toEqual({ code: 0, out: "" })
      expect(await driver.iReadCard(1, KEY_AUTH, ANY, fileAddr)).toEqual({
        code: 0,
        out: "011,202406,大学|012^202506^学院,分院|10|$12.13|$测试十号|$",
      })
    },
  )

  it("appends to cyclic files: the newest is record 01", async () => {
    const { driver } = stage(testCard(), [], { keys: testKeyService() })
    for (const employer of ["甲公司", "乙公司"])
      expect(await driver.iWriteCard(1, ANY, "DF02EF07:00$", `2020101,20200101,20210101,${employer}$`)).toMatchObject({
        code: 0,
      })
    expect(await driver.iReadCard(1, KEY_AUTH, ANY, "DF02EF07:01$DF02EF07:02$")).toEqual({
      code: 0,
      out: "2020101,20200101,20210101,乙公司|$2020101,20200101,20210101,甲公司|$",
    })
    expect(await driver.iWriteCard(1, ANY, "DF02EF07:01$", "a,20200101,20210101,b$")).toMatchObject({ code: -14 })
  })

  it("blanks an item with an empty value", async () => {
    const { driver } = stage()
    expect(await driver.iWriteCard(1, ANY, "DF01EF06|28|$", "|$")).toMatchObject({ code: 0 })
    expect(await driver.iReadCard(1, KEY_AUTH, ANY, "DF01EF06|28|$")).toEqual({ code: 0, out: "|$" })
  })

  it.each([
    ["another number of values", "SSSEEF06|0A|$", "1|2|$", -23],
    ["a value that is too long", "SSSEEF06|0A|$", "12|$", -23],
    ["a character that does not fit", "SSSEEF06|0D|$", "1990-1-1|$", -41],
    ["bytes of another number", "SSSEEF05|01|$", "AABB|$", -42],
  ])("refuses %s and writes nothing", async (_, fileAddr, writeData, code) => {
    const { driver, card } = stage()
    const before = card.memory.pages.snapshot()
    expect(await driver.iWriteCard(1, ANY, `SSSEEF06|0A|$${fileAddr}`, `2|$${writeData}`)).toMatchObject({ code })
    expect(card.memory.pages.snapshot()).toEqual(before)
  })

  it("refuses what only the card writes", async () => {
    const { driver } = stage()
    expect(await driver.iWriteCard(1, ANY, "DF04EF08:00$", "x$")).toEqual({
      code: -27010,
      out: "不满足安全条件,该文件不允许写数据",
    })
  })
})

describe("HSM steps of iReadCard and iWriteCard (card-commands §14.4)", () => {
  it.each([VERSION_2, VERSION_3, VERSION_3_DES])(
    "read with one key, on a card $specVersion with $algorithm",
    async (generation) => {
      const { driver } = stage(testCard(generation), [], {})
      const cardInfo = `${cardIdOf(generation)}|${CARD_NUMBER}|`
      const first = await driver.iReadCard_HSM_Step1(1, cardInfo, PUBLIC)
      const alg = generation.algorithm === "sm4" ? "03" : "01"
      expect(first).toEqual({
        code: 0,
        out: expect.stringMatching(new RegExp(`^${alg}\\|004F\\|([0-9A-F]{16}\\|){2}$`)),
      })
      const key = await backOffice().authenticate(first.out)
      expect(key).toMatch(/^[0-9A-F]{32}$/)
      expect(await driver.iReadCard_HSM_Step2(key)).toEqual({ code: 0, out: PUBLIC_OUT })
    },
  )

  it("name the key that the first file wants", async () => {
    const step = async (fileAddr: string, version: object = VERSION_2) =>
      (await stage(testCard(version)).driver.iReadCard_HSM_Step1(1, ANY, fileAddr)).out.split("|")[1]
    expect(await step("DF04EF05|81|$")).toBe("0182")
    expect(await step("DF03EF05|61|$")).toBe("0196")
    expect(await step(HOLDER, VERSION_3)).toBe("004C")
    expect(await step(`${HOLDER}DF02EF05|42|$`)).toBe("0064")
  })

  it("give the address with the PSAM identifier, where the driver is told to or there is no other", async () => {
    const write = (fileAddr: string, keyAddressWithPsamId: boolean) =>
      stage(testCard(), [], { keyAddressWithPsamId }).driver.iWriteCard_HSM_Step1(1, ANY, fileAddr)
    expect((await write("SSSEEF06|0A|$", true)).out.split("|")[1]).toBe("009412")
    expect((await write("SSSEEF06|0A|$", false)).out.split("|")[1]).toBe("0094")
    expect((await write("DF01EF0A|38|$", false)).out.split("|")[1]).toBe("000044")
  })

  it("read files of other directories as well, in the order asked", async () => {
    const { driver } = stage(testCard(), [], {})
    const { out } = await driver.iReadCard_HSM_Step1(1, ANY, HOLDER + PUBLIC)
    expect(await driver.iReadCard_HSM_Step2(await backOffice().authenticate(out))).toEqual({
      code: 0,
      out: HOLDER_OUT + PUBLIC_OUT,
    })
  })

  it("ask for the PIN where a file wants it too", async () => {
    const { driver, keypad } = stage(testCard(), [PIN], {})
    const { out } = await driver.iReadCard_HSM_Step1(1, ANY, "DF04EF06|92|$")
    expect(await driver.iReadCard_HSM_Step2(await backOffice().authenticate(out))).toEqual({ code: 0, out: "0.00|$" })
    expect(keypad.questions).toHaveLength(1)
  })

  it("answer -2204 where no key is needed", async () => {
    const { driver } = stage()
    expect(await driver.iReadCard_HSM_Step1(1, ANY, HOLDER)).toEqual({ code: -2204, out: "不需要加密机认证" })
    expect(await driver.iReadCard_HSM_Step1(1, ANY, "DF04EF08:01$")).toMatchObject({ code: -2204 })
  })

  it("write with one key", async () => {
    const { driver } = stage(testCard(VERSION_3), [], {})
    const { out } = await driver.iWriteCard_HSM_Step1(1, ANY, "SSSEEF06|09|0A|$")
    expect(out).toMatch(/^03\|0094\|/)
    const key = await backOffice().authenticate(out)
    expect(await driver.iWriteCard_HSM_Step2(key, "测试十号|2|$")).toEqual({ code: 0, out: "" })
    const reader = stage(testCard(VERSION_3), [], {})
    expect(await reader.driver.iWriteCard_HSM_Step1(1, ANY, "DF04EF08:00$")).toMatchObject({ code: -27010 })
  })

  it("refuse values that do not fit in Step 2", async () => {
    const { driver } = stage(testCard(), [], {})
    const { out } = await driver.iWriteCard_HSM_Step1(1, ANY, "SSSEEF06|0A|$")
    expect(await driver.iWriteCard_HSM_Step2(await backOffice().authenticate(out), "12|$")).toMatchObject({ code: -23 })
  })

  it("refuse authentication data of another form or content", async () => {
    const step2 = async (key: string) => {
      const { driver } = stage(testCard(), [], {})
      await driver.iReadCard_HSM_Step1(1, ANY, PUBLIC)
      return driver.iReadCard_HSM_Step2(key)
    }
    expect(await step2("0".repeat(30))).toMatchObject({ code: -42 })
    expect(await step2("Z".repeat(32))).toMatchObject({ code: -41 })
    expect(await step2("0".repeat(32))).toEqual({ code: -25538, out: "外部认证失败,剩余2次" })
  })
})
