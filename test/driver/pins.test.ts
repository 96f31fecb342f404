import { describe, expect, it } from "vitest"
import type { Card } from "../../src/card/index.js"
import type { DriverOptions } from "../../src/driver/index.js"
import { testKeyService } from "../../src/terminal/index.js"
import {
  backOffice,
  CARD_ID,
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

const NEW = "135799"
const WRONG = "000000"
const keys = testKeyService()
const GENERATIONS = [VERSION_1, VERSION_2, VERSION_3, VERSION_3_DES]

/** Whether a PIN is the card's. */
const isPin = async (card: Card, pin: string) => (await stage(card, [pin]).driver.iVerifyPIN(1)).code === 0

describe("iVerifyPIN (card-commands §5.1)", () => {
  it("asks at the keypad and tells nothing more", async () => {
    const { driver, keypad } = stage(testCard(), [PIN])
    expect(await driver.iVerifyPIN(1)).toEqual({ code: 0, out: "" })
    expect(keypad.questions).toEqual([{ purpose: "current", triesLeft: 6 }])
  })

  it("counts down with the tries in the text, to the lock", async () => {
    const { driver, keypad } = stage(testCard(), [WRONG, WRONG, WRONG, WRONG, WRONG, WRONG, PIN])
    for (const left of [5, 4, 3, 2, 1, 0])
      expect(await driver.iVerifyPIN(1)).toEqual({ code: -51, out: `PIN校验失败,剩余机会${left}次` })
    expect(await driver.iVerifyPIN(1)).toEqual({ code: -52, out: "PIN锁定" })
    // Nobody is asked for a PIN that no card takes.
    expect(keypad.questions).toHaveLength(6)
  })

  it.each([
    ["cancel", "cancel", -31],
    ["nothing in time", "timeout", -32],
    ["too few digits", "123", -33],
    ["too many digits", "1234567890123", -33],
  ])("ends on %s without a try", async (_, entry, code) => {
    const { driver, keypad } = stage(testCard(), [entry, PIN])
    expect(await driver.iVerifyPIN(1)).toMatchObject({ code })
    expect(await driver.iVerifyPIN(1)).toMatchObject({ code: 0 })
    expect(keypad.questions.map(({ triesLeft }) => triesLeft)).toEqual([6, 6])
  })

  it("answers -31 without a keypad", async () => {
    const { driver } = stage(testCard(), [], { keypad: undefined as never })
    expect(await driver.iVerifyPIN(1)).toMatchObject({ code: -31 })
  })

  it("speaks English where the driver is told to", async () => {
    const { driver } = stage(testCard(), [WRONG], { language: "en" })
    expect(await driver.iVerifyPIN(1)).toEqual({ code: -51, out: "wrong PIN, 5 tries left" })
  })
})

describe("iChangePIN (card-commands §5.2)", () => {
  it("asks for old, new, new", async () => {
    const { driver, card, keypad } = stage(testCard(), [PIN, NEW, NEW])
    expect(await driver.iChangePIN(1)).toEqual({ code: 0, out: "" })
    expect(keypad.questions.map(({ purpose }) => purpose)).toEqual(["current", "new", "repeat"])
    expect(await isPin(card, NEW)).toBe(true)
  })

  it.each([
    ["the old PIN is wrong", [WRONG, NEW, NEW], -51],
    ["the new entries differ", [PIN, NEW, "135798"], -34],
    ["the new PIN is the initial one", [PIN, "123456", "123456"], -36],
    ["the new PIN is too short", [PIN, "12"], -33],
    ["somebody cancels at the repetition", [PIN, NEW, "cancel"], -31],
    ["nobody types the new PIN", [PIN, "timeout"], -32],
  ])("leaves the PIN when %s", async (_, pins, code) => {
    const { driver, card } = stage(testCard(), pins)
    expect(await driver.iChangePIN(1)).toMatchObject({ code })
    expect(await isPin(card, PIN)).toBe(true)
  })

  it("knows the initial PIN of another region", async () => {
    const { driver } = stage(testCard(), [PIN, "888888", "888888"], { initialPin: "888888" })
    expect(await driver.iChangePIN(1)).toMatchObject({ code: -36 })
  })
})

const locked = (generation: object = VERSION_2) => testCard({ ...generation, pin: { value: PIN, triesLeft: 0 } })

describe("iReloadPIN and iUnblockPIN with a PSAM (card-commands §5.3, §5.4)", () => {
  it.each(GENERATIONS)("give a locked card $specVersion with $algorithm a new PIN", async (generation) => {
    const { driver, card } = stage(locked(generation), [NEW, NEW])
    expect(await driver.iReloadPIN(1, `${cardIdOf(generation)}|SB0000012|`)).toEqual({ code: 0, out: "" })
    expect(await isPin(card, NEW)).toBe(true)
  })

  it.each(GENERATIONS)("give the tries of a card $specVersion with $algorithm back", async (generation) => {
    const { driver, card, keypad } = stage(locked(generation))
    expect(await driver.iUnblockPIN(1, "||")).toEqual({ code: 0, out: "" })
    expect(keypad.questions).toEqual([])
    expect(await isPin(card, PIN)).toBe(true)
  })

  it("may give the initial PIN again: the office resets to it", async () => {
    const { driver, card } = stage(locked(), ["123456", "123456"])
    expect(await driver.iReloadPIN(1, "||")).toMatchObject({ code: 0 })
    expect(await isPin(card, "123456")).toBe(true)
  })

  it.each([
    ["without a PSAM", { keys: undefined as never }, -2201],
    ["with a PSAM that has no PUK", { keys: keysWithout(["PUK"]) }, -27272],
    ["with a PSAM that has no STK", { keys: keysWithout(["STKssse"]) }, -27272],
  ])("leave the card as it is %s", async (_, options: DriverOptions, code) => {
    const { driver, card } = stage(locked(), [NEW, NEW], options)
    expect(await driver.iReloadPIN(1, "||")).toMatchObject({ code })
    expect(await stage(card).driver.iVerifyPIN(1)).toMatchObject({ code: -52 })
  })

  it("end when the new entries differ", async () => {
    const { driver } = stage(locked(), [NEW, "135798"])
    expect(await driver.iReloadPIN(1, "||")).toMatchObject({ code: -34 })
  })
})

describe("HSM steps of iReloadPIN and iUnblockPIN (card-commands §14.5)", () => {
  it.each(GENERATIONS)("reload the PIN of a card $specVersion with $algorithm", async (generation) => {
    const { driver, card } = stage(locked(generation), [NEW, NEW], {})
    const office = backOffice()
    const alg = generation.algorithm === "sm4" ? "03" : "01"
    const first = await driver.iReloadPIN_HSM_Step1(1, "||")
    expect(first.out).toMatch(new RegExp(`^${alg}\\|0090\\|([0-9A-F]{16}\\|){2}$`))
    const second = await driver.iReloadPIN_HSM_Step2(await office.authenticate(first.out))
    expect(second.out).toMatch(new RegExp(`^${alg}\\|0090\\|[0-9A-F]{16}\\|8424\\|${NEW}\\|$`))
    const command = await office.pinCommand(second.out)
    expect(command).toHaveLength(generation.algorithm === "sm4" ? 50 : 34)
    expect(await driver.iReloadPIN_HSM_Step3(command)).toEqual({ code: 0, out: "" })
    expect(await isPin(card, NEW)).toBe(true)
  })

  it.each(GENERATIONS)("unblock the PIN of a card $specVersion with $algorithm", async (generation) => {
    const { driver, card } = stage(locked(generation), [], {})
    const office = backOffice()
    const first = await driver.iUnblockPIN_HSM_Step1(1, "||")
    const second = await driver.iUnblockPIN_HSM_Step2(await office.authenticate(first.out))
    expect(second.out).toMatch(/^0[13]\|0090\|[0-9A-F]{16}\|8424\|\|$/)
    const command = await office.pinCommand(second.out)
    expect(command).toHaveLength(18)
    expect(await driver.iUnblockPIN_HSM_Step3(command)).toEqual({ code: 0, out: "" })
    expect(await isPin(card, PIN)).toBe(true)
  })

  it("keep the PIN inside the process with pinBlockOnly: the HSM of this process makes the command", async () => {
    const { driver, card } = stage(locked(VERSION_3), [NEW, NEW], { hsm: keys, pinBlockOnly: true })
    const first = await driver.iReloadPIN_HSM_Step1(1, "||")
    const second = await driver.iReloadPIN_HSM_Step2(await backOffice().authenticate(first.out))
    expect(second.out).toMatch(/^03\|0090\|[0-9A-F]{16}\|8424\|\|$/)
    expect(await driver.iReloadPIN_HSM_Step3("")).toEqual({ code: 0, out: "" })
    expect(await isPin(card, NEW)).toBe(true)
    expect(() => stage(locked(), [], { pinBlockOnly: true })).toThrow(/^hsm: /)
  })

  it("may use the PUK for the message, as some issuers do", async () => {
    const asked: string[] = []
    const spying = {
      ...keys,
      secureCommand: (request: Parameters<typeof keys.secureCommand>[0]) => {
        asked.push(request.key.name)
        return keys.secureCommand(request)
      },
    }
    await stage(locked(), [NEW, NEW], { keys: spying, pinMessageKey: "PUK" }).driver.iReloadPIN(1, "||")
    await stage(locked(), [NEW, NEW], { keys: spying }).driver.iReloadPIN(1, "||")
    expect(asked).toEqual(["PUK", "STKssse"])
  })

  const atStepThree = async (unblock: boolean) => {
    const { driver } = stage(locked(), [NEW, NEW], {})
    const office = backOffice()
    const { out } = unblock ? await driver.iUnblockPIN_HSM_Step1(1, "||") : await driver.iReloadPIN_HSM_Step1(1, "||")
    const key = await office.authenticate(out)
    if (unblock) await driver.iUnblockPIN_HSM_Step2(key)
    else await driver.iReloadPIN_HSM_Step2(key)
    return (command: string) => (unblock ? driver.iUnblockPIN_HSM_Step3(command) : driver.iReloadPIN_HSM_Step3(command))
  }

  it.each([
    ["SM4's length for a 3DES card", false, `8424000114${"00".repeat(20)}`, -42],
    ["the length of unblock for reload", false, "842400000400000000", -42],
    ["the length of reload for unblock", true, `842400010C${"00".repeat(12)}`, -42],
    ["letters", true, "84240000040000000G", -41],
    ["nothing", false, "", -42],
    ["another command", false, `84D400010C${"00".repeat(12)}`, -23],
    ["a wrong MAC", true, "842400000400000000", -27016],
  ])("refuse %s in Step 3", async (_, unblock, command, code) => {
    expect(await (await atStepThree(unblock))(command)).toMatchObject({ code })
  })

  it("refuse wrong data for the PUK in Step 2 before anybody types a PIN", async () => {
    const { driver, keypad } = stage(locked(), [NEW, NEW], {})
    await driver.iReloadPIN_HSM_Step1(1, `${CARD_ID}||`)
    expect(await driver.iReloadPIN_HSM_Step2("0".repeat(32))).toMatchObject({ code: -25538 })
    expect(keypad.questions).toEqual([])
  })
})
