import { describe, expect, it } from "vitest"
import type { Message } from "../../../src/dictionary/index.js"
import { PAN } from "../test-terminal.js"
import { openWorld, violations, type World } from "../world.js"

const open = () => openWorld({ terminal: "POS00001" })
const purchase = ({ terminal }: World, fen = 30_000, fields = {}) =>
  terminal.request("000000", { fen, fields: { 18: "5411", ...fields } })
const refund = ({ terminal }: World, original: Message, fen = 30_000, fields = {}) =>
  terminal.request("200000", {
    fen,
    fields: { 18: "5411", 22: "052", 52: undefined, 53: undefined, 61: `000001${original.fields[11]}1120`, ...fields },
  })
const balance = async ({ bank }: World) => (await bank.account(PAN))?.balanceFen

async function bought(world: World): Promise<Message> {
  const request = purchase(world)
  expect((await world.terminal.sendMessage(request)).code).toBe("00")
  return request
}

describe("a purchase", () => {
  it("pays the merchant through clearing, and is taken back by a reversal", async () => {
    const world = await open()
    const request = await bought(world)
    expect(await balance(world)).toBe(970_000n)
    expect(await violations(world.bank)).toEqual([])
    for (let i = 0; i < 2; i++)
      expect((await world.terminal.sendMessage(world.terminal.reversal(request))).code).toBe("00")
    expect(await balance(world)).toBe(1_000_000n)
    expect(await violations(world.bank)).toEqual([])
  })

  it.each([
    ["51", "the balance is too low", 1_000_001, {}],
    ["30", "the PIN is missing", 30_000, { 52: undefined }],
    ["13", "the amount is 0", 0, {}],
  ])("is refused with %s when %s", async (code, _when, fen, fields) => {
    const world = await open()
    expect((await world.terminal.sendMessage(purchase(world, fen, fields))).code).toBe(code)
    expect(await violations(world.bank)).toEqual([])
  })

  it("is all that a merchant's terminal does with money, besides refunds", async () => {
    const world = await open()
    for (const code of ["010000", "210000"])
      expect((await world.terminal.sendMessage(world.terminal.request(code, { fen: 10_000 }))).code).toBe("58")
  })
})

describe("a refund", () => {
  it("pays back in parts, together never more than was paid", async () => {
    const world = await open()
    const original = await bought(world)
    const codes: (string | undefined)[] = []
    for (const fen of [10_000, 20_001, 20_000, 1])
      codes.push((await world.terminal.sendMessage(refund(world, original, fen))).code)
    expect(codes).toEqual(["00", "64", "00", "64"])
    expect(await balance(world)).toBe(1_000_000n)
    expect(await violations(world.bank)).toEqual([])
  })

  it.each([
    ["of nothing that was bought", { 61: "0000019999991120" }],
    ["without the purchase it is for", { 61: undefined }],
  ])("is refused with 25: %s", async (_what, fields) => {
    const world = await open()
    expect((await world.terminal.sendMessage(refund(world, await bought(world), 30_000, fields))).code).toBe("25")
  })

  it("leaves no purchase to reverse: 22 and a case", async () => {
    const world = await open()
    const original = await bought(world)
    await world.terminal.sendMessage(refund(world, original, 10_000))
    expect((await world.terminal.sendMessage(world.terminal.reversal(original))).code).toBe("22")
    expect(await world.bank.cases()).toHaveLength(1)
    expect(await violations(world.bank)).toEqual([])
  })

  it("can be made again after it was reversed", async () => {
    const world = await open()
    const original = await bought(world)
    const first = refund(world, original)
    await world.terminal.sendMessage(first)
    const reversal = world.terminal.reversal(first, "98", { 61: first.fields[61] })
    expect((await world.terminal.sendMessage(reversal)).code).toBe("00")
    expect(await balance(world)).toBe(970_000n)
    expect((await world.terminal.sendMessage(refund(world, original))).code).toBe("00")
    expect(await balance(world)).toBe(1_000_000n)
    expect(await violations(world.bank)).toEqual([])
  })
})
