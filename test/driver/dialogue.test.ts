import { beforeEach, describe, expect, it, vi } from "vitest"
import { createDriver, type SSCardDriver } from "../../src/driver/index.js"
import { type MemoryReader, memoryReader, openCard, type Scheduler } from "../../src/terminal/index.js"
import { backOffice, PIN, stage, testCard } from "./support.js"

let time = 0
let timers: { readonly at: number; readonly run: () => void }[] = []
const scheduler: Scheduler = {
  after(milliseconds, run) {
    const timer = { at: time + milliseconds, run }
    timers.push(timer)
    return () => {
      timers = timers.filter((other) => other !== timer)
    }
  },
}

/** Lets time pass; a clock can move without its timers, as when the process was busy. */
function pass(milliseconds: number, { withTimers = true } = {}): void {
  time += milliseconds
  if (withTimers) for (const { at, run } of [...timers]) if (at <= time) run()
}

let reader: MemoryReader
let driver: SSCardDriver
let key: string

/** Step 1 of reading the public data, and the key that the back office gives for it. */
async function begin(): Promise<void> {
  const { out } = await driver.iReadCard_HSM_Step1(1, "||", "DF01EF08|2B|$")
  key = await backOffice().authenticate(out)
}

beforeEach(async () => {
  time = 0
  timers = []
  reader = memoryReader(testCard())
  driver = createDriver({ contact: { readers: reader }, clock: () => new Date(time), scheduler })
  await begin()
})

const OUT_OF_TURN = { code: -15, out: "信息校验出错" }

describe("the steps of an HSM dialogue (driver-api §4)", () => {
  it("follow each other on one card", async () => {
    expect(await driver.iReadCard_HSM_Step2(key)).toEqual({ code: 0, out: "1|$" })
  })

  it("do not come twice", async () => {
    await driver.iReadCard_HSM_Step2(key)
    expect(await driver.iReadCard_HSM_Step2(key)).toEqual(OUT_OF_TURN)
  })

  it("need their first one", async () => {
    const fresh = stage().driver
    expect(await fresh.iReadCardBas_HSM_Step2("")).toEqual(OUT_OF_TURN)
    expect(await fresh.iReadCard_HSM_Step2("")).toEqual(OUT_OF_TURN)
    expect(await fresh.iWriteCard_HSM_Step2("", "")).toEqual(OUT_OF_TURN)
    expect(await fresh.iReloadPIN_HSM_Step2("")).toEqual(OUT_OF_TURN)
    expect(await fresh.iReloadPIN_HSM_Step3("")).toEqual(OUT_OF_TURN)
    expect(await fresh.iUnblockPIN_HSM_Step2("")).toEqual(OUT_OF_TURN)
    expect(await fresh.iUnblockPIN_HSM_Step3("")).toEqual(OUT_OF_TURN)
    expect(await fresh.iDoDebit_HSM_Step2("")).toEqual(OUT_OF_TURN)
  })

  it("do not belong to another function", async () => {
    expect(await driver.iWriteCard_HSM_Step2(key, "1|$")).toEqual(OUT_OF_TURN)
    expect(await driver.iReadCard_HSM_Step2(key)).toEqual(OUT_OF_TURN)
  })

  it("do not leave one out", async () => {
    await driver.iReloadPIN_HSM_Step1(1, "||")
    expect(await driver.iReloadPIN_HSM_Step3("00")).toEqual(OUT_OF_TURN)
  })

  it.each<[string, (driver: SSCardDriver) => Promise<unknown>]>([
    ["iReadCardBas", (d) => d.iReadCardBas(1)],
    ["iVerifyPIN, which fails", (d) => d.iVerifyPIN(1)],
    ["iGetReaderInfo, which needs no card", (d) => d.iGetReaderInfo()],
    ["a function with a wrong iType", (d) => d.iReadCardBas(9)],
    ["a Step 1", (d) => d.iReadCardBas_HSM_Step1(1)],
  ])("are ended by %s in between", async (_, between) => {
    await between(driver)
    expect(await driver.iReadCard_HSM_Step2(key)).toEqual(OUT_OF_TURN)
  })

  it("are ended by a failure", async () => {
    expect(await driver.iReadCard_HSM_Step2("0")).toMatchObject({ code: -42 })
    expect(await driver.iReadCard_HSM_Step2(key)).toEqual(OUT_OF_TURN)
  })

  it("are ended when the card is removed, and when it comes back", async () => {
    const card = reader.pull()!
    expect(await driver.iReadCard_HSM_Step2(key)).toEqual(OUT_OF_TURN)
    reader.insert(card)
    await begin()
    reader.insert(reader.pull()!)
    expect(await driver.iReadCard_HSM_Step2(key)).toEqual(OUT_OF_TURN)
    await begin()
    expect(await driver.iReadCard_HSM_Step2(key)).toMatchObject({ code: 0 })
  })

  it("wait for 60 seconds and no longer", async () => {
    pass(59_999)
    expect(await driver.iReadCard_HSM_Step2(key)).toMatchObject({ code: 0 })
    await begin()
    pass(60_000)
    expect(await driver.iReadCard_HSM_Step2(key)).toEqual(OUT_OF_TURN)
    await begin()
    pass(60_000, { withTimers: false })
    expect(await driver.iReadCard_HSM_Step2(key)).toEqual(OUT_OF_TURN)
  })

  it("count the 60 seconds from the step before", async () => {
    const office = backOffice()
    const patient = stage(testCard(), ["135799", "135799"], { clock: () => new Date(time), scheduler }).driver
    const first = await patient.iReloadPIN_HSM_Step1(1, "||")
    pass(50_000)
    const second = await patient.iReloadPIN_HSM_Step2(await office.authenticate(first.out))
    pass(50_000)
    expect(await patient.iReloadPIN_HSM_Step3(await office.pinCommand(second.out))).toMatchObject({ code: 0 })
    expect(timers.filter(({ at }) => at > time)).toEqual([])
  })

  it("hold the card for themselves, and give it back at their end", async () => {
    await expect(openCard(reader)).rejects.toMatchObject({ code: "SHARING_VIOLATION" })
    pass(60_000)
    await vi.waitFor(async () => (await openCard(reader)).close())
    await begin()
    await driver.close()
    await (await openCard(reader)).close()
  })

  it("share the card where the driver is told to", async () => {
    const sharing = createDriver({ contact: { readers: reader }, share: "shared" })
    await driver.close()
    const { out } = await sharing.iReadCard_HSM_Step1(1, "||", "DF01EF08|2B|$")
    const other = await openCard(reader)
    expect(await sharing.iReadCard_HSM_Step2(await backOffice().authenticate(out))).toMatchObject({ code: 0 })
    await other.close()
  })
})

describe("one function at a time", () => {
  it("runs calls in the order in which they came", async () => {
    const { driver: busy } = stage(testCard(), [PIN, PIN])
    const results = await Promise.all([busy.iVerifyPIN(1), busy.iReadCardBas(1), busy.iVerifyPIN(1)])
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0])
  })

  it("leaves nothing verified behind", async () => {
    const { driver: first, reader: shared } = stage(testCard(), [PIN])
    await first.iVerifyPIN(1)
    const card = await openCard(shared)
    await card.transmit(Uint8Array.of(0, 0xa4, 0, 0, 2, 0xdd, 0xf1))
    expect(await card.transmit(Uint8Array.of(0, 0x20, 0, 0, 0))).toEqual(Uint8Array.of(0x63, 0xc6))
  })
})
