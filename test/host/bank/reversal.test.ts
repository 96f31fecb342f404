import { describe, expect, it } from "vitest"
import type { Message } from "../../../src/dictionary/index.js"
import { PAN } from "../test-terminal.js"
import { openWorld, violations, type World } from "../world.js"

async function approved({ terminal }: World, fen = 50_000): Promise<Message> {
  const request = terminal.withdrawal(fen)
  expect((await terminal.sendMessage(request)).code).toBe("00")
  return request
}

const balance = async ({ bank }: World) => (await bank.account(PAN))?.balanceFen

describe("reversal (host-iso8583 §12)", () => {
  it("(1, 5) finds the original by acquirer, terminal, STAN and date, and posts the opposite once", async () => {
    const world = await openWorld()
    const request = await approved(world)
    const answer = await world.terminal.sendMessage(world.terminal.reversal(request))
    expect(answer).toMatchObject({ code: "00", isMacRight: true, message: { messageType: "0430" } })
    expect(await balance(world)).toBe(1_000_000n)
  })

  it("(1) does not find the transaction of another terminal with the same STAN", async () => {
    const world = await openWorld({
      terminals: [
        { id: "ATM00001", kind: "atm" },
        { id: "ATM00002", kind: "atm" },
      ],
    })
    const request = await approved(world)
    const other = await world.connect("ATM00002")
    const answer = await other.sendMessage(other.reversal(request))
    expect(answer.code).toBe("00")
    expect(await balance(world)).toBe(950_000n)
    expect(await violations(world.bank)).toEqual([])
  })

  it("(2) remembers an unknown request and refuses it when it comes later", async () => {
    const world = await openWorld()
    const late = world.terminal.withdrawal(50_000)
    expect((await world.terminal.sendMessage(world.terminal.reversal(late))).code).toBe("00")
    expect((await world.terminal.sendMessage(late)).code).toBe("94")
    expect((await world.terminal.sendMessage(late)).code).toBe("94")
    expect(await balance(world)).toBe(1_000_000n)
    expect(await violations(world.bank)).toEqual([])
  })

  it("(2) answers 25 to it where the bank does that", async () => {
    const world = await openWorld({ policies: { unknownReversal: "25" } })
    const late = world.terminal.withdrawal(50_000)
    expect((await world.terminal.sendMessage(world.terminal.reversal(late))).code).toBe("25")
    expect((await world.terminal.sendMessage(late)).code).toBe("94")
  })

  it("(3) answers 64 to another amount and posts nothing; the right one still works", async () => {
    const world = await openWorld()
    const request = await approved(world)
    const wrong = world.terminal.reversal(request, "98", { 4: "000000040000" })
    expect((await world.terminal.sendMessage(wrong)).code).toBe("64")
    expect(await balance(world)).toBe(950_000n)
    expect((await world.terminal.sendMessage(world.terminal.reversal(request))).code).toBe("00")
    expect(await balance(world)).toBe(1_000_000n)
  })

  it("(4) answers 00 to a declined original and posts nothing", async () => {
    const world = await openWorld()
    const declined = world.terminal.withdrawal(50_000, { pin: "000000" })
    await world.terminal.sendMessage(declined)
    expect((await world.terminal.sendMessage(world.terminal.reversal(declined))).code).toBe("00")
    expect(await balance(world)).toBe(1_000_000n)
    expect(await violations(world.bank)).toEqual([])
  })

  it("(4) answers 00 to an inquiry and posts nothing", async () => {
    const world = await openWorld()
    const inquiry = world.terminal.inquiry()
    await world.terminal.sendMessage(inquiry)
    const reversal = world.terminal.reversal(inquiry, "98", { 4: "000000000000" })
    expect((await world.terminal.sendMessage(reversal)).code).toBe("00")
    expect(await balance(world)).toBe(1_000_000n)
  })

  it("(5) gives the limit of the original day back, even after midnight", async () => {
    const world = await openWorld({ card: { openingBalanceFen: 10_000_000 } })
    world.clock.set("2025-11-20T15:59:00Z")
    const requests: Message[] = []
    for (let i = 0; i < 4; i++) requests.push(await approved(world, 500_000))
    world.clock.set("2025-11-20T16:01:00Z")
    await world.terminal.signOn()
    for (let i = 0; i < 4; i++) await approved(world, 500_000)
    await world.terminal.sendMessage(world.terminal.reversal(requests[3]!))
    expect((await world.terminal.sendMessage(world.terminal.withdrawal(10_000))).code).toBe("61")
    expect(await violations(world.bank)).toEqual([])
  })

  it("(6) answers a repeat with the same bytes", async () => {
    const world = await openWorld()
    const request = await approved(world)
    const reversal = world.terminal.reversal(request)
    const first = await world.terminal.sendMessage(reversal)
    world.clock.advance(3_600_000)
    const second = await world.terminal.sendMessage(reversal)
    expect(second.message).toEqual(first.message)
    expect(await balance(world)).toBe(1_000_000n)
  })

  it("(6) answers a repeat after a sign-on with the same message under the new key", async () => {
    const world = await openWorld()
    const request = await approved(world)
    const reversal = world.terminal.reversal(request)
    const { 128: _before, ...first } = (await world.terminal.sendMessage(reversal)).fields
    await world.terminal.signOn()
    const answer = await world.terminal.sendMessage(reversal)
    const { 128: _after, ...second } = answer.fields
    expect(answer.isMacRight).toBe(true)
    expect(second).toEqual(first)
    expect(_after).not.toEqual(_before)
  })

  it("(6) is not moved by a repeat with another reason", async () => {
    const world = await openWorld()
    const request = await approved(world)
    await world.terminal.sendMessage(world.terminal.reversal(request, "98"))
    await world.terminal.sendMessage(world.terminal.reversal(request, "06"))
    expect(await balance(world)).toBe(1_000_000n)
    expect(await violations(world.bank)).toEqual([])
  })

  it.each(["taken", "partial", "retracted", "unknown"] as const)(
    "(7) answers 22 and opens a case when the notes were %s",
    async (outcome) => {
      const world = await openWorld()
      const request = await approved(world)
      const actual = outcome === "taken" || outcome === "unknown" ? undefined : 20_000
      await world.terminal.sendMessage(world.terminal.advice(request, outcome, actual))
      const before = await world.bank.ledger.summary()
      expect((await world.terminal.sendMessage(world.terminal.reversal(request))).code).toBe("22")
      expect(await world.bank.ledger.summary()).toEqual(before)
      expect(await world.bank.cases()).toHaveLength(1)
      expect(await violations(world.bank)).toEqual([])
    },
  )

  it("answers 22 to the reversal of another card's or another kind of transaction", async () => {
    const world = await openWorld()
    for (const changes of [{ 2: "6217998765432101232" }, { 3: "210000" }]) {
      const request = await approved(world)
      expect((await world.terminal.sendMessage(world.terminal.reversal(request, "98", changes))).code).toBe("22")
    }
    expect(await balance(world)).toBe(900_000n)
  })

  it("passes while the bank takes no new requests", async () => {
    const world = await openWorld()
    const request = await approved(world)
    world.bank.setService("cutover")
    expect((await world.terminal.sendMessage(world.terminal.withdrawal(10_000))).code).toBe("90")
    expect((await world.terminal.sendMessage(world.terminal.reversal(request))).code).toBe("00")
  })

  it("takes the message types of POS terminals too", async () => {
    const world = await openWorld()
    const request = await approved(world)
    const { fields } = world.terminal.reversal(request)
    const { 90: _original, ...rest } = fields
    expect(await world.terminal.send("0400", rest)).toMatchObject({ code: "00", message: { messageType: "0410" } })
    expect(await balance(world)).toBe(1_000_000n)
  })

  it("reaches a card that was frozen, lost or closed in the meantime", async () => {
    for (const state of ["frozen", "tempLost", "closed"] as const) {
      const world = await openWorld()
      const request = await approved(world)
      await world.bank.setCardState(PAN, state)
      expect((await world.terminal.sendMessage(world.terminal.reversal(request))).code).toBe("00")
      expect(await balance(world)).toBe(1_000_000n)
    }
  })
})
