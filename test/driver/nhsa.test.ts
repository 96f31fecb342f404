import { describe, expect, it } from "vitest"
import { sm2PublicKey, sm2Sign, sm2Verify, testMedicalCentreKey } from "../../src/crypto/index.js"
import {
  createHeaSecReadInfo,
  createSSCard,
  type HeaSecReadInfoOptions,
  type SSCardOptions,
  sceneName,
} from "../../src/driver/index.js"
import { PIN, stage, testCard } from "./support.js"

const verifies = (out: string, sign: string, key = testMedicalCentreKey()) =>
  sm2Verify(sm2PublicKey(key), new TextEncoder().encode(out), new Uint8Array(Buffer.from(sign, "base64")))

async function ready(pins: readonly string[] = [], options: Partial<SSCardOptions> = {}) {
  const { driver, reader } = stage(testCard(), pins)
  const card = createSSCard({ driver, ...options })
  expect(await card.Init("http://127.0.0.1/CSB/hsecfc/localcfc", "H32080000001")).toEqual({ code: 0, out: "" })
  return { card, reader }
}

describe("SSCard.dll (driver-api §9.1)", () => {
  it("reads the eleven fields and signs them with SM2", async () => {
    const { card } = await ready()
    const { code, out, sign } = await card.ReadCardBas()
    expect([code, out.split("|").length, out.split("|")[4]]).toEqual([0, 12, "测试一号"])
    expect(Buffer.from(sign, "base64")).toHaveLength(64)
    expect(verifies(out, sign)).toBe(true)
    expect(verifies(`${out} `, sign)).toBe(false)
  })

  it("signs with the key of a test bed", async () => {
    const key = new Uint8Array(32).fill(7)
    const { card } = await ready([], { sign: (message) => sm2Sign(key, message) })
    const { out, sign } = await card.ReadCardBas()
    expect(verifies(out, sign, key)).toBe(true)
  })

  it("answers -12 before Init, and -14 for an Init without address or institution", async () => {
    const card = createSSCard({ driver: stage().driver })
    expect(await card.Init("", "H1")).toMatchObject({ code: -14 })
    expect(await card.Init("http://127.0.0.1", "")).toMatchObject({ code: -14 })
    expect(await card.ReadCardBas()).toEqual({ code: -12, out: "未建立连接", sign: "" })
    expect(await card.VerifyPIN()).toMatchObject({ code: -12 })
    expect(await card.ChangePIN()).toMatchObject({ code: -12 })
    expect(await card.GetQRBase(1000)).toMatchObject({ code: -12 })
  })

  it("verifies and changes the PIN", async () => {
    const { card } = await ready([PIN, PIN, "135799", "135799", "000000"])
    expect(await card.VerifyPIN()).toEqual({ code: 0, out: "" })
    expect(await card.ChangePIN()).toEqual({ code: 0, out: "" })
    expect(await card.VerifyPIN()).toEqual({ code: -51, out: "PIN校验失败,剩余机会5次" })
  })

  it("gives no signature with an error", async () => {
    const { card, reader } = await ready()
    reader.pull()
    expect(await card.ReadCardBas()).toEqual({ code: -2, out: "无卡", sign: "" })
  })

  it("writes no buffer over: -42", async () => {
    const { card } = await ready()
    expect(await card.ReadCardBas(64)).toEqual({ code: -42, out: "运算数据长度错误", sign: "" })
    expect(await card.ReadCardBas(1024, 88)).toMatchObject({ code: -42, sign: "" })
    expect(await card.ReadCardBas(1024, 89)).toMatchObject({ code: 0 })
  })

  it("reads codes and identity cards where the device can", async () => {
    const bare = (await ready()).card
    expect(await bare.GetQRBase(1000)).toMatchObject({ code: -13 })
    expect(await bare.ReadSFZ()).toMatchObject({ code: -13 })
    const waited: number[] = []
    const { card } = await ready([], {
      scanCode: async (timeoutMs) => {
        waited.push(timeoutMs)
        return waited.length === 1 ? "320000000000000000000000000000000000" : undefined
      },
      readIdentityCard: async () => undefined,
    })
    const { out, sign } = await card.GetQRBase(5000)
    expect(verifies(out, sign)).toBe(true)
    expect(await card.GetQRBase(5000)).toMatchObject({ code: -32, sign: "" })
    expect(waited).toEqual([5000, 5000])
    expect(await card.ReadSFZ()).toMatchObject({ code: -2 })
  })
})

describe("HeaSecReadInfo.dll (driver-api §9.2)", () => {
  const make = (pins: readonly string[] = [], options: Partial<HeaSecReadInfoOptions> = {}) =>
    createHeaSecReadInfo({ driver: stage(testCard(), pins).driver, ...options })

  it("reads the card", async () => {
    const card = make([PIN, "cancel"])
    expect(await card.Init(JSON.stringify({ IP: "127.0.0.1", PORT: "80", CARD_PASSTYPE: "1" }))).toMatchObject({
      code: 0,
    })
    const { code, cardInfo, busiCardInfo } = await card.ReadCardBas()
    expect([code, cardInfo.split("|")[1], busiCardInfo]).toEqual([0, "999999199001010016", ""])
    expect(await card.VerifyPIN()).toMatchObject({ code: 0 })
    expect(await card.ChangePIN()).toMatchObject({ code: -31 })
  })

  it.each(["", "[]", "null", "{", '{"CARD_PASSTYPE":"3"}'])("refuses to begin with %s (-14)", async (json) => {
    const card = make()
    expect(await card.Init(json)).toMatchObject({ code: -14 })
    expect(await card.ReadCardBas()).toEqual({ code: -12, cardInfo: "未建立连接", busiCardInfo: "" })
  })

  it("leaves a password of the centre alone (-13)", async () => {
    const card = make([PIN])
    await card.Init('{"CARD_PASSTYPE":2}')
    expect(await card.VerifyPIN()).toMatchObject({ code: -13 })
    expect(await card.ChangePIN()).toMatchObject({ code: -13 })
    expect(await card.ReadCardBas()).toMatchObject({ code: 0 })
  })

  it("asks whoever knows credentials and persons", async () => {
    const card = make([], { queryCredential: async (query) => `scene ${query.scene}` })
    await card.Init("{}")
    expect(await card.EcQuery('{"scene":"01301"}')).toEqual({ code: 0, out: "scene 01301" })
    expect(await card.EcQuery("01301")).toMatchObject({ code: -14 })
    expect(await card.GetPersonInfo("{}")).toMatchObject({ code: -13 })
  })

  it("names scenes, and passes unknown ones through (driver-api §9.3)", () => {
    expect(["01101", "01301", "03132", "01150", "toString"].map(sceneName)).toEqual([
      "挂号",
      "结算",
      "APP结算",
      "01150",
      "toString",
    ])
  })
})
