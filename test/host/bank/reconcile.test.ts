import { describe, expect, it } from "vitest"
import { type BatchTotals, decodePrivateData, encodePrivateData, type Message } from "../../../src/dictionary/index.js"
import type { JournalItem } from "../../../src/host/index.js"
import { CARD, digits, PAN } from "../test-terminal.js"
import { openWorld, violations, type World } from "../world.js"

const nothing = { count: 0, amountFen: 0 }
const NO_TOTALS: BatchTotals = { withdrawals: nothing, deposits: nothing, reversals: nothing, retracts: nothing }

let stan = 900_000
const close = ({ terminal }: World, totals: BatchTotals | undefined, batch = "000001", id = "ATM00001") =>
  terminal.send("0500", {
    7: "1120103000",
    11: digits(++stan, 6),
    12: "103000",
    13: "1120",
    32: "00010000",
    41: id,
    42: "SHEBAO000000001",
    48: encodePrivateData(totals ? { totals } : {}),
    60: `00${batch}201`,
  })

async function withdraw({ terminal }: World, fen: number): Promise<Message> {
  const request = terminal.withdrawal(fen)
  expect((await terminal.sendMessage(request)).code).toBe("00")
  return request
}

const keyOf = ({ fields }: Message) => `00010000-ATM00001-${fields[11]}-20251120`
const item = ({ fields }: Message, outcome: JournalItem["outcome"], actualFen?: number): JournalItem => ({
  stan: fields[11]!,
  date: "20251120",
  outcome,
  amountFen: Number(fields[4]),
  ...(actualFen !== undefined && { actualFen }),
})

describe("0500, the totals of a batch (host-iso8583 §19)", () => {
  it("is answered 00 when the bank has the same", async () => {
    const world = await openWorld()
    const { terminal } = world
    await terminal.sendMessage(terminal.advice(await withdraw(world, 50_000), "taken"))
    await terminal.sendMessage(terminal.reversal(await withdraw(world, 10_000)))
    const totals = {
      ...NO_TOTALS,
      withdrawals: { count: 1, amountFen: 50_000 },
      reversals: { count: 1, amountFen: 10_000 },
    }
    const answer = await close(world, totals)
    expect(answer).toMatchObject({ code: "00", isMacRight: true })
    expect(answer.message.messageType).toBe("0510")
    expect(decodePrivateData(answer.fields[48]!).totals).toEqual(totals)
  })

  it.each([
    ["one withdrawal is missing", { withdrawals: { count: 1, amountFen: 50_000 } }],
    ["one fen is missing", { withdrawals: { count: 2, amountFen: 99_999 } }],
    [
      "a reversal was never sent",
      { withdrawals: { count: 2, amountFen: 100_000 }, reversals: { count: 1, amountFen: 1 } },
    ],
  ] as const)("is answered 95 with the bank's totals, and a case, when %s", async (_what, planted) => {
    const world = await openWorld()
    for (let i = 0; i < 2; i++)
      await world.terminal.sendMessage(world.terminal.advice(await withdraw(world, 50_000), "taken"))
    const answer = await close(world, { ...NO_TOTALS, ...planted })
    expect(answer.code).toBe("95")
    expect(decodePrivateData(answer.fields[48]!).totals).toEqual({
      ...NO_TOTALS,
      withdrawals: { count: 2, amountFen: 100_000 },
    })
    expect((await world.bank.cases()).map(({ reason }) => reason)).toEqual(["the totals of batch 000001 differ"])
  })

  it("is for one batch of one terminal", async () => {
    const world = await openWorld()
    await world.terminal.sendMessage(world.terminal.advice(await withdraw(world, 50_000), "taken"))
    expect((await close(world, NO_TOTALS, "000002")).code).toBe("00")
    expect((await close(world, NO_TOTALS, "000001")).code).toBe("95")
  })

  it("is refused with 30 when it tells no totals", async () => {
    expect((await close(await openWorld(), undefined)).code).toBe("30")
  })

  it("is answered the same again when it is repeated", async () => {
    const world = await openWorld()
    const first = await close(world, NO_TOTALS)
    stan--
    expect((await close(world, NO_TOTALS)).fields[37]).toBe(first.fields[37])
  })
})

describe("comparing item by item (host-iso8583 §19)", () => {
  it.each([
    ["taken", "posted", { customersFen: 950_000n, suspenseFen: 0n }],
    ["notDispensed", "posted", { customersFen: 1_000_000n, suspenseFen: 0n }],
    ["unknown", "posted", { customersFen: 950_000n, suspenseFen: 50_000n }],
  ] as const)("posts what is pending: %s", async (outcome, action, money) => {
    const world = await openWorld()
    const request = await withdraw(world, 50_000)
    expect(await world.bank.reconcile("ATM00001", [item(request, outcome)])).toEqual([
      { key: keyOf(request), journal: outcome, bank: "pending", action },
    ])
    expect(await world.bank.ledger.summary()).toMatchObject({ ...money, pendingFen: 0n })
    expect(await violations(world.bank)).toEqual([])
    expect(await world.bank.reconcile("ATM00001", [item(request, outcome)])).toEqual([])
  })

  it("posts what is pending and was pulled back in", async () => {
    const world = await openWorld()
    const request = await withdraw(world, 50_000)
    await world.bank.reconcile("ATM00001", [item(request, "retracted", 20_000)])
    expect(await world.bank.ledger.summary()).toMatchObject({ pendingFen: 0n, suspenseFen: 30_000n })
    expect(await violations(world.bank)).toEqual([])
  })

  it.each([
    ["the account pays, when it can", 1_000_000, { customersFen: 950_000n }],
    ["it is a claim, when the account cannot", 50_000, { customersFen: 40_000n }],
  ])("finds notes that were taken although the withdrawal was reversed: %s", async (_what, opening, money) => {
    const world = await openWorld({ card: { ...CARD, openingBalanceFen: opening } })
    const { bank, terminal } = world
    const request = await withdraw(world, 50_000)
    await terminal.sendMessage(terminal.reversal(request))
    if (opening === 50_000) await terminal.sendMessage(terminal.advice(await withdraw(world, 10_000), "taken"))
    const differences = await bank.reconcile("ATM00001", [item(request, "taken")])
    expect(differences).toEqual([{ key: keyOf(request), journal: "taken", bank: "reversed", action: "claimed" }])
    expect(await bank.ledger.summary()).toMatchObject(money)
    expect(await bank.cases()).toHaveLength(1)
    expect(await violations(bank)).toEqual([])
    await bank.reconcile("ATM00001", [item(request, "taken")])
    expect(await bank.ledger.summary()).toMatchObject(money)
  })

  it("finds notes that were taken for a request the bank never had: a case", async () => {
    const world = await openWorld()
    const ghost = { stan: "000777", date: "20251120", outcome: "taken", amountFen: 50_000 } as const
    expect(await world.bank.reconcile("ATM00001", [ghost])).toMatchObject([{ bank: "absent", action: "case" }])
    expect(await world.bank.cases()).toHaveLength(1)
  })

  it("finds an amount that differs: a case, and nothing is posted", async () => {
    const world = await openWorld()
    const request = await withdraw(world, 50_000)
    const planted = { ...item(request, "taken"), amountFen: 40_000 }
    expect(await world.bank.reconcile("ATM00001", [planted])).toMatchObject([{ action: "case" }])
    expect(await world.bank.ledger.summary()).toMatchObject({ pendingFen: 50_000n })
  })

  it("moves what is pending and not in the journal to suspense", async () => {
    const world = await openWorld()
    const request = await withdraw(world, 50_000)
    expect(await world.bank.reconcile("ATM00001", [])).toEqual([
      { key: keyOf(request), journal: "absent", bank: "pending", action: "suspended" },
    ])
    expect(await world.bank.ledger.summary()).toMatchObject({ pendingFen: 0n, suspenseFen: 50_000n })
    expect(await violations(world.bank)).toEqual([])
  })

  it("says nothing where both agree", async () => {
    const world = await openWorld()
    const { bank, terminal } = world
    const taken = await withdraw(world, 50_000)
    await terminal.sendMessage(terminal.advice(taken, "taken"))
    const failed = await withdraw(world, 10_000)
    await terminal.sendMessage(terminal.reversal(failed))
    expect(await bank.reconcile("ATM00001", [item(taken, "taken"), item(failed, "notDispensed")])).toEqual([])
  })
})

describe("counting a machine (host-iso8583 §19 step 4)", () => {
  const BOOK = 100_000_000n

  it("finds nothing when it holds what the book says", async () => {
    const { bank } = await openWorld()
    expect(await bank.countCash("ATM00001", BOOK)).toEqual({
      bookFen: BOOK,
      countedFen: BOOK,
      settled: [],
      differenceFen: 0n,
    })
  })

  it.each([
    ["surplus", 10_000n],
    ["shortage", -10_000n],
  ])("books a %s that nothing explains (R3, R4)", async (_what, differenceFen) => {
    const { bank } = await openWorld()
    expect(await bank.countCash("ATM00001", BOOK + differenceFen)).toMatchObject({ differenceFen, settled: [] })
    expect((await bank.ledger.summary()).cashFen.get("1003:ATM00001")).toBe(BOOK + differenceFen)
    expect(await violations(bank)).toEqual([])
    expect(await bank.countCash("ATM00001", BOOK + differenceFen)).toMatchObject({ differenceFen: 0n })
  })

  it("takes notes in suspense for gone when just they are missing (S2)", async () => {
    const world = await openWorld()
    const request = await withdraw(world, 50_000)
    await world.terminal.sendMessage(world.terminal.advice(request, "unknown"))
    expect(await world.bank.countCash("ATM00001", BOOK - 50_000n)).toMatchObject({
      settled: [keyOf(request)],
      differenceFen: 0n,
    })
    expect(await world.bank.ledger.summary()).toMatchObject({ suspenseFen: 0n, customersFen: 950_000n })
    expect(await world.bank.account(PAN)).toMatchObject({ balanceFen: 950_000n })
    expect(await violations(world.bank)).toEqual([])
  })

  it("refuses a terminal that is not the bank's", async () => {
    const { bank } = await openWorld()
    await expect(async () => bank.countCash("NOBODY", 0n)).rejects.toMatchObject({ field: "terminal" })
  })
})
