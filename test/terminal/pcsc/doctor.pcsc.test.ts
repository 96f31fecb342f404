import { describe, expect, it } from "vitest"
import { pcscReaders, runDoctor } from "../../../src/terminal/pcsc/index.js"
import { testCard, USER_ATR } from "../../virtual-reader/test-card.js"
import { eventLog, hasPcscd, inserted, pcscdForThisFile, USER_READER } from "./machine.js"

describe.runIf(hasPcscd)("the doctor on a real machine", () => {
  const service = pcscdForThisFile()
  const codes = async () => (await runDoctor()).map(({ id, code }) => `${id} ${code ?? "well"}`)

  it("9.4.2 inserts no card by looking at the ports", async () => {
    const system = await pcscReaders()
    const log = eventLog()
    await system.watch(log.onEvent, log.onError)
    const before = (await system.readers()).map(({ events }) => events)
    const found = await codes()
    expect(found.filter((code) => code.startsWith("D7"))).toEqual(["D7 NO_CARD", "D7 NO_CARD"])
    expect(found.filter((code) => code.startsWith("D9"))).toContain("D9 well")
    expect((await system.readers()).map(({ events }) => events)).toEqual(before)
    expect(log.brief().filter((event) => event.startsWith("card"))).toEqual([])
    await system.close()
  })

  it("sees the card, and that it answers without delay", async () => {
    const slot = await inserted(testCard())
    const system = await pcscReaders()
    await expect
      .poll(async () => (await system.readers()).find(({ name }) => name === USER_READER)?.atr, { timeout: 10_000 })
      .toEqual(USER_ATR)
    await system.close()
    const findings = await runDoctor()
    expect(findings.filter(({ ok }) => !ok)).toEqual([])
    for (const id of ["D7", "D8"]) expect(findings.find((finding) => finding.id === id)).toMatchObject({ level: "ok" })
    expect(findings.find(({ id }) => id === "D10")).toBeDefined()
    await slot.close()
  })

  it("says that the service does not run", async () => {
    await service.stop()
    expect(await codes()).toContain("D3 NO_SERVICE")
  })
})
