import { describe, expect, it } from "vitest"
import { CardRemovedError, ShebaoError, TimeoutError } from "../../src/apdu/index.js"
import { failureOf } from "../../src/driver/failures.js"
import { codeOfStatusWord, createDriver, DriverCode, describeDriverCode, statusWordOf } from "../../src/driver/index.js"
import { memoryReader, openCard, replayReader } from "../../src/terminal/index.js"
import { stage, testCard } from "./support.js"

describe("codes and messages (driver-api §7)", () => {
  it.each([
    [-1, "卡类型不正确"],
    [-2, "无卡"],
    [-3, "有卡未上电"],
    [-4, "卡无应答"],
    [-5, "加载动态库错误"],
    [-11, "读卡器连接错误"],
    [-12, "未建立连接"],
    [-13, "(动态库)不支持该命令"],
    [-14, "命令参数错误"],
    [-15, "信息校验出错"],
    [-20, "卡识别码格式错误"],
    [-21, "内部认证失败(用户卡不合法)"],
    [-22, "传入数据与卡内不符"],
    [-23, "传入数据不合法"],
    [-24, "PSAM卡密钥级别不够"],
    [-31, "用户取消密码输入"],
    [-32, "密码输入操作超时"],
    [-33, "输入密码长度错误"],
    [-34, "两次输入密码不一致"],
    [-35, "初始密码不能交易"],
    [-36, "不能改为初始密码"],
    [-41, "运算数据含非法字符"],
    [-42, "运算数据长度错误"],
    [-51, "PIN校验失败"],
    [-52, "PIN锁定"],
    [-2201, "无PSAM卡"],
    [-2202, "PSAM卡算法不支持(SSF33/SM4)"],
    [-2203, "PSAM卡内没有RKssse密钥"],
    [-2204, "不需要加密机认证"],
    [0, "成功"],
  ])("%i %s", (code, zh) => {
    expect(describeDriverCode(code)).toEqual({ zh, en: expect.stringMatching(/^[\x20-\x7e]+$/) })
  })

  it("has a text for each of its codes", () => {
    for (const code of Object.values(DriverCode)) expect(describeDriverCode(code).zh, String(code)).not.toMatch(/未知/)
    expect(describeDriverCode(-99)).toEqual({ zh: "未知错误(-99)", en: "unknown code -99" })
  })

  it.each([
    [0x63c0, -25536, "外部认证失败,剩余0次"],
    [0x63c2, -25538, "外部认证失败,剩余2次"],
    [0x6581, -25985, "写存储器失败"],
    [0x6700, -26368, "Lc/Le不正确"],
    [0x6901, -26881, "命令不接受(无效状态)"],
    [0x6981, -27009, "命令与文件结构不相符,当前文件非所需文件"],
    [0x6982, -27010, "不满足安全条件"],
    [0x6983, -27011, "密钥锁定(算法锁定)鉴别方法锁定"],
    [0x6984, -27012, "引用数据无效、随机数无效"],
    [0x6985, -27013, "不满足使用条件、应用被锁定、应用未选择、余额上溢"],
    [0x6986, -27014, "无当前EF"],
    [0x6988, -27016, "安全报文数据项不正确、MAC不正确"],
    [0x6a80, -27264, "数据域参数不正确"],
    [0x6a81, -27265, "不支持该功能、卡中无MF、卡被锁定、应用锁定"],
    [0x6a82, -27266, "未找到文件、文件标识相重、SFI不正确"],
    [0x6a83, -27267, "未找到记录"],
    [0x6a84, -27268, "文件中存储空间不够"],
    [0x6a86, -27270, "P1P2不正确"],
    [0x6a88, -27272, "未找到引用数据、未找到密钥"],
    [0x6b00, -27392, "偏移量错误"],
    [0x6d00, -27904, "INS不支持"],
    [0x6e00, -28160, "CLA不支持"],
    [0x9302, -37634, "MAC无效"],
    [0x9303, -37635, "应用已被永久锁定、卡片锁定"],
    [0x9401, -37889, "余额不足"],
    [0x9402, -37890, "交易计数器达到最大值"],
    [0x9403, -37891, "PSAM卡不支持消费交易"],
    [0x9406, -37894, "所需MAC(或/和TAC)不可用"],
  ])("%i is the code %i: %s (card-commands §15)", (statusWord, code, zh) => {
    expect(codeOfStatusWord(statusWord)).toBe(code)
    expect(statusWordOf(code)).toBe(statusWord)
    expect(describeDriverCode(code).zh).toBe(zh)
  })

  it("is no status word for the driver's own codes", () => {
    expect(statusWordOf(-2201)).toBeUndefined()
    expect(statusWordOf(-51)).toBeUndefined()
  })
})

describe("no service, no reader and no card are told apart (driver-api §7)", () => {
  it("-11 without a reader, or when it is gone", async () => {
    const none = createDriver({})
    expect(await none.iReadCardBas(3)).toMatchObject({ code: -11 })
    const { driver, reader } = stage()
    await reader.close()
    expect(await driver.iReadCardBas(3)).toEqual({ code: -11, out: "读卡器连接错误,未找到读卡器。" })
  })

  it("-11 for a reader that nobody has, or a name that fits two", async () => {
    const readers = memoryReader(testCard())
    expect(await createDriver({ contact: { readers, reader: "ACS" } }).iReadCardBas(1)).toMatchObject({ code: -11 })
  })

  it("-2 without a card, -3 for one that gives no answer to reset", async () => {
    const { driver, reader } = stage()
    const card = reader.pull()!
    expect(await driver.iReadCardBas(1)).toEqual({ code: -2, out: "无卡" })
    reader.insert({
      ...card,
      protocol: "T=0",
      atr: new Uint8Array(0),
      powerOn: () => new Uint8Array(0),
      powerOff() {},
      reset: () => new Uint8Array(0),
      process: () => Uint8Array.of(0x6f, 0),
    })
    expect(await driver.iReadCardBas(1)).toMatchObject({ code: -3, out: expect.stringMatching(/^有卡未上电,/) })
  })

  it("-4 for a card that is pulled during a call", async () => {
    const { card, reader, keypad } = stage()
    const pulling = {
      enterPin: async (question: Parameters<typeof keypad.enterPin>[0]) => {
        reader.pull()
        return keypad.enterPin(question).then(() => ({ outcome: "entered", pin: "246810" }) as const)
      },
    }
    expect(reader.card).toBe(card)
    const driver = createDriver({ contact: { readers: reader }, keypad: pulling })
    expect(await driver.iVerifyPIN(1)).toMatchObject({ code: -4 })
  })

  it("-5 when the library of the readers cannot be loaded", async () => {
    const readers = async () => {
      throw new ShebaoError("BINDING_MISSING", "No PC/SC module is installed.")
    }
    expect(await createDriver({ contact: { readers } }).iReadCardBas(1)).toMatchObject({ code: -5 })
  })

  it("-12 when another program holds the card", async () => {
    const { driver, reader } = stage()
    const other = await openCard(reader)
    expect(await driver.iReadCardBas(1)).toMatchObject({ code: -12 })
    await other.close()
    expect(await driver.iReadCardBas(1)).toMatchObject({ code: 0 })
  })

  it("-14 for an iType that does not exist", async () => {
    for (const iType of [0, 5, -1, 1.5, Number.NaN])
      expect(await stage().driver.iReadCardBas(iType)).toMatchObject({ code: -14 })
  })

  it.each([
    ["no SSSE", "6A82", -1],
    ["another class", "6E00", -1],
    ["a blocked application", "6A81", -27265],
    ["a permanently blocked one", "9303", -37635],
  ])("for a card with %s", async (_, answer, code) => {
    const readers = replayReader(`# PROTOCOL: T=1\n00A404000F7378312E73682EC9E7BBE1B1A3D5CF00\n${answer}\n`)
    const driver = createDriver({ contact: { readers } })
    expect(await driver.iReadCardBas(1)).toMatchObject({ code })
    expect(await driver.iVerifyPIN(1)).toMatchObject({ code })
  })

  it("-20 for a card whose identification code is none, -2202 for one of SSF33", async () => {
    const head = (fci: string) =>
      `# PROTOCOL: T=1\n00A404000F7378312E73682EC9E7BBE1B1A3D5CF00\n${fci}9000\n00A4020002EF0500\n9000\n`
    const plain = "6F16840F7378312E73682EC9E7BBE1B1A3D5CFA503880101"
    const short = `${head(plain)}00B2010400\n0104320800D19000\n00B2020400\n0201319000\n00B2030400\n0304322E30309000\n`
    expect(await createDriver({ contact: { readers: replayReader(short) } }).iReadCardBas(1)).toMatchObject({
      code: -20,
    })
    const ssf33 = `${head("6F1C840F7378322E73682EC9E7BBE1B1A3D5CFA50988010153049F0C8602")}00B2010400\n0110320800D156000005160000018F385B8F9000\n00B2020400\n0201319000\n00B2030400\n0304322E30309000\n`
    expect(await createDriver({ contact: { readers: replayReader(ssf33) } }).iReadCardBas(1)).toMatchObject({
      code: -2202,
    })
  })

  it("maps what readers throw, and nothing else", () => {
    expect(failureOf(new TimeoutError("late"))).toMatchObject({ code: -4 })
    expect(failureOf(new CardRemovedError())).toMatchObject({ code: -4 })
    expect(failureOf(new ShebaoError("NO_SERVICE", "x"))).toMatchObject({ code: -11 })
    expect(failureOf(new ShebaoError("BINDING_BROKEN", "x"))).toMatchObject({ code: -5 })
    expect(failureOf(new ShebaoError("PROTOCOL_MISMATCH", "x"))).toMatchObject({ code: -1 })
    expect(() => failureOf(new TypeError("a bug"))).toThrow("a bug")
    expect(() => failureOf(new ShebaoError("REPLAY_MISMATCH", "gone astray"))).toThrow("gone astray")
  })

  it("lets go of the card when something is thrown on", async () => {
    const { reader } = stage()
    const broken = { enterPin: () => Promise.reject(new TypeError("a bug in the keypad")) }
    const driver = createDriver({ contact: { readers: reader }, keypad: broken })
    await expect(driver.iVerifyPIN(1)).rejects.toThrow("a bug in the keypad")
    await (await openCard(reader)).close()
  })
})
