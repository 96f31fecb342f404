import { describe, expect, it } from "vitest"
import { createCard } from "../../src/card/index.js"
import { keyNamed } from "../../src/dictionary/index.js"
import { createDriver } from "../../src/driver/index.js"
import {
  memoryReader,
  openCard,
  samClient,
  samKeyService,
  samMedicalKeys,
  scriptedKeypad,
} from "../../src/terminal/index.js"
import { sm4Sam, testStore } from "../support/sam-card.js"
import { PIN, testCard, VERSION_1, VERSION_2, VERSION_3 } from "./support.js"

/** A driver as it stands in a hospital: the card in one slot, a PSAM in the other. */
async function hospital(generation: object, samProfile: string, pins: readonly string[] = []) {
  const sam = await openCard(memoryReader(createCard({ profile: samProfile, seed: "sam" })))
  return createDriver({
    contact: { readers: memoryReader(testCard(generation)) },
    keypad: scriptedKeypad(pins),
    keys: samKeyService(sam),
    medicalKeys: samMedicalKeys(sam),
    async terminalNumber() {
      const client = samClient(sam)
      const read = (await client.selectMasterFile()).ok ? await client.readTerminalNumber() : undefined
      return read?.ok ? read.terminalNumber : undefined
    },
  })
}

describe("with a PSAM in its slot (card-commands §14.2)", () => {
  it.each([
    [VERSION_1, "psam"],
    [VERSION_2, "psam"],
    [VERSION_3, "psam-sm4"],
  ] as const)("reads, writes and serves a card %o with %s", async (generation, profile) => {
    const driver = await hospital(generation, profile, ["135799", "135799"])
    const basic = await driver.iReadCardBas(1)
    expect([basic.code, basic.out.split("|")[6]]).toEqual([0, generation.specVersion])
    expect(basic.out.split("|")[9]).toMatch(/^(?!0{12})\d{12}$/)
    expect(await driver.iWriteCard(1, "||", "SSSEEF06|0A|$", "2|$")).toEqual({ code: 0, out: "" })
    expect(await driver.iReadCard(1, 2, "||", "SSSEEF06|0A|$DF01EF08|2B|$")).toEqual({ code: 0, out: "2|$1|$" })
    expect(await driver.iReloadPIN(1, "||")).toEqual({ code: 0, out: "" })
    expect(await driver.iUnblockPIN(1, "||")).toEqual({ code: 0, out: "" })
  })

  it.each([
    [VERSION_1, "psam"],
    [VERSION_2, "psam"],
    [VERSION_3, "psam-sm4"],
  ] as const)("pays from the medical account of a card %o with %s", async (generation, profile) => {
    const driver = await hospital(generation, profile, [PIN, PIN])
    expect(await driver.iDoDebit(1, "|SB0000012|", "10|20|20250315101530|")).toEqual({
      code: 0,
      out: expect.stringMatching(/^[0-9A-F]{8}\|[0-9A-F]{8}\|1224\.56\|$/),
    })
    expect((await driver.iReadDebitRecord(1)).out).toMatch(
      /^0000\|5\|\d{12}\|20250315101530\|10\.00\|20\.00\|1224\.56\|\$/,
    )
  })

  it("answers -2202 for a card of the other algorithm, so that the caller turns to the HSM", async () => {
    const driver = await hospital(VERSION_3, "psam", [PIN])
    expect(await driver.iReadCardBas(1)).toMatchObject({ code: -2202 })
    expect(await driver.iReadCardBas_HSM_Step1(1)).toMatchObject({ code: 0 })
  })
})

describe("with a PSAM that lacks something (driver-api §7)", () => {
  const store = testStore("sm4")
  const RKSSSE = keyNamed("RKssse").psamId
  const driverWith = async (keys: typeof store) => {
    const readers = memoryReader(sm4Sam({ environments: [{ algorithm: "sm4", keys }] }))
    const sam = samKeyService(await openCard(readers))
    const driver = createDriver({ contact: { readers: memoryReader(testCard(VERSION_3)) }, keys: sam })
    return { driver, readers }
  }

  it("answers -2203 without RKssse, -27272 without another key", async () => {
    const { driver } = await driverWith(store.filter(({ id }) => id !== RKSSSE))
    expect(await driver.iReadCardBas(1)).toMatchObject({ code: -2203 })
    const { driver: other } = await driverWith(store.filter(({ id }) => id !== keyNamed("UKssse").psamId))
    expect(await other.iWriteCard(1, "||", "SSSEEF06|0A|$", "2|$")).toMatchObject({ code: -27272 })
  })

  it("answers -24 for a key on a level that does not reach the card", async () => {
    const { driver } = await driverWith(store.map((key) => (key.id === RKSSSE ? { ...key, usage: 0x67 } : key)))
    expect(await driver.iReadCardBas(1)).toEqual({ code: -24, out: "PSAM卡密钥级别不够" })
  })

  it("answers -2201 when it is pulled", async () => {
    const { driver, readers } = await driverWith(store)
    readers.pull()
    expect(await driver.iReadCardBas(1)).toMatchObject({ code: -2201 })
  })
})
