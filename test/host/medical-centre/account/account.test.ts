import { describe, expect, it } from "vitest"
import { loadRegion } from "../../../../src/host/index.js"
import { interestOn } from "../../../../src/host/medical-centre/account/interest.js"
import { contributionBase, monthlyShare } from "../../../../src/host/medical-centre/account/premium.js"
import { addDays, addMonths, ageOn, daysBetween, medicalYear } from "../../../../src/host/medical-centre/calendar.js"
import { memoryStore } from "../../../../src/host/store/memory-store.js"
import { faultyStore } from "../../faulty-store.js"
import { OTHER, openMedicalWorld, PERSON, RETIREE, testCard, yuan } from "../world.js"

describe("monthly credit (domain-rules §5.2)", () => {
  const region = (name: string) => loadRegion(name, { date: "20250601" })
  const employee = { kind: "employee", birthDate: "19900101" } as const
  const retiree = { kind: "retiree", birthDate: "19550610" } as const

  it.each([
    ["wage 8,000", "default", employee, 8_000, 160],
    ["wage 5,000 below the floor", "bj-like", employee, 5_000, 136.42],
    ["wage above the ceiling", "default", employee, 50_000, 600],
    ["retired", "default", retiree, 0, 100],
    ["retired, below 70", "bj-like", { ...retiree, birthDate: "19550611" }, 0, 100],
    ["retired, 70 today", "bj-like", retiree, 0, 110],
  ] as const)("%s in %s", (_, name, person, wage, expected) => {
    expect(monthlyShare(person, yuan(wage), "20250610", region(name)).creditFen).toBe(yuan(expected))
  })

  it("R23: the employer's and the employee's premium are split between account and pool, without a fen more or less", () => {
    const { creditFen, poolFen } = monthlyShare(employee, yuan(8_000), "20250610", region("default"))
    expect([creditFen, poolFen]).toEqual([yuan(160), yuan(640)])
  })

  it("a part of the employer's share goes to the account where the region says so", () => {
    const old = loadRegion("default", { changes: { medical: { paCredit: { employerShareToPa: 0.3 } } } })
    expect(monthlyShare(employee, yuan(8_000), "20250610", old)).toEqual({ creditFen: yuan(352), poolFen: yuan(448) })
  })

  it("the base lies between floor and ceiling", () => {
    const { contrib } = region("default")
    expect([0n, yuan(7_000), yuan(99_999)].map((wage) => contributionBase(wage, contrib))).toEqual([
      yuan(6_000),
      yuan(7_000),
      yuan(30_000),
    ])
  })

  it("is posted when the premium arrives, and once", async () => {
    const { centre } = await openMedicalWorld({ balanceYuan: 0 })
    const month = { person: PERSON, month: "202505", wageFen: yuan(8_000) }
    expect(await centre.creditMonth(month)).toEqual({ isNew: true, creditFen: yuan(160), isReturned: false })
    expect(await centre.creditMonth(month)).toMatchObject({ isNew: false })
    expect(await centre.account(PERSON)).toMatchObject({ totalFen: yuan(160) })
    expect(await centre.creditMonth({ ...month, person: OTHER })).toBeUndefined()
    expect((await centre.ledger.verify()).violations).toEqual([])
  })

  it("of a retired person comes from the pool", async () => {
    const { centre } = await openMedicalWorld()
    await centre.insure({
      person: RETIREE,
      name: "测试三号",
      kind: "retiree",
      insuredFrom: "20200101",
      cardNumber: "S00000039",
    })
    const before = (await centre.ledger.verify()).groupsFen.get("3101")!
    await centre.creditMonth({ person: RETIREE, month: "202506" })
    const { groupsFen, violations } = await centre.ledger.verify()
    expect(groupsFen.get("3101")).toBe(before - yuan(100))
    expect(violations).toEqual([])
  })
})

describe("interest (domain-rules §5.2, §8.2)", () => {
  const opening = { date: "20240101", fen: yuan(4_200) }
  it.each([
    ["73 days", [opening], "20250101", "20250315", yuan(8.4)],
    ["a year", [opening], "20250101", "20260101", yuan(42)],
    [
      "half the money half the time",
      [opening, { date: "20250702", fen: -yuan(4_200) }],
      "20250101",
      "20260101",
      2_094n,
    ],
    ["no days", [opening], "20250101", "20250101", 0n],
    ["what comes on the last day", [{ date: "20250315", fen: yuan(999) }], "20250101", "20250315", 0n],
    ["nothing", [], "20250101", "20260101", 0n],
    ["one fen", [{ date: "20240101", fen: 1n }], "20250101", "20260101", 0n],
  ] as const)("for %s", (_, changes, from, to, expected) => {
    expect(interestOn(changes, from, to, 100)).toBe(expected)
  })

  it("of a year is credited once, when the year is over, on the money at the centre and on the card", async () => {
    const { centre, clock } = await openMedicalWorld()
    await centre.transferToCard({ serial: "load", person: PERSON, kind: "load", amountFen: yuan(1_000) }, testCard())
    await expect(centre.creditInterest(PERSON, "2025")).rejects.toMatchObject({ field: "year" })
    clock.set("2026-01-01 00:00:00")
    // 4,200.00 from 10 June to the end of the year: 205 days at 1 %.
    expect(await centre.creditInterest(PERSON, "2025")).toBe(2_359n)
    expect(await centre.creditInterest(PERSON, "2025")).toBe(0n)
    expect(await centre.creditInterest(OTHER, "2025")).toBeUndefined()
    expect(await centre.account(PERSON)).toMatchObject({ totalFen: yuan(4_200) + 2_359n })
  })
})

describe("calendar", () => {
  it.each([
    ["19600229", "20250228", 64],
    ["19600229", "20250301", 65],
    ["19600229", "20240229", 64],
    ["19900101", "20250101", 35],
    ["19900102", "20250101", 34],
  ])("born %s is on %s %i years old", (birth, date, age) => {
    expect(ageOn(birth, date)).toBe(age)
  })

  it.each([
    ["20250131", 1, "20250228"],
    ["20231231", 2, "20240229"],
    ["20250630", 6, "20251230"],
    ["20250115", -1, "20241215"],
  ])("%s and %i months is %s", (date, months, expected) => {
    expect(addMonths(date, months)).toBe(expected)
  })

  it("counts days over year ends and leap days", () => {
    expect(daysBetween("20231231", "20240301")).toBe(61)
    expect(addDays("20240228", 2)).toBe("20240301")
    expect(addDays("20251231", 1)).toBe("20260101")
  })

  it("knows the medical year", () => {
    expect(["20250101", "20251231"].map((date) => medicalYear(date, "01-01"))).toEqual(["20250101", "20250101"])
    expect(["20250630", "20250701"].map((date) => medicalYear(date, "07-01"))).toEqual(["20240701", "20250701"])
  })
})

describe("load and unload", () => {
  const load = { serial: "L1", person: PERSON, kind: "load" } as const

  it("moves money between centre and card, once under a serial", async () => {
    const { centre } = await openMedicalWorld()
    const card = testCard()
    const loaded = await centre.transferToCard({ ...load, amountFen: yuan(1_000) }, card)
    expect(loaded).toEqual({ ok: true, amountFen: yuan(1_000), centreFen: yuan(3_200), cardFen: yuan(1_000) })
    expect(await centre.transferToCard({ ...load, amountFen: yuan(1_000) }, card)).toEqual(loaded)
    expect(card.balanceFen).toBe(yuan(1_000))
    expect(await centre.transferToCard({ ...load, serial: "U1", kind: "unload" }, card)).toMatchObject({
      ok: true,
      amountFen: yuan(1_000),
      cardFen: 0n,
    })
    expect(card.balanceFen).toBe(0n)
  })

  it.each<[string, Partial<{ serial: string; person: string; kind: "load" | "unload"; amountFen: bigint }>, string]>([
    ["more than there is", { amountFen: yuan(5_000) }, "L03"],
    ["nothing", { amountFen: 0n }, "L03"],
    ["less than nothing", { amountFen: -1n }, "L03"],
    ["an empty card to be unloaded", { kind: "unload" }, "L03"],
    ["somebody unknown", { person: OTHER }, "L01"],
  ])("refuses %s", async (_, changes, code) => {
    const { centre } = await openMedicalWorld()
    expect(await centre.transferToCard({ ...load, ...changes }, testCard())).toMatchObject({ ok: false, code })
  })

  it("refuses another person's card, a lost card, and a serial of another order", async () => {
    const { centre } = await openMedicalWorld()
    expect(await centre.transferToCard(load, testCard("S00000020"))).toMatchObject({ code: "L01" })
    await centre.transferToCard({ ...load, amountFen: 1n }, testCard())
    expect(await centre.transferToCard({ ...load, kind: "unload" }, testCard())).toMatchObject({ code: "L04" })
    await centre.changeInsured(PERSON, { cardState: "tempLost" })
    expect(await centre.transferToCard({ ...load, serial: "L2" }, testCard())).toMatchObject({ code: "L02" })
  })

  it.each(["load", "unload"] as const)(
    "%s: whatever breaks, no fen is in two places, and the next try ends it",
    async (kind) => {
      const open = async () => {
        const store = faultyStore(memoryStore())
        const { centre } = await openMedicalWorld({ store })
        const card = testCard()
        if (kind === "unload") await centre.transferToCard(load, card)
        store.takeCount()
        return { store, centre, card }
      }
      const whole = await open()
      await whole.centre.transferToCard({ ...load, serial: "X", kind }, whole.card)
      const operations = whole.store.takeCount()
      for (let n = 0; n < operations; n++) {
        const { store, centre, card } = await open()
        store.breakAfter(n)
        await expect(centre.transferToCard({ ...load, serial: "X", kind }, card)).rejects.toThrow("the store broke")
        expect((await centre.ledger.verify()).violations).toEqual([])
        expect(await centre.transferToCard({ ...load, serial: "X", kind }, card)).toMatchObject({ ok: true })
        expect(card.balanceFen).toBe((await centre.account(PERSON))!.cardFen)
        expect((await centre.account(PERSON))!.totalFen).toBe(yuan(4_200))
      }
    },
  )

  it.each([
    ["load", "before"],
    ["load", "after"],
    ["unload", "before"],
    ["unload", "after"],
  ] as const)("%s without an answer %s the commit waits for the card", async (kind, fault) => {
    const { centre } = await openMedicalWorld()
    const card = testCard()
    if (kind === "unload") await centre.transferToCard(load, card)
    card.failNext(fault)
    const order = { ...load, serial: "X", kind }
    expect(await centre.transferToCard(order, card)).toMatchObject({ ok: false, code: "L05", isPending: true })
    expect(await centre.transferToCard(order, card)).toMatchObject({ ok: true })
    expect((await centre.account(PERSON))!.cardFen).toBe(card.balanceFen)
  })

  it("that the card refuses changes nothing", async () => {
    const { centre } = await openMedicalWorld()
    const card = testCard()
    card.failNext("refused")
    expect(await centre.transferToCard(load, card)).toMatchObject({ code: "L05" })
    expect(await centre.account(PERSON)).toMatchObject({ centreFen: yuan(4_200), cardFen: 0n })
    expect(await centre.transferToCard(load, card)).toMatchObject({ code: "L05" })
    expect((await centre.ledger.verify()).violations).toEqual([])
  })
})

describe("family mutual aid (domain-rules §5.3)", () => {
  const enabled = { changes: { medical: { family: { enabled: true, maxMembers: 1 } } } }
  const bond = { owner: OTHER, member: PERSON, relation: "spouse", isVerified: { owner: true, member: true } } as const
  const withOther = async (options: Parameters<typeof openMedicalWorld>[0] = enabled) => {
    const world = await openMedicalWorld(options)
    await world.centre.insure({
      person: OTHER,
      name: "测试二号",
      kind: "employee",
      insuredFrom: "20200101",
      cardNumber: "S00000020",
    })
    await world.centre.insure({
      person: RETIREE,
      name: "测试三号",
      kind: "retiree",
      insuredFrom: "20200101",
      cardNumber: "S00000039",
    })
    return world.centre
  }

  it("is not offered by default", async () => {
    expect(await (await withOther({})).bindFamily(bond)).toMatchObject({ code: "F01" })
  })

  it.each([
    ["F02 for a relation that may not share", { relation: "cousin" as never }],
    ["F02 for oneself", { owner: PERSON }],
    ["F03 for somebody not insured", { owner: "999999198506150028" }],
    ["F06 unless both sides are verified", { isVerified: { owner: true, member: false } }],
  ])("refuses with %s", async (text, changes) => {
    expect(await (await withOther()).bindFamily({ ...bond, ...changes })).toMatchObject({ code: text.slice(0, 3) })
  })

  it("has a limit of members (F04) and of accounts (F05), and ends when released", async () => {
    const centre = await withOther()
    expect(await centre.bindFamily(bond)).toEqual({ ok: true })
    expect(await centre.bindFamily(bond)).toEqual({ ok: true })
    expect(await centre.bindFamily({ ...bond, member: RETIREE })).toMatchObject({ code: "F04" })
    expect(await centre.bindFamily({ ...bond, owner: RETIREE })).toMatchObject({ code: "F05" })
    expect(await centre.releaseFamily(OTHER, PERSON)).toBe(true)
    expect(await centre.releaseFamily(OTHER, PERSON)).toBe(false)
    expect(await centre.bindFamily({ ...bond, owner: RETIREE })).toEqual({ ok: true })
  })
})

describe("enrolment", () => {
  it("R13: serves employees, unemployed and retired people; others are refused with C12", async () => {
    const { centre } = await openMedicalWorld({ changes: { card: { holderKinds: ["retiree"] } }, balanceYuan: 0 })
    const insured = { person: OTHER, name: "测试二号", insuredFrom: "20200101", cardNumber: "S00000020" }
    expect(await centre.insure({ ...insured, kind: "unemployed" })).toMatchObject({
      ok: false,
      code: "C12",
      rule: "R13",
    })
    const world = await openMedicalWorld()
    for (const kind of ["employee", "unemployed", "retiree"] as const)
      expect(await world.centre.insure({ ...insured, kind })).toMatchObject({ ok: true })
  })

  it("refuses an identity number or a date that cannot be, without repeating it", async () => {
    const { centre } = await openMedicalWorld()
    const insured = {
      person: "999999199001010017",
      name: "X",
      kind: "employee",
      insuredFrom: "20200101",
      cardNumber: "S1",
    } as const
    await expect(centre.insure(insured)).rejects.toEqual(
      expect.objectContaining({ field: "person", message: expect.not.stringContaining("19900101") }),
    )
    await expect(centre.insure({ ...insured, person: PERSON, insuredFrom: "20230229" })).rejects.toEqual(
      expect.objectContaining({ field: "insuredFrom" }),
    )
    await expect(
      centre.registerVisit({ person: PERSON, provider: "X", care: "inpatient", beganOn: "20990101" }),
    ).rejects.toMatchObject({ field: "beganOn" })
  })

  it("keeps number and account of a person who enters again", async () => {
    const { centre } = await openMedicalWorld()
    const again = {
      person: PERSON,
      name: "测试一号",
      kind: "retiree",
      insuredFrom: "20200101",
      cardNumber: "S00000012",
    } as const
    const first = await centre.insure(again)
    expect(await centre.insure(again)).toEqual(first)
    expect(await centre.account(PERSON)).toMatchObject({ totalFen: yuan(4_200) })
    expect(await centre.changeInsured(OTHER, { state: "2" })).toBe(false)
  })
})
