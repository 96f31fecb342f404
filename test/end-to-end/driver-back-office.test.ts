import { describe, expect, it } from "vitest"
import type { SSCardDriver } from "../../src/driver/index.js"
import { createKeyServer } from "../../src/host/index.js"
import { PIN, stage, testCard, VERSION_1, VERSION_2, VERSION_3 } from "../driver/support.js"

const NEW = "135799"
const GENERATIONS = [VERSION_1, VERSION_2, VERSION_3]
const office = createKeyServer()

type FunctionName = Exclude<keyof SSCardDriver, "language" | "close">

/** A page: it calls the driver, and hands every step's output to the back office as it is. */
function page(driver: SSCardDriver) {
  const card = { aab301: "320800", aaz507: "00815431008660110816000001" }
  return {
    /** @returns the input of the step after it */
    async ask(step: FunctionName, ...parameters: (string | number)[]): Promise<string> {
      const run = driver[step] as (...values: (string | number)[]) => ReturnType<SSCardDriver["iReadCardBas"]>
      const { code, out } = await run(...parameters)
      expect([step, code]).toEqual([step, 0])
      const answer = await office.dialogue({ step, output: out, ...card })
      if (!answer.ok) throw new Error(answer.message)
      return answer.input
    },
  }
}

describe("pages between the driver and the back office's HSM (driver-api §6)", () => {
  it.each(GENERATIONS)("read who the card belongs to, $specVersion", async (generation) => {
    const { driver } = stage(testCard(generation), [], {})
    const key = await page(driver).ask("iReadCardBas_HSM_Step1", 1)
    expect(await driver.iReadCardBas_HSM_Step2(key)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^320800\|999999199001010016\|/),
    })
  })

  it.each(GENERATIONS)("read and write files, $specVersion", async (generation) => {
    const { driver } = stage(testCard(generation), [], {})
    const { ask } = page(driver)
    const write = await ask("iWriteCard_HSM_Step1", 1, "||", "DF01EF08|2B|$")
    expect(await driver.iWriteCard_HSM_Step2(write, "2|$")).toEqual({ code: 0, out: "" })
    const read = await ask("iReadCard_HSM_Step1", 1, "||", "DF01EF08|2B|$")
    expect(await driver.iReadCard_HSM_Step2(read)).toEqual({ code: 0, out: "2|$" })
  })

  it.each([undefined, true])("write under keys without an address of their own (PSAM id: %s)", async (long) => {
    const { driver } = stage(testCard(), [], { ...(long && { keyAddressWithPsamId: long }) })
    const key = await page(driver).ask("iWriteCard_HSM_Step1", 1, "||", "DF01EF0A|38|$")
    expect(await driver.iWriteCard_HSM_Step2(key, "01|$")).toEqual({ code: 0, out: "" })
  })

  it.each(GENERATIONS)("give a card a new PIN and its tries back, $specVersion", async (generation) => {
    const card = testCard({ ...generation, pin: { value: PIN, triesLeft: 0 } })
    const { driver } = stage(card, [NEW, NEW], {})
    const { ask } = page(driver)
    const command = await ask("iReloadPIN_HSM_Step2", await ask("iReloadPIN_HSM_Step1", 1, "||"))
    expect(await driver.iReloadPIN_HSM_Step3(command)).toEqual({ code: 0, out: "" })
    const unblock = await ask("iUnblockPIN_HSM_Step2", await ask("iUnblockPIN_HSM_Step1", 1, "||"))
    expect(await driver.iUnblockPIN_HSM_Step3(unblock)).toEqual({ code: 0, out: "" })
    expect(await stage(card, [NEW]).driver.iVerifyPIN(1)).toMatchObject({ code: 0 })
  })

  it.each(GENERATIONS)("pay from the medical account, $specVersion", async (generation) => {
    const { driver } = stage(testCard(generation), [PIN], { terminalNumber: "320800000001" })
    const key = await page(driver).ask("iDoDebit_HSM_Step1", 1, "||", "10|20|20250315101530|")
    expect(await driver.iDoDebit_HSM_Step2(key)).toMatchObject({ code: 0, out: expect.stringMatching(/\|1224\.56\|$/) })
  })
})
