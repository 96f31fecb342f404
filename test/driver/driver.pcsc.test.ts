import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createDriver, type SSCardDriver } from "../../src/driver/index.js"
import { scriptedKeypad, testKeyService } from "../../src/terminal/index.js"
import { BINDING_NAMES, isInstalled, type PcscReaderSystem, pcscReaders } from "../../src/terminal/pcsc/index.js"
import type { VirtualReader } from "../../src/virtual-reader/index.js"
import { hasPcscd, inserted, pcscdForThisFile, USER_READER } from "../terminal/pcsc/machine.js"
import { backOffice, PIN, testCard, VERSION_3 } from "./support.js"

describe.runIf(hasPcscd)("the driver over PC/SC", () => {
  pcscdForThisFile()

  describe.each(BINDING_NAMES)("with %s", (binding) => {
    describe.skipIf(!isInstalled(binding))("", () => {
      let slot: VirtualReader
      let readers: PcscReaderSystem
      let driver: SSCardDriver

      const state = (present: boolean) =>
        expect
          .poll(async () => (await readers.readers()).find(({ name }) => name === USER_READER)?.present, {
            timeout: 10_000,
          })
          .toBe(present)

      beforeEach(async () => {
        slot = await inserted(testCard(VERSION_3))
        readers = await pcscReaders({ binding })
        await state(true)
        const contact = { readers, reader: USER_READER }
        driver = createDriver({ contact, keys: testKeyService(), keypad: scriptedKeypad([PIN, "135799", "135799"]) })
      })
      afterEach(async () => {
        await driver.close()
        await readers.close()
        await slot.close()
      })

      it("reads, writes and changes the PIN", async () => {
        expect(await driver.iReadCardBas(1)).toMatchObject({ code: 0, out: expect.stringMatching(/\|测试一号\|/) })
        expect(await driver.iWriteCard(1, "||", "DF01EF06|28|$", "13000000002|$")).toEqual({ code: 0, out: "" })
        expect(await driver.iReadCard(1, 2, "||", "DF01EF06|28|$")).toEqual({ code: 0, out: "13000000002|$" })
        expect(await driver.iChangePIN(1)).toEqual({ code: 0, out: "" })
      })

      it("keeps the card between the steps of the HSM, and notices when it goes", async () => {
        const first = await driver.iReadCardBas_HSM_Step1(1)
        const key = await backOffice().answerBasic(first.out)
        expect(await driver.iReadCardBas_HSM_Step2(key)).toMatchObject({ code: 0 })
        await driver.iReadCardBas_HSM_Step1(1)
        await slot.eject()
        await state(false)
        expect(await driver.iReadCardBas_HSM_Step2(key)).toMatchObject({ code: -15 })
        expect(await driver.iReadCardBas(1)).toEqual({ code: -2, out: "无卡" })
      })
    })
  })
})
