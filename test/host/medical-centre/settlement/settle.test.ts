import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { SettlementRequest } from "../../../../src/host/index.js"
import { sqliteStore } from "../../../../src/host/store/sqlite-store.js"
import {
  BILL_I,
  CLINIC,
  giveAccount,
  type MedicalWorld,
  OTHER,
  openMedicalWorld,
  PERSON,
  PHARMACY,
  RETIREE,
  yuan,
} from "../world.js"

const lines = (feeFen: bigint) => [{ code: "A01", category: "drug", class: "A", feeFen }] as const
const request = (visit: string, changes: Partial<SettlementRequest> = {}): SettlementRequest => ({
  serial: "H1-0001",
  visit,
  lines: BILL_I,
  pinVerified: true,
  ...changes,
})

async function balances({ centre, store }: MedicalWorld) {
  const check = await centre.ledger.verify()
  const years = await store.transaction((rows) => rows.list("medicalYears"))
  return { groups: Object.fromEntries(check.groupsFen), years, violations: check.violations }
}

describe("settlement", () => {
  it("R16: settles in real time with the personal account: pool, account, claim and year in one step", async () => {
    const world = await openMedicalWorld()
    const visit = await world.visit()
    const outcome = await world.centre.settle(request(visit))
    expect(outcome).toMatchObject({
      ok: true,
      split: { poolFen: yuan(30_950), accountFen: yuan(4_200), cashFen: yuan(4_850) },
      balanceFen: 0n,
      date: "20250610",
    })
    expect(await world.centre.account(PERSON)).toMatchObject({ totalFen: 0n })
    const { groups, years, violations } = await balances(world)
    expect(violations).toEqual([])
    expect(groups["2201"]).toBe(yuan(35_150))
    expect(years).toMatchObject([
      { year: "20250101", stays: 1, inpatientScopeFen: yuan(37_000), inpatientPoolFen: yuan(30_950) },
    ])
  })

  it("is shown before it is done, with the rule behind each figure, and nothing changes", async () => {
    const world = await openMedicalWorld()
    const visit = await world.visit()
    const before = await balances(world)
    const shown = await world.centre.preSettle(request(visit, { pinVerified: false }))
    expect(await balances(world)).toEqual(before)
    expect(shown).toMatchObject({
      ok: true,
      balanceFen: 0n,
      steps: expect.arrayContaining([expect.objectContaining({ parameter: "medical.inpatient.bands.3.0" })]),
    })
    const { split } = (await world.centre.settle(request(visit))) as { split: object }
    expect(shown).toMatchObject({ split })
  })

  it("under one serial happens once, whoever asks again", async () => {
    const world = await openMedicalWorld()
    const asked = request(await world.visit())
    const answers = await Promise.all([
      world.centre.settle(asked),
      world.centre.settle(asked),
      world.centre.settle(asked),
    ])
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    expect((await balances(world)).groups["2201"]).toBe(yuan(35_150))
    expect(await world.centre.find("H1-0001")).toEqual(answers[0])
    expect(await world.centre.find("H1-0002")).toBeUndefined()
  })

  it("settle and reverse is identity (domain-rules §18.1, 4)", async () => {
    const world = await openMedicalWorld()
    const asked = request(await world.visit())
    const before = await world.centre.account(PERSON)
    const funds = (await balances(world)).groups
    await world.centre.settle(asked)
    const reversed = await world.centre.reverse({ serial: "H1-0002", original: "H1-0001" })
    expect(reversed).toMatchObject({
      ok: true,
      accountFen: yuan(4_200),
      fundFen: yuan(30_950),
      balanceFen: yuan(4_200),
    })
    expect(await world.centre.account(PERSON)).toEqual(before)
    const after = await balances(world)
    expect(after.groups).toEqual({ ...funds, "2201": 0n })
    expect(after.years).toMatchObject([{ stays: 0, inpatientScopeFen: 0n, inpatientPoolFen: 0n }])
    expect(after.violations).toEqual([])
    expect(await world.centre.reverse({ serial: "H1-0002", original: "H1-0001" })).toEqual(reversed)
    expect(await world.centre.settle(request(asked.visit, { serial: "H1-0003" }))).toMatchObject({ ok: true })
  })

  it("gives each pot back what it paid when relatives paid too", async () => {
    const world = await openMedicalWorld({ balanceYuan: 3_000, changes: { medical: { family: { enabled: true } } } })
    await world.centre.insure({
      person: OTHER,
      name: "测试二号",
      kind: "employee",
      insuredFrom: "20200101",
      cardNumber: "S00000020",
    })
    await giveAccount(world.centre, OTHER, 2_500)
    await world.centre.bindFamily({
      owner: OTHER,
      member: PERSON,
      relation: "spouse",
      isVerified: { owner: true, member: true },
    })
    const outcome = await world.centre.settle(request(await world.visit()))
    // Case J of domain-rules §6.4.
    expect(outcome).toMatchObject({ split: { accountFen: yuan(3_000), familyFen: yuan(2_500), cashFen: yuan(3_550) } })
    expect(await world.centre.account(OTHER)).toMatchObject({ totalFen: 0n })
    await world.centre.reverse({ serial: "R", original: "H1-0001" })
    expect(await world.centre.account(OTHER)).toMatchObject({ totalFen: yuan(2_500) })
    expect(await world.centre.account(PERSON)).toMatchObject({ totalFen: yuan(3_000) })
    expect((await balances(world)).violations).toEqual([])
  })

  it("counts stays and caps through the year, and begins anew on 1 January (domain-rules §18.1, 7)", async () => {
    const world = await openMedicalWorld({ balanceYuan: 0 })
    const deductibles: bigint[] = []
    for (const [n, day] of ["2025-12-30 10:00:00", "2025-12-31 23:59:59", "2026-01-01 00:00:00"].entries()) {
      world.clock.set(day)
      const visit = await world.visit({ beganOn: "20251229" })
      const outcome = await world.centre.settle(request(visit, { serial: `S${n}`, lines: lines(yuan(5_000)) }))
      if (outcome.ok) deductibles.push(outcome.split.deductibleFen)
    }
    expect(deductibles).toEqual([yuan(1_000), yuan(500), yuan(1_000)])
  })

  it("begins its year when the region says", async () => {
    const world = await openMedicalWorld({ balanceYuan: 0, changes: { medical: { yearStart: "07-01" } } })
    world.clock.set("2025-06-30 23:59:59")
    await world.centre.settle(request(await world.visit(), { serial: "S1" }))
    world.clock.set("2025-07-01 00:00:00")
    const next = await world.centre.settle(request(await world.visit(), { serial: "S2" }))
    expect(next).toMatchObject({ split: { deductibleFen: yuan(1_000) } })
  })

  it("goes by the rules of the day, when they change with the year", async () => {
    const world = await openMedicalWorld({ region: "bj-like", balanceYuan: 0 })
    world.clock.set("2026-02-01 10:00:00")
    const outcome = await world.centre.settle(request(await world.visit()))
    expect(outcome).toMatchObject({ ok: true, split: { deductibleFen: yuan(1_300) } })
  })

  it("at a community clinic and at a pharmacy has its own rules", async () => {
    const world = await openMedicalWorld()
    const clinic = await world.visit({ provider: CLINIC, care: "outpatient" })
    const bill = lines(yuan(2_000))
    expect(await world.centre.settle(request(clinic, { serial: "S1", lines: bill }))).toMatchObject({
      split: { poolFen: yuan(700) },
    })
    const pharmacy = await world.visit({ provider: PHARMACY, care: "pharmacy" })
    expect(await world.centre.settle(request(pharmacy, { serial: "S2", lines: bill }))).toMatchObject({
      split: { poolFen: 0n, accountFen: yuan(2_000) },
    })
  })

  it("leaves the account alone when the person pays in cash", async () => {
    const world = await openMedicalWorld()
    const outcome = await world.centre.settle(request(await world.visit(), { useAccount: false, pinVerified: false }))
    expect(outcome).toMatchObject({ ok: true, split: { accountFen: 0n, cashFen: yuan(9_050) } })
  })

  it("lets a person born on 29 February be 70 on 1 March of a common year", async () => {
    const changes = { medical: { outpatient: { deductible: { retiree: 0 }, ratio: { other: { retiree70: 0.9 } } } } }
    const world = await openMedicalWorld({ changes })
    await world.centre.insure({
      person: RETIREE,
      name: "测试三号",
      kind: "retiree",
      insuredFrom: "20200101",
      cardNumber: "S00000039",
    })
    const pool: bigint[] = []
    for (const [n, day] of ["2030-02-28 12:00:00", "2030-03-01 12:00:00"].entries()) {
      world.clock.set(day)
      const visit = await world.visit({ person: RETIREE, care: "outpatient" })
      const outcome = await world.centre.settle(request(visit, { serial: `S${n}`, lines: lines(yuan(100)) }))
      if (outcome.ok) pool.push(outcome.split.poolFen)
    }
    expect(pool).toEqual([yuan(70), yuan(90)])
  })

  it("is kept in a file, and goes on after the centre was closed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "shebao-medical-"))
    try {
      const path = join(folder, "back-office.db")
      const world = await openMedicalWorld({ store: sqliteStore(path) })
      const asked = request(await world.visit())
      const answer = await world.centre.settle(asked)
      await world.centre.close()
      const again = await openMedicalWorld({ store: sqliteStore(path) })
      expect(await again.centre.settle(asked)).toEqual(answer)
      expect((await again.centre.ledger.verify()).violations).toEqual([])
      await again.centre.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe("a settlement is refused with", () => {
  const refusal = async (world: MedicalWorld, changes: Partial<SettlementRequest> = {}, visit?: string) => {
    const id = visit ?? (await world.visit())
    const before = await balances(world)
    const outcome = await world.centre.settle(request(id, changes))
    expect(await balances(world)).toEqual(before)
    return outcome
  }

  it.each([["tempLost"], ["formallyLost"], ["cancelled"], ["suspended"], ["notEnabled"], ["pinLocked"]] as const)(
    "S01 when the card is %s (domain-rules §18.1, 6)",
    async (cardState) => {
      const world = await openMedicalWorld()
      await world.centre.changeInsured(PERSON, { cardState })
      expect(await refusal(world)).toMatchObject({ code: "S01", detail: cardState === "pinLocked" ? "C10" : "C01" })
    },
  )

  it("S01 and C07 when the holder was dead before the visit", async () => {
    const world = await openMedicalWorld()
    const visit = await world.visit({ beganOn: "20250609" })
    await world.centre.reportDeath(PERSON, "20250608")
    expect(await refusal(world, {}, visit)).toMatchObject({ code: "S01", detail: "C07" })
    expect(await world.centre.registerVisit({ person: PERSON, provider: CLINIC, care: "outpatient" })).toMatchObject({
      code: "S01",
      detail: "C07",
    })
  })

  it("S02 when the insurance was not in force on the day", async () => {
    const world = await openMedicalWorld()
    const visit = await world.visit({ beganOn: "20250609" })
    await world.centre.changeInsured(PERSON, { state: "2", stoppedOn: "20250609" })
    expect(await refusal(world, {}, visit)).toMatchObject({ code: "S02" })
    expect(await world.centre.registerVisit({ person: OTHER, provider: CLINIC, care: "outpatient" })).toMatchObject({
      code: "S02",
    })
  })

  it("nothing when it ended after the stay had begun", async () => {
    const world = await openMedicalWorld()
    const visit = await world.visit({ beganOn: "20250608" })
    await world.centre.changeInsured(PERSON, { state: "3", stoppedOn: "20250609" })
    expect(await world.centre.settle(request(visit))).toMatchObject({ ok: true })
  })

  it("S03 when the visit is not registered, or was cancelled, or the provider has no agreement (Art. 31)", async () => {
    const world = await openMedicalWorld()
    expect(await refusal(world, {}, "V999")).toMatchObject({ code: "S03" })
    const visit = await world.visit()
    expect(await world.centre.cancelVisit(visit)).toBe(true)
    expect(await world.centre.cancelVisit(visit)).toBe(false)
    expect(await refusal(world, {}, visit)).toMatchObject({ code: "S03" })
    await world.centre.addProvider({ code: "H2", name: "非定点", kind: "hospital", hasAgreement: false })
    expect(await world.centre.registerVisit({ person: PERSON, provider: "H2", care: "outpatient" })).toMatchObject({
      code: "S03",
    })
  })

  it.each(["workInjury", "thirdParty"] as const)("S04 for %s (Art. 30; domain-rules §18.1, 22)", async (cause) => {
    const world = await openMedicalWorld()
    expect(await refusal(world, {}, await world.visit({ cause }))).toMatchObject({ code: "S04", rule: "Art. 30" })
  })

  it("S05 when the account shall pay and the PIN was not verified", async () => {
    expect(await refusal(await openMedicalWorld(), { pinVerified: false })).toMatchObject({ code: "S05" })
  })

  it("S05 and C08 when the PIN is still the one that the card was issued with", async () => {
    const world = await openMedicalWorld()
    await world.centre.changeInsured(PERSON, { hasInitialPin: 1 })
    expect(await refusal(world)).toMatchObject({ code: "S05", detail: "C08" })
  })

  it("S06 when the figures changed since the pre-settlement", async () => {
    const world = await openMedicalWorld()
    const [first, second] = [await world.visit(), await world.visit()]
    const shown = await world.centre.preSettle(request(first))
    if (!shown.ok) throw new Error(shown.code)
    await world.centre.settle(request(second, { serial: "other" }))
    const { fundFen, cashFen } = shown.split
    expect(await refusal(world, { expected: { fundFen, cashFen } }, first)).toMatchObject({ code: "S06" })
  })

  it("S07 when the visit is settled, or the serial belongs to another bill", async () => {
    const world = await openMedicalWorld()
    const visit = await world.visit()
    await world.centre.settle(request(visit))
    expect(await refusal(world, { serial: "H1-0002" }, visit)).toMatchObject({ code: "S07" })
    expect(await refusal(world)).toMatchObject({ code: "S07" })
  })

  it("S08 when there is nothing to reverse, or it was reversed already", async () => {
    const world = await openMedicalWorld()
    expect(await world.centre.reverse({ serial: "R1", original: "nothing" })).toMatchObject({ code: "S08" })
    await world.centre.settle(request(await world.visit()))
    await world.centre.reverse({ serial: "R1", original: "H1-0001" })
    expect(await world.centre.reverse({ serial: "R2", original: "H1-0001" })).toMatchObject({ code: "S08" })
  })

  it("an input error that names the line, for a bill that is none", async () => {
    const world = await openMedicalWorld()
    const visit = await world.visit()
    await expect(world.centre.settle(request(visit, { lines: [] }))).rejects.toMatchObject({ field: "lines" })
    await expect(world.centre.settle(request(visit, { lines: lines(-1n) }))).rejects.toMatchObject({
      field: "lines.0.fee",
    })
    expect((await balances(world)).violations).toEqual([])
  })
})

describe("a death", () => {
  it("in hospital: the bill of the stay is settled first (domain-rules §18.1, 14)", async () => {
    const world = await openMedicalWorld()
    const visit = await world.visit({ beganOn: "20250601" })
    await world.centre.reportDeath(PERSON, "20250609")
    await world.centre.changeInsured(PERSON, { cardState: "cancelled", state: "3", stoppedOn: "20250609" })
    expect(await world.centre.settle(request(visit))).toMatchObject({ ok: true, split: { accountFen: yuan(4_200) } })
  })

  it("that becomes known late takes back what was settled after it (domain-rules §3.4, 6)", async () => {
    const world = await openMedicalWorld()
    await world.centre.settle(request(await world.visit({ beganOn: "20250605" }), { serial: "before" }))
    await world.centre.settle(
      request(await world.visit({ beganOn: "20250609" }), { serial: "after", useAccount: false }),
    )
    expect(await world.centre.reportDeath(PERSON, "20250607")).toEqual(["after"])
    expect(await world.centre.find("after")).toMatchObject({ ok: false, code: "S07" })
    expect(await world.centre.find("before")).toMatchObject({ ok: true })
    expect((await balances(world)).violations).toEqual([])
  })

  it("cannot be in the future, and nobody unknown dies", async () => {
    const { centre } = await openMedicalWorld()
    await expect(centre.reportDeath(PERSON, "20250611")).rejects.toMatchObject({ field: "diedOn" })
    await expect(centre.reportDeath(PERSON, "20250231")).rejects.toMatchObject({ field: "diedOn" })
    expect(await centre.reportDeath(OTHER, "20250101")).toBeUndefined()
  })
})
