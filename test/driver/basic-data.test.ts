import { describe, expect, it } from "vitest"
import { keyRefusal } from "../../src/dictionary/index.js"
import { createDriver } from "../../src/driver/index.js"
import { memoryReader, scriptedKeypad, testKeyService, testMedicalKeys } from "../../src/terminal/index.js"
import {
  backOffice,
  CARD_ID,
  CARD_ID_SM4,
  cardIdOf,
  contactlessCard,
  keysWithout,
  stage,
  testCard,
  VERSION_1,
  VERSION_2,
  VERSION_3,
  VERSION_3_DES,
} from "./support.js"

const keys = testKeyService()
const GENERATIONS = [VERSION_1, VERSION_2, VERSION_3, VERSION_3_DES]

const eleven = (cardId: string, version: string, terminal = "000000000000", device = "SHEBAO000001") =>
  `320800|999999199001010016|SB0000012|${cardId}|测试一号|00815431008660110816000001|${version}|20250101|20341231|${terminal}|${device}|`

describe("iReadCardBas (driver-api §5.1)", () => {
  it.each(GENERATIONS)("gives eleven fields of a card $specVersion with $algorithm", async (generation) => {
    const { driver } = stage(testCard(generation))
    const out = eleven(cardIdOf(generation), generation.specVersion)
    expect(await driver.iReadCardBas(1)).toEqual({ code: 0, out })
    expect(await driver.iReadCardBas(3)).toEqual({ code: 0, out })
  })

  it("reads a card of version 2.00 without a PSAM", async () => {
    const { driver } = stage(testCard(), [], {})
    expect(await driver.iReadCardBas(3)).toEqual({ code: 0, out: eleven(CARD_ID, "2.00") })
  })

  it("tells terminal and device", async () => {
    const { driver } = stage(testCard(), [], {
      terminalNumber: async () => "410100813475",
      deviceNumber: "MT170701000006",
    })
    expect(await driver.iReadCardBas(3)).toEqual({
      code: 0,
      out: eleven(CARD_ID, "2.00", "410100813475", "MT170701000006"),
    })
  })

  it("joins a long name", async () => {
    const holder = { name: "测试测试测试测试测试测试测试测", nameExtension: "试一号" }
    const { driver } = stage(testCard({ holder }))
    const { out } = await driver.iReadCardBas(3)
    expect(out.split("|")[4]).toBe("测试测试测试测试测试测试测试测试一号")
  })

  it("answers -2201 for version 3.00 without a PSAM, as iReadCardBas_HSM is there for that", async () => {
    const { driver } = stage(testCard(VERSION_3), [], {})
    expect(await driver.iReadCardBas(3)).toEqual({ code: -2201, out: "无PSAM卡" })
  })

  it("answers -2203 for a PSAM without RKssse, and only where the card wants that key", async () => {
    const poor = keysWithout(["RKssse"])
    expect(await stage(testCard(VERSION_3), [], { keys: poor }).driver.iReadCardBas(3)).toEqual({
      code: -2203,
      out: "PSAM卡内没有RKssse密钥",
    })
    expect(await stage(testCard(VERSION_2), [], { keys: poor }).driver.iReadCardBas(3)).toMatchObject({ code: 0 })
  })

  it("reads without a genuine-card check where the PSAM cannot make one", async () => {
    const { driver } = stage(testCard(VERSION_3), [], { keys: keysWithout(["IRK"]) })
    expect(await driver.iReadCardBas(3)).toMatchObject({ code: 0 })
  })

  it.each([
    ["NO_SAM", -2201],
    ["ALGORITHM_NOT_SUPPORTED", -2202],
    ["KEY_LEVEL", -24],
    ["KEY_SERVICE_UNREACHABLE", -12],
  ] as const)("answers what a PSAM says that is %s: %i", async (refusal, code) => {
    const { driver } = stage(testCard(VERSION_3), [], { keys: keysWithout(["IRK", "RKssse"], refusal) })
    expect(await driver.iReadCardBas(3)).toMatchObject({ code })
  })

  it("answers the status word of a PSAM that refuses", async () => {
    const refusing = { ...keys, externalAuthentication: async () => keyRefusal("KEY_REFUSED", "RKssse", 0x6985) }
    const { driver } = stage(testCard(VERSION_3), [], { keys: refusing })
    expect(await driver.iReadCardBas(3)).toMatchObject({ code: -0x6985 })
  })

  it("answers -21 for a card that does not know its key", async () => {
    const { driver } = stage(
      testCard({ region: "320800", keys: { test: true, values: { IRK: "00112233445566778899AABBCCDDEEFF" } } }),
    )
    expect(await driver.iReadCardBas(3)).toEqual({ code: -21, out: "内部认证失败(用户卡不合法)" })
  })
})

describe("iReadCardBas_HSM_Step1 and Step2 (driver-api §5.2, card-commands §14.3)", () => {
  it.each(GENERATIONS)("read a card $specVersion with $algorithm", async (generation) => {
    const { driver } = stage(testCard(generation), [], {})
    const cardId = cardIdOf(generation)
    const first = await driver.iReadCardBas_HSM_Step1(1)
    const alg = generation.algorithm === "sm4" ? "03" : "01"
    const randoms = generation.specVersion === "3.00" ? "([0-9A-F]{16}\\|){4}" : "([0-9A-F]{16}\\|){2}\\|\\|"
    expect(first.out).toMatch(new RegExp(`^320800\\|00815431008660110816000001\\|${alg}\\|${cardId}\\|${randoms}$`))
    expect(first.code).toBe(0)
    const key = await backOffice().answerBasic(first.out)
    expect(key).toMatch(generation.specVersion === "3.00" ? /^[0-9A-F]{32}\|[0-9A-F]{32}\|$/ : /^[0-9A-F]{32}\|\|$/)
    expect(await driver.iReadCardBas_HSM_Step2(key)).toEqual({ code: 0, out: eleven(cardId, generation.specVersion) })
  })

  it("take the key string of a 2.00 card without its empty second field", async () => {
    const { driver } = stage()
    const { out } = await driver.iReadCardBas_HSM_Step1(1)
    const key = await backOffice().answerBasic(out)
    expect(await driver.iReadCardBas_HSM_Step2(key.slice(0, -1))).toMatchObject({ code: 0 })
  })

  it("answer -21 when the internal result is another", async () => {
    const { driver } = stage()
    await driver.iReadCardBas_HSM_Step1(1)
    expect(await driver.iReadCardBas_HSM_Step2(`${"00".repeat(16)}||`)).toMatchObject({ code: -21 })
  })

  it("answer -25538 when the external data are wrong: the card counts them", async () => {
    const { driver } = stage(testCard(VERSION_3))
    const { out } = await driver.iReadCardBas_HSM_Step1(1)
    const [internal] = (await backOffice().answerBasic(out)).split("|")
    expect(await driver.iReadCardBas_HSM_Step2(`${internal}|${"00".repeat(16)}|`)).toEqual({
      code: -0x63c2,
      out: "外部认证失败,剩余2次",
    })
  })

  it.each([
    ["a digit less", `${"0".repeat(31)}||`, -42],
    ["letters", `${"X".repeat(32)}||`, -41],
    ["external data that nobody wants", `${"0".repeat(32)}|${"0".repeat(32)}|`, -42],
    ["three fields", `${"0".repeat(32)}|||`, -14],
    ["nothing", "", -42],
  ])("refuse a key string with %s", async (_, key, code) => {
    const { driver } = stage()
    await driver.iReadCardBas_HSM_Step1(1)
    expect(await driver.iReadCardBas_HSM_Step2(key)).toMatchObject({ code })
  })
})

describe("the forms in one call", () => {
  it("iReadCardBas_Step1To2 asks the HSM of this process", async () => {
    const { driver } = stage(testCard(VERSION_3), [], { hsm: keys })
    expect(await driver.iReadCardBas_Step1To2(1)).toEqual({ code: 0, out: eleven(CARD_ID_SM4, "3.00") })
    expect(await stage(testCard(VERSION_3)).driver.iReadCardBas_Step1To2(1)).toMatchObject({ code: -13 })
  })

  it("iReadCardBasExt turns to it where the PSAM cannot", async () => {
    const withHsm = stage(testCard(VERSION_3), [], { keys: keysWithout(["RKssse"]), hsm: keys })
    expect(await withHsm.driver.iReadCardBasExt(1)).toEqual({ code: 0, out: eleven(CARD_ID_SM4, "3.00") })
    const alone = stage(testCard(VERSION_3), [], { keys: keysWithout(["RKssse"]) })
    expect(await alone.driver.iReadCardBasExt(1)).toMatchObject({ code: -2203 })
  })
})

describe("contact and contactless (driver-api §2)", () => {
  it("takes the reader that iType names, or the first with a card", async () => {
    const contact = memoryReader(undefined, { name: "contact" })
    const contactless = memoryReader(testCard({ atr: { preset: "ssc", serial: "110816000009" } }))
    const driver = createDriver({ contact: { readers: contact }, contactless: { readers: contactless } })
    const serial = async (iType: number) => (await driver.iReadCardBas(iType)).out.split("|")[5]
    expect(await driver.iReadCardBas(1)).toMatchObject({ code: -2 })
    expect(await serial(2)).toBe("00815431008660110816000009")
    expect(await serial(3)).toBe("00815431008660110816000009")
    contact.insert(testCard())
    expect(await serial(1)).toBe("00815431008660110816000001")
    expect(await serial(3)).toBe("00815431008660110816000001")
    expect(await serial(4)).toBe("00815431008660110816000009")
  })

  it("reads a 3.00 card without contacts: its historical bytes stand at the same place", async () => {
    const driver = createDriver({ contactless: { readers: memoryReader(contactlessCard(VERSION_3)) }, keys })
    const { code, out } = await driver.iReadCardBas(2)
    expect([code, out.split("|")[5]]).toEqual([0, "00815431008660110816000001"])
    expect(await driver.iReadCard(2, 2, "|SB0000012|", "SSSEEF06|0A|$")).toEqual({ code: 0, out: "1|$" })
    expect(await driver.iReadCardBas(1)).toMatchObject({ code: -11 })
  })

  it("answers -27013 for what a card does not do without contacts, and asks nobody for a PIN", async () => {
    const keypad = scriptedKeypad(["246810", "246810", "246810", "246810"])
    const readers = memoryReader(contactlessCard(VERSION_3))
    const driver = createDriver({ contactless: { readers }, keys, keypad, medicalKeys: testMedicalKeys() })
    const refused = { code: -27013, out: "不满足使用条件、应用被锁定、应用未选择、余额上溢" }
    expect(await driver.iVerifyPIN(2)).toEqual(refused)
    expect(await driver.iChangePIN(2)).toEqual(refused)
    expect(await driver.iUnblockPIN(2, "||")).toEqual(refused)
    expect(await driver.iWriteCard(2, "||", "SSSEEF06|0A|$", "2|$")).toEqual(refused)
    expect(await driver.iDoDebit(2, "||", "1|0|20250101101010|")).toEqual(refused)
    expect(keypad.questions).toEqual([])
  })
})
