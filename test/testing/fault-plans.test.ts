import "../../src/testing/vitest.js"
import { describe, expect, it } from "vitest"
import { CardRemovedError, hex } from "../../src/apdu/index.js"
import { type FaultPlan, memoryReader, openCard } from "../../src/terminal/index.js"
import {
  diesAfter,
  faultyReaders,
  firstOf,
  intermittent,
  losesAnswer,
  powerCutAtWrite,
  slow,
  withInstruction,
  wrongStatus,
} from "../../src/testing/index.js"
import { pinStatus, tinyCard, verify } from "../terminal/support/tiny-card.js"

async function faultyCard(plan: FaultPlan, timeout?: number) {
  const card = tinyCard()
  const session = await openCard(faultyReaders(memoryReader(card), plan), timeout === undefined ? {} : { timeout })
  return { card, session }
}

describe("fault plans", () => {
  it("slow: the answer comes late, too late for a short deadline", async () => {
    const { session } = await faultyCard(slow(1))
    expect(await session.transmit(verify)).toAnswer("9000")
    const impatient = await faultyCard(slow(60_000, withInstruction(0x20)), 1)
    await expect(impatient.session.transmit(verify)).rejects.toMatchObject({ code: "TIMEOUT" })
  })

  it("intermittent: every n-th command fails, the card stays", async () => {
    const { session } = await faultyCard(intermittent(2))
    expect(await session.transmit(verify)).toAnswer("9000")
    await expect(session.transmit(pinStatus)).rejects.toMatchObject({ code: "COMMUNICATION" })
    expect(await session.transmit(pinStatus)).toAnswer("9000")
  })

  it("diesAfter: the card vanishes after so many exchanges", async () => {
    const { session } = await faultyCard(diesAfter(2))
    expect(await session.transmit(verify)).toAnswer("9000")
    expect(await session.transmit(pinStatus)).toAnswer("9000")
    await expect(session.transmit(pinStatus)).rejects.toBeInstanceOf(CardRemovedError)
    await expect(session.transmit(pinStatus)).rejects.toBeInstanceOf(CardRemovedError)
  })

  it("losesAnswer: the card ran the command", async () => {
    const seen: string[] = []
    const card = tinyCard()
    card.during = () => seen.push("ran")
    const session = await openCard(faultyReaders(memoryReader(card), losesAnswer(1)))
    await expect(session.transmit(verify)).rejects.toBeInstanceOf(CardRemovedError)
    expect(seen).toEqual(["ran"])
  })

  it("wrongStatus: instead of the card, for the commands of the filter", async () => {
    const { session } = await faultyCard(wrongStatus(0x6581, withInstruction(0xdc, 0xd6)))
    expect(await session.transmit(verify)).toAnswer("9000")
    expect(await session.transmit(hex("00DC04040131"))).toAnswer("6581")
  })

  it("powerCutAtWrite: arms the card once, at the first command of the filter", async () => {
    const cuts: number[] = []
    const plan = powerCutAtWrite({ cutPowerAfter: (writes) => cuts.push(writes) }, 3, withInstruction(0x20))
    const { session } = await faultyCard(plan)
    await session.transmit(hex("00A40000023F00"))
    expect(cuts).toEqual([])
    await session.transmit(verify)
    await session.transmit(verify)
    expect(cuts).toEqual([2])
  })

  it("firstOf: the first plan that has a fault decides", async () => {
    const { session } = await faultyCard(firstOf(wrongStatus(0x6581, withInstruction(0xdc)), diesAfter(1)))
    expect(await session.transmit(verify)).toAnswer("9000")
    expect(await session.transmit(hex("00DC04040131"))).toAnswer("6581")
    await expect(session.transmit(verify)).rejects.toBeInstanceOf(CardRemovedError)
  })

  it.each([
    ["milliseconds", () => slow(-1)],
    ["every", () => intermittent(0)],
    ["exchanges", () => diesAfter(-1)],
    ["exchange", () => losesAnswer(0)],
    ["write", () => powerCutAtWrite({ cutPowerAfter() {} }, 0)],
  ])("refuses a wrong %s", (name, make) => {
    expect(make).toThrow(new RegExp(`^${name}: `))
  })
})

describe("faulty readers", () => {
  it("are what they were in all but the line", async () => {
    const readers = faultyReaders(memoryReader(tinyCard()), () => undefined)
    expect(readers.name).toBe("memory")
    expect(await readers.readers()).toMatchObject([{ present: true }])
    const events: string[] = []
    const watch = await readers.watch((event) => events.push(event.type))
    await watch.close()
    expect(events).toEqual(["reader-added", "card-inserted"])
    const session = await openCard(readers)
    expect(await session.transaction(() => session.transmit(verify))).toAnswer("9000")
    expect(await session.reset()).toEqual(session.atr)
    expect(await session.transmit(pinStatus)).toAnswer("63C6")
    await session.disconnect("unpower")
    await readers.close()
    expect(await readers.readers()).toEqual([])
  })
})
