import { describe, expect, it } from "vitest"
import { decideUnemployment, STOP_EVENTS } from "../../../../src/host/bureau/rules/unemployment.js"
import { defaultRegion, loadRegion } from "../../../../src/host/index.js"

const rules = defaultRegion().unemployment
const CLAIM = {
  paidMonths: 84,
  reason: "endedByEmployer",
  registeredOn: "20250610",
  endedOn: "20250531",
  claimedOn: "20250612",
  isAccountActive: true,
} as const

describe("unemployment insurance (R19, domain-rules §10)", () => {
  it("R19: 7 years at 80 % of 2,420 are 14 × 1,936.00 = 27,104.00", () => {
    const answer = decideUnemployment(CLAIM, loadRegion("bj-like", { date: "20250601" }).unemployment)
    expect(answer).toMatchObject({
      ok: true,
      months: 14,
      monthlyFen: 193_600n,
      totalFen: 2_710_400n,
      from: "202506",
      to: "202607",
    })
    expect(answer.steps).toContainEqual(
      expect.objectContaining({ parameter: "unemployment.amount.pctMinWage", value: "0.8", figure: "1936.00" }),
    )
  })

  it.each([
    [12, 2],
    [48, 8],
    [59, 8],
    [60, 10],
    [84, 14],
    [108, 18],
    [120, 20],
    [144, 24],
    [400, 24],
  ])("%i months paid give %i months", (paidMonths, months) => {
    expect(decideUnemployment({ ...CLAIM, paidMonths }, rules)).toMatchObject({ ok: true, months })
  })

  it("unused months carry over, 24 in all", () => {
    expect(decideUnemployment({ ...CLAIM, paidMonths: 12, carriedMonths: 5 }, rules)).toMatchObject({ months: 7 })
    expect(decideUnemployment({ ...CLAIM, paidMonths: 144, carriedMonths: 5 }, rules)).toMatchObject({ months: 24 })
  })

  it("U01: 11 months and 29 days are 11 months", () => {
    expect(decideUnemployment({ ...CLAIM, paidMonths: 11 }, rules)).toMatchObject({ code: "U01", lacks: "1" })
  })

  it.each(["resigned", "refusedRenewal"] as const)("U02: %s is the person's own will", (reason) => {
    expect(decideUnemployment({ ...CLAIM, reason }, rules)).toMatchObject({ code: "U02" })
  })

  it("U03: nobody gets it without registration", () => {
    const { registeredOn: _, ...unregistered } = CLAIM
    expect(decideUnemployment(unregistered, rules)).toMatchObject({ code: "U03" })
  })

  it("U04: a region whose steps give nothing for these years", () => {
    expect(decideUnemployment(CLAIM, { ...rules, monthsPerYear: 0 })).toMatchObject({ code: "U04" })
  })

  it.each(STOP_EVENTS)("U05: %s ends it (Art. 51)", (stopEvent) => {
    expect(decideUnemployment({ ...CLAIM, stopEvent }, rules)).toMatchObject({ code: "U05", lacks: stopEvent })
  })

  it("U06: it is paid to the card's financial account, which has to be active", () => {
    expect(decideUnemployment({ ...CLAIM, isAccountActive: false }, rules)).toMatchObject({ code: "U06" })
  })

  it("U07: a region may still have a deadline", () => {
    const dated = { ...rules, claimDeadlineDays: 60 }
    expect(decideUnemployment({ ...CLAIM, claimedOn: "20250730" }, dated).ok).toBe(true)
    expect(decideUnemployment({ ...CLAIM, claimedOn: "20250731" }, dated)).toMatchObject({ code: "U07" })
  })

  it("is lower after month 12 where the region says so, begins in the next month at a year's end", () => {
    const answer = decideUnemployment(
      { ...CLAIM, registeredOn: "20251231" },
      { ...rules, afterMonth12Factor: 9_000, start: "nextMonth" },
    )
    expect(answer).toMatchObject({
      monthlyFen: 160_000n,
      laterFen: 144_000n,
      totalFen: 2_208_000n,
      from: "202601",
      to: "202702",
    })
  })

  it("stays between the living line and the minimum wage", () => {
    const amount = (pctMinWage: number, livingLine: bigint) =>
      decideUnemployment(CLAIM, { ...rules, amount: { pctMinWage, minWage: 200_000n, livingLine } })
    expect(amount(4_000, 100_000n)).toMatchObject({ monthlyFen: 100_000n })
    expect(amount(10_000, 100_000n)).toMatchObject({ monthlyFen: 200_000n })
    // A region that contradicts itself: Art. 47 says not below the living line.
    expect(amount(4_000, 300_000n)).toMatchObject({ monthlyFen: 300_000n })
  })
})
