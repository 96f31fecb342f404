import { describe, expect, it } from "vitest"
import type { Card } from "../../src/card/index.js"
import { keyRefusal, type MedicalKeyService } from "../../src/dictionary/index.js"
import type { DriverOptions } from "../../src/driver/index.js"
import { createDriver } from "../../src/driver/index.js"
import { replayReader, scriptedKeypad, testMedicalKeys } from "../../src/terminal/index.js"
import { PIN, type Stage, stage, testCard, VERSION_2, VERSION_3 } from "./support.js"

const medicalKeys = testMedicalKeys()
const TERMINAL = "320800000001"
const PAY = "10.00|20.00|20240315101530|"
const medical = { cia: "150.00", spip: "0.00", spfp: "0.00", year: "2024" }

const patient = (pins: readonly string[], options: DriverOptions = {}, changes: object = VERSION_2): Stage =>
  stage(testCard({ ...changes, medical }), pins, { medicalKeys, terminalNumber: TERMINAL, ...options })

/** The rows of EF08 as a driver tells them. */
const records = async (card: Card) => (await stage(card, [PIN]).driver.iReadDebitRecord(1)).out

/** The debit of card-commands §10.7 as a card of 3DES, with the random number and counter of the vector. */
const VECTOR = `# ATR: 3B6D000000815431008660110816000001
# PROTOCOL: T=1
00A404000F7378312E73682EC9E7BBE1B1A3D5CF00
6F16840F7378312E73682EC9E7BBE1B1A3D5CFA5038801019000
00A4020002EF0500
9000
00B2010400
0110320800D156000005160000018F385B8F9000
00B2020400
0201319000
00B2030400
0304322E30309000
00A4000002DF0400
6F0D8406D15600000503A5038801019000
00200000
63C6
0020000003000000
9000
B02200010F01000003E8000007D03208000000010F
00003A98000C00000001010F1E2D3C9000
B02400000F0000000C202403151015304D47ACEE08
F9CAF4459DA0667A9000
`

describe("iDoDebit (card-commands §10.6)", () => {
  it("says and gives what the vectors of card-commands §10.7 have", async () => {
    const keypad = scriptedKeypad([PIN])
    const readers = replayReader(VECTOR)
    const driver = createDriver({ contact: { readers }, medicalKeys, keypad, terminalNumber: TERMINAL })
    expect(await driver.iDoDebit(1, "||", PAY)).toEqual({ code: 0, out: "F9CAF445|9DA0667A|140.00|" })
  })

  it.each([VERSION_2, VERSION_3])("pays from a card $specVersion with $algorithm", async (generation) => {
    const { driver, card, keypad } = patient([PIN], {}, generation)
    const { code, out } = await driver.iDoDebit(1, "||", PAY)
    expect([code, out]).toEqual([0, expect.stringMatching(/^[0-9A-F]{8}\|[0-9A-F]{8}\|140\.00\|$/)])
    expect(keypad.questions).toEqual([{ purpose: "current", triesLeft: 6 }])
    expect(await records(card)).toBe(`0000|5|${TERMINAL}|20240315101530|10.00|20.00|140.00|$`)
  })

  it.each([
    ["the initial PIN may not pay", ["123456"], PAY, -35],
    ["the PIN is wrong", ["000000"], PAY, -51],
    ["somebody cancels", ["cancel"], PAY, -31],
    ["the account holds too little", [PIN], "150.01|0|20240315101530|", -37889],
    ["there is nothing to pay", [PIN], "0|0|20240315101530|", -27264],
    ["the amounts are malformed", [PIN], "1,5|0|20240315101530|", -14],
  ])("pays nothing when %s", async (_, pins, payInfo, code) => {
    const { driver, card } = patient(pins)
    expect(await driver.iDoDebit(1, "||", payInfo)).toMatchObject({ code })
    expect(await records(card)).toBe("")
  })

  it("spends no try on the initial PIN", async () => {
    const { driver, keypad } = patient(["123456", PIN])
    await driver.iDoDebit(1, "||", PAY)
    expect(await driver.iDoDebit(1, "||", PAY)).toMatchObject({ code: 0 })
    expect(keypad.questions[1]).toMatchObject({ triesLeft: 6 })
  })

  const debitWith = (changed: Partial<MedicalKeyService>) =>
    patient([PIN], { medicalKeys: { ...medicalKeys, ...changed } }).driver.iDoDebit(1, "||", PAY)

  it("answers what the PSAM cannot do", async () => {
    expect(await patient([PIN], { medicalKeys: undefined as never }).driver.iDoDebit(1, "||", PAY)).toMatchObject({
      code: -2201,
    })
    expect(await debitWith({ authorizeDebit: async () => keyRefusal("KEY_UNKNOWN", "DPK") })).toMatchObject({
      code: -37891,
      out: expect.stringMatching(/^PSAM卡不支持消费交易/),
    })
    expect(await debitWith({ checkDebit: async () => keyRefusal("NO_SAM") })).toMatchObject({ code: -2201 })
  })

  it("answers -37634 for a MAC1 that the card does not take, and for a MAC2 that is not the card's", async () => {
    const zeros = new Uint8Array(4)
    expect(await debitWith({ authorizeDebit: async () => ({ ok: true, mac1: zeros }) })).toMatchObject({ code: -37634 })
    expect(await debitWith({ checkDebit: async () => ({ ok: true, genuine: false }) })).toEqual({
      code: -37634,
      out: "MAC无效,MAC2校验失败",
    })
  })
})

describe("HSM steps of iDoDebit (driver-api §5.3)", () => {
  /** The back office: makes MAC1 of the eight fields of Step 1. */
  async function mac1Of(stepOne: string): Promise<string> {
    const [alg, , random, number, personal, pooled, typed, dateTime] = stepOne.split("|")
    const bytes = (digits: string) => new Uint8Array(Buffer.from(digits, "hex"))
    const answer = await medicalKeys.authorizeDebit({
      algorithm: alg === "03" ? "sm4" : "3des",
      factors: { atr: bytes("3B6D000000815431008660110816000001"), region: "320800" },
      random: bytes(random!),
      number: Number.parseInt(number!, 16),
      terminalSequence: Number.parseInt(number!, 16),
      personalFen: Number.parseInt(personal!, 16),
      pooledFen: Number.parseInt(pooled!, 16),
      terminal: bytes(typed!.slice(2)),
      dateTime: bytes(dateTime!),
    })
    if (!answer.ok) throw new Error(answer.message)
    return Buffer.from(answer.mac1).toString("hex")
  }

  it.each([VERSION_2, VERSION_3])("pay from a card $specVersion with $algorithm", async (generation) => {
    const { driver, card } = patient([PIN], {}, generation)
    const { code, out } = await driver.iDoDebit_HSM_Step1(1, "||", PAY)
    const alg = generation.algorithm === "sm4" ? "03" : "01"
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        new RegExp(`^${alg}\\|000001\\|[0-9A-F]{8}\\|0000\\|000003E8\\|000007D0\\|35${TERMINAL}\\|20240315101530\\|$`),
      ),
    ])
    const key = `00000000|20240315101530|${await mac1Of(out)}|`
    expect(await driver.iDoDebit_HSM_Step2(key)).toMatchObject({ code: 0, out: expect.stringMatching(/\|140\.00\|$/) })
    expect(await records(card)).toBe(`0000|5|${TERMINAL}|20240315101530|10.00|20.00|140.00|$`)
  })

  it.each([
    ["another sequence", "00000001|20240315101530|00000000|", -15],
    ["another moment", "00000000|20240315101531|00000000|", -15],
    ["a MAC of another length", "00000000|20240315101530|000000|", -42],
    ["a MAC that is no number", "00000000|20240315101530|0000000X|", -41],
    ["two fields", "00000000|20240315101530|", -14],
    ["a wrong MAC", "00000000|20240315101530|00000000|", -37634],
  ])("refuse %s", async (_, key, code) => {
    const { driver, card } = patient([PIN])
    await driver.iDoDebit_HSM_Step1(1, "||", PAY)
    expect(await driver.iDoDebit_HSM_Step2(key)).toMatchObject({ code })
    expect(await records(card)).toBe("")
  })

  it("refuse what iDoDebit refuses", async () => {
    expect(await patient(["123456"]).driver.iDoDebit_HSM_Step1(1, "||", PAY)).toMatchObject({ code: -35 })
    expect(await patient([]).driver.iDoDebit_HSM_Step1(1, "|SB0000020|", PAY)).toMatchObject({ code: -22 })
  })
})

describe("iReadDebitRecord (driver-api §5.3)", () => {
  it("gives every record, newest first", async () => {
    const { driver, card } = patient([PIN, PIN])
    await driver.iDoDebit(1, "||", "1|2|20240315101530|")
    await driver.iDoDebit(1, "||", "3.5|0|20240316101530|")
    expect(await records(card)).toBe(
      `0001|5|${TERMINAL}|20240316101530|3.50|0.00|145.50|$0000|5|${TERMINAL}|20240315101530|1.00|2.00|149.00|$`,
    )
  })

  it("asks for the PIN", async () => {
    expect(await patient([]).driver.iReadDebitRecord(1)).toMatchObject({ code: -31 })
    expect(await patient(["000000"]).driver.iReadDebitRecord(1)).toMatchObject({ code: -51 })
  })
})
