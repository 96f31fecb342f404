import { describe, expect, it } from "vitest"
import type { MedicalCentre, SettlementRequest } from "../../../../src/host/index.js"
import { memoryStore } from "../../../../src/host/store/memory-store.js"
import { faultyStore } from "../../faulty-store.js"
import { BILL_I, openMedicalWorld, PERSON, testCard, yuan } from "../world.js"

const request = (visit: string): SettlementRequest => ({ serial: "S1", visit, lines: BILL_I, pinVerified: true })

/** A world whose store can break, with or without the account on a card. */
async function openBreakable(withCard: boolean) {
  const store = faultyStore(memoryStore())
  const world = await openMedicalWorld({ store })
  const card = withCard ? testCard() : undefined
  if (card) await world.centre.transferToCard({ serial: "load", person: PERSON, kind: "load" }, card)
  const asked = request(await world.visit())
  store.takeCount()
  return { ...world, store, card, asked }
}

/** The money of the world: what nothing may change but a settlement, and that once. */
async function money(centre: MedicalCentre) {
  const { violations, groupsFen } = await centre.ledger.verify()
  expect(violations).toEqual([])
  const of = (group: string) => groupsFen.get(group) ?? 0n
  return { accounts: of("2101") + of("2102"), pool: of("3101"), claims: of("2201"), waiting: of("2202") }
}

const SETTLED = { claims: yuan(35_150), waiting: 0n }

describe.each([
  ["from the account at the centre", false],
  ["from the account on the card", true],
])("a settlement %s", (_, withCard) => {
  it("that breaks at any operation of the store did nothing or all of it, and happens once when asked again", async () => {
    const whole = await openBreakable(withCard)
    expect(await whole.centre.settle(whole.asked, whole.card)).toMatchObject({ ok: true })
    const operations = whole.store.takeCount()
    expect(operations).toBeGreaterThan(20)
    for (let n = 0; n < operations; n++) {
      const { centre, store, card, asked } = await openBreakable(withCard)
      store.breakAfter(n)
      await expect(centre.settle(asked, card)).rejects.toThrow("the store broke")
      const between = await money(centre)
      if (!withCard) expect(between).toMatchObject({ claims: 0n, waiting: 0n })
      expect(await centre.settle(asked, card)).toMatchObject({ ok: true, split: { accountFen: yuan(4_200) } })
      expect(await money(centre)).toMatchObject(SETTLED)
      if (card) expect([card.balanceFen, card.orders().length]).toEqual([0n, 2])
    }
  })

  it("reversed with a cut at any operation is reversed once", async () => {
    const whole = await openBreakable(withCard)
    await whole.centre.settle(whole.asked, whole.card)
    const before = await money(whole.centre)
    whole.store.takeCount()
    await whole.centre.reverse({ serial: "R1", original: "S1" })
    const operations = whole.store.takeCount()
    for (let n = 0; n < operations; n++) {
      const { centre, store, card, asked } = await openBreakable(withCard)
      await centre.settle(asked, card)
      store.breakAfter(n)
      await expect(centre.reverse({ serial: "R1", original: "S1" })).rejects.toThrow("the store broke")
      expect(await money(centre)).toEqual(before)
      expect(await centre.reverse({ serial: "R1", original: "S1" })).toMatchObject({ ok: true })
      expect(await money(centre)).toMatchObject({ accounts: yuan(4_200), claims: 0n })
    }
  })
})

describe("a card in a settlement", () => {
  it.each(["before", "after"] as const)(
    "that gives no answer %s its commit: nothing is owed until it is proved",
    async (moment) => {
      const { centre, card, asked } = await openBreakable(true)
      card!.failNext(moment)
      expect(await centre.settle(asked, card)).toMatchObject({ ok: false, code: "S09", isPending: true })
      expect(await money(centre)).toMatchObject({ claims: 0n, waiting: yuan(35_150) })
      expect(await centre.find("S1")).toMatchObject({ ok: false, isPending: true })
      // Asked without the card it still waits; reversed it cannot be.
      expect(await centre.settle(asked)).toMatchObject({ isPending: true })
      expect(await centre.reverse({ serial: "R", original: "S1" })).toMatchObject({ code: "S08", isPending: true })
      expect(await centre.settle(asked, card)).toMatchObject({ ok: true })
      expect(card!.balanceFen).toBe(0n)
      expect(await money(centre)).toMatchObject(SETTLED)
    },
  )

  it("that refuses leaves everything as it was", async () => {
    const { centre, card, asked } = await openBreakable(true)
    const before = await money(centre)
    card!.failNext("refused")
    expect(await centre.settle(asked, card)).toMatchObject({ ok: false, code: "S01" })
    expect(await money(centre)).toEqual(before)
    expect(card!.balanceFen).toBe(yuan(4_200))
    expect(await centre.settle(asked, card)).toMatchObject({ ok: false, code: "S01" })
    expect(await centre.settle({ ...asked, serial: "S2" }, card)).toMatchObject({ ok: true })
  })

  it("of somebody else is refused", async () => {
    const { centre, asked } = await openBreakable(true)
    expect(await centre.settle(asked, testCard("S00000020"))).toMatchObject({ code: "S01", detail: "C02" })
  })

  it("hears what the account and the funds pay", async () => {
    const { centre, card, asked } = await openBreakable(true)
    await centre.settle(asked, card)
    expect(card!.orders().at(-1)).toMatchObject({
      kind: "debit",
      personalFen: yuan(4_200),
      pooledFen: yuan(30_950),
      date: "20250610",
      time: "100000",
    })
  })

  it("gets its money back with the next load after a reversal", async () => {
    const { centre, card, asked } = await openBreakable(true)
    await centre.settle(asked, card)
    await centre.reverse({ serial: "R1", original: "S1" })
    expect(await centre.account(PERSON)).toMatchObject({ centreFen: yuan(4_200), cardFen: 0n })
    expect(await centre.transferToCard({ serial: "load2", person: PERSON, kind: "load" }, card!)).toMatchObject({
      ok: true,
      cardFen: yuan(4_200),
    })
    expect(card!.balanceFen).toBe(yuan(4_200))
  })

  it.each([
    ["did debit", "after", true],
    ["did not debit", "before", false],
  ] as const)("that never comes back is resolved by staff: it %s", async (_, fault, isCommitted) => {
    const { centre, store, card, asked } = await openBreakable(true)
    card!.failNext(fault)
    await centre.settle(asked, card)
    const resolution = { serial: "S1", isCommitted, operator: "chief-1", purpose: "card lost" }
    expect(await centre.resolveCardOrder(resolution)).toBe(true)
    expect(await centre.resolveCardOrder(resolution)).toBe(false)
    const after = await money(centre)
    expect(after).toMatchObject(isCommitted ? SETTLED : { accounts: yuan(4_200), claims: 0n, waiting: 0n })
    expect((await centre.account(PERSON))!.cardFen).toBe(card!.balanceFen)
    expect(await centre.find("S1")).toMatchObject({ ok: isCommitted })
    const audit = await store.transaction((rows) => rows.list("medicalAudit"))
    expect(audit).toMatchObject([
      { actor: "chief-1", purpose: "card lost", result: isCommitted ? "done" : "cancelled" },
    ])
  })

  it.each(["load", "unload"] as const)("whose %s stays open is resolved by staff", async (kind) => {
    for (const isCommitted of [true, false]) {
      const { centre, card } = await openBreakable(true)
      if (kind === "load") await centre.transferToCard({ serial: "back", person: PERSON, kind: "unload" }, card!)
      card!.failNext(isCommitted ? "after" : "before")
      await centre.transferToCard({ serial: "X", person: PERSON, kind }, card!)
      expect(await centre.openCardOrder(PERSON, kind)).toBe("X")
      await centre.resolveCardOrder({ serial: "X", isCommitted, operator: "chief-1", purpose: "card lost" })
      expect((await centre.account(PERSON))!.cardFen).toBe(card!.balanceFen)
      expect(await centre.openCardOrder(PERSON, kind)).toBeUndefined()
      await money(centre)
    }
  })

  it("that is only looked at by others is not debited twice when two presentations cross", async () => {
    const { centre, card, asked } = await openBreakable(true)
    card!.failNext("after")
    await centre.settle(asked, card)
    const [first, second] = await Promise.all([centre.settle(asked, card), centre.settle(asked, card)])
    expect([first.ok, second.ok]).toEqual([true, true])
    expect(await money(centre)).toMatchObject(SETTLED)
  })
})
