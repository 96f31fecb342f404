import { describe, expect, it } from "vitest"
import { decodeText } from "../../src/apdu/index.js"
import { callDriver, createDriver, DRIVER_FUNCTIONS, VENDOR_FUNCTIONS, writeToBuffer } from "../../src/driver/index.js"
import { replayReader, testKeyService } from "../../src/terminal/index.js"
import { CARD_ID, PIN, stage, testCard, VERSION_3 } from "./support.js"

describe("calling by name (driver-api §10.1)", () => {
  it("knows every function of the interface by its parameters", () => {
    const { driver } = stage()
    for (const [name, parameters] of Object.entries(DRIVER_FUNCTIONS))
      expect((driver as unknown as Record<string, (...values: never[]) => unknown>)[name]!.length, name).toBe(
        parameters.length,
      )
  })

  it("takes parameters by their names", async () => {
    const { driver } = stage(testCard(), [PIN])
    expect(await callDriver(driver, "iReadCardBas", { iType: 3 })).toMatchObject({ code: 0 })
    expect(await callDriver(driver, "iVerifyPIN", { iType: "1" })).toMatchObject({ code: 0 })
    const fields = { iType: 1, iAuthType: 2, pCardInfo: "||", pFileAddr: "SSSEEF05|07|$" }
    expect(await callDriver(driver, "iReadCard", fields)).toEqual({ code: 0, out: "SB0000012|$" })
  })

  it("takes other spellings that clients have", async () => {
    const { driver } = stage()
    const request = { iType: 1, pCardInfo: "||", pFileAddr: "DF01EF08|2B|$" }
    expect(await callDriver(driver, "ReadCard_HSM_Step1", request)).toMatchObject({ code: 0 })
    expect(await callDriver(driver, "ReadCard_HSM_Step2", { pkey: "00" })).toMatchObject({ code: -42 })
    expect(await callDriver(driver, "ReadICCardNum", { iType: 1 })).toEqual({ code: 0, out: "SB0000012|" })
  })

  it.each([
    ["a missing parameter", "iReadCardBas", {}],
    ["a number as text that is none", "iReadCardBas", { iType: "one" }],
    ["text that is a number", "iReadCard", { iType: 1, iAuthType: 2, pCardInfo: 5, pFileAddr: "" }],
  ])("answers -14 for %s", async (_, name, fields) => {
    expect(await callDriver(stage().driver, name, fields)).toEqual({ code: -14, out: "命令参数错误" })
  })

  it.each([...VENDOR_FUNCTIONS, "", "close", "toString", "__proto__", "iReadCardBas_HSM_Step3"])(
    "answers -13 for %s",
    async (name) => {
      expect(await callDriver(stage().driver, name, {})).toEqual({ code: -13, out: "(动态库)不支持该命令" })
    },
  )
})

describe("a caller's buffer (driver-api §1)", () => {
  const result = { code: 0, out: "测试|1|" }

  it("gets GBK with 00 behind it, or UTF-8", () => {
    const { code, bytes } = writeToBuffer(result)
    expect([code, bytes.length, bytes.at(-1), decodeText(bytes.subarray(0, -1))]).toEqual([0, 8, 0, "测试|1|"])
    expect(new TextDecoder().decode(writeToBuffer(result, { encoding: "utf8" }).bytes)).toBe("测试|1|\0")
  })

  it("is never written beyond its size: data that do not fit are left out", () => {
    expect(writeToBuffer(result, { size: 8 })).toMatchObject({ code: 0 })
    expect(writeToBuffer(result, { size: 7 })).toEqual({ code: -42, bytes: Uint8Array.of(0) })
    expect(writeToBuffer({ code: 0, out: "x".repeat(1024) })).toMatchObject({ code: -42 })
    expect(writeToBuffer({ code: 0, out: "x".repeat(1023) })).toMatchObject({ code: 0 })
  })

  it("gets a message cut at a whole character", () => {
    const { code, bytes } = writeToBuffer({ code: -2, out: "无卡" }, { size: 4 })
    expect([code, decodeText(bytes.subarray(0, -1)), bytes.length]).toEqual([-2, "无", 3])
    expect(writeToBuffer({ code: -2, out: "无卡" }, { size: 1 })).toEqual({ code: -2, bytes: Uint8Array.of(0) })
  })

  it("gets a question mark for a character that GBK does not have", () => {
    expect(decodeText(writeToBuffer({ code: 0, out: "𠮷|" }).bytes.subarray(0, -1))).toBe("?|")
  })

  it("must have room for the 00", () => {
    expect(() => writeToBuffer(result, { size: 0 })).toThrow(/^size: /)
  })
})

describe("functions of vendors (driver-api §8)", () => {
  it.each([{}, VERSION_3])("read the environment of a card %o", async (generation) => {
    const { driver } = stage(testCard(generation))
    const version = "specVersion" in generation ? generation.specVersion : "2.00"
    const issuer = await driver.iReadCardPublicInfo(1)
    expect(issuer.out.split("|").slice(1)).toEqual([
      "1",
      version,
      "320800000001320800000001",
      "20250101",
      "20341231",
      "SB0000012",
      "",
    ])
    expect(await driver.iReadPersonPublicInfo(1)).toEqual({
      code: 0,
      out: "999999199001010016|测试一号|1|01|320800|19900101|",
    })
    expect(await driver.iReadCardNo(1)).toEqual({ code: 0, out: "SB0000012|" })
    expect(await driver.iReadICCardNum(1)).toEqual({ code: 0, out: "SB0000012|" })
  })

  it("begin with the identification code", async () => {
    expect((await stage().driver.iReadCardPublicInfo(1)).out.split("|")[0]).toBe(CARD_ID)
  })

  it("tell the device", async () => {
    const { driver } = stage(testCard(), [], { deviceNumber: "D1", terminalNumber: "320800000001" })
    expect(await driver.iGetReaderInfo()).toEqual({ code: 0, out: "D1|320800000001|" })
  })

  it("tell what is in the reader", async () => {
    const { driver, reader } = stage()
    expect(await driver.iCheckCard(1)).toEqual({ code: 0, out: "3" })
    reader.pull()
    expect(await driver.iCheckCard(1)).toEqual({ code: 0, out: "5" })
  })

  it.each([
    ["a bank card by its payment directory", "6F10840E315041592E5359532E44444630319000", { code: 0, out: "6" }],
    ["no card of another kind", "6A82", { code: -1, out: "卡类型不正确" }],
  ])("know %s", async (_, answer, result) => {
    const recording = `# PROTOCOL: T=1
00A404000F7378312E73682EC9E7BBE1B1A3D5CF00
6A82
00A404000E315041592E5359532E444446303100
${answer}
`
    const driver = createDriver({ contact: { readers: replayReader(recording) } })
    expect(await driver.iCheckCard(1)).toEqual(result)
  })

  it("refuse a 3.00 card without the key of its data", async () => {
    const { driver } = stage(testCard(VERSION_3), [], {})
    expect(await driver.iReadCardNo(1)).toMatchObject({ code: -2201 })
    expect(await stage(testCard(VERSION_3), [], { keys: testKeyService() }).driver.iReadCardNo(1)).toMatchObject({
      code: 0,
    })
  })
})
