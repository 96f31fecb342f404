import { describe, expect, it } from "vitest"
import {
  deathBenefits,
  decideAppraisal,
  decideRecognition,
  type InjuryGrade,
  injuryBenefits,
  ownWage,
} from "../../../../src/host/bureau/rules/injury.js"
import { defaultRegion } from "../../../../src/host/index.js"

const rules = defaultRegion().injury
const WAGE = 800_000n
const benefits = (grade: InjuryGrade, more = {}) => injuryBenefits({ grade, ownWageFen: WAGE, ...more }, rules)

describe("work injury (R21, domain-rules §11)", () => {
  it.each([27, 25, 23, 21, 18, 16, 13, 11, 9, 7].map((months, at) => [at + 1, months] as const))(
    "grade %i brings %i months of own wage",
    (grade, months) => {
      expect(benefits(grade as InjuryGrade).items[0]).toEqual({
        kind: "lumpSum",
        payer: "fund",
        every: "once",
        fen: BigInt(months) * WAGE,
      })
    },
  )

  it("R21: 8,000 a month: grade 7 is 104,000.00; grade 1 is 216,000.00 and 7,200.00 a month; full care 5,000.00", () => {
    expect(benefits(7).items).toMatchObject([{ fen: 10_400_000n }])
    expect(benefits(1, { care: "full" }).items).toMatchObject([
      { fen: 21_600_000n },
      { kind: "allowance", payer: "fund", every: "month", fen: 720_000n },
      { kind: "care", fen: 500_000n },
    ])
  })

  it("grades 5 and 6 are paid by an employer who has no work for them", () => {
    expect(benefits(5).items[1]).toMatchObject({ kind: "allowance", payer: "employer", fen: 560_000n })
    expect(benefits(6, { hasSuitableWork: true }).items).toHaveLength(1)
  })

  it("an allowance is not below the minimum wage", () => {
    expect(injuryBenefits({ grade: 4, ownWageFen: 200_000n }, rules).items[1]).toMatchObject({ fen: 200_000n })
  })

  it("leaving brings both lump sums of the region, from fund and employer (Art. 38, 39)", () => {
    const answer = benefits(7, { isLeaving: true })
    expect(answer.items.slice(1)).toEqual([
      { kind: "leavingMedical", payer: "fund", every: "once", fen: 12n * WAGE },
      { kind: "leavingEmployment", payer: "employer", every: "once", fen: 16n * WAGE },
    ])
    expect(answer.steps.at(-1)).toMatchObject({ parameter: "injury.leaving.7", value: "16", figure: "128000.00" })
    expect(benefits(4, { isLeaving: true }).items.map(({ kind }) => kind)).toEqual(["lumpSum", "allowance"])
  })

  it("own wage lies between 60 % and 300 % of the average", () => {
    expect(ownWage([100_000n], rules)).toBe(600_000n)
    expect(ownWage([9_000_000n], rules)).toBe(3_000_000n)
    expect(ownWage([800_000n, 800_001n], rules)).toBe(800_001n)
    expect(() => ownWage([], rules)).toThrow(/^basesFen/)
  })

  it("a death brings funeral, dependants within the wage, and 20 national incomes", () => {
    const kinds = [{ relation: "spouse" }, { relation: "other", isAlone: true }, { relation: "other" }] as const
    expect(deathBenefits(WAGE, kinds, rules).items).toMatchObject([
      { kind: "funeral", fen: 6_000_000n },
      { kind: "dependants", fen: WAGE },
      { kind: "deathLumpSum", fen: 108_000_000n },
    ])
    expect(deathBenefits(WAGE, [{ relation: "spouse" }], rules).items[1]).toMatchObject({ fen: 320_000n })
    expect(deathBenefits(WAGE, [], rules).items).toHaveLength(2)
  })

  it.each([
    ["employer", "20250331", "20250430", true],
    ["employer", "20250331", "20250501", false],
    ["person", "20240229", "20250228", true],
    ["union", "20240229", "20250301", false],
    ["relative", "20250331", "20250330", false],
  ] as const)("I01: %s, injured %s, applied %s", (by, injuredOn, appliedOn, ok) => {
    const answer = decideRecognition({ by, injuredOn, appliedOn })
    expect(answer).toMatchObject(ok ? { ok } : { ok, code: "I01" })
  })

  it("decides in 60 days, simple cases in 15", () => {
    const request = { by: "employer", injuredOn: "20250601", appliedOn: "20250601" } as const
    expect(decideRecognition(request)).toMatchObject({ decideBy: "20250731" })
    expect(decideRecognition({ ...request, isSimple: true })).toMatchObject({ decideBy: "20250616" })
  })

  it.each([
    ["I02", { isRecognized: false }],
    ["I03", { isStable: false }],
    ["I04", { missing: ["diagnosis", "recognition"] }],
    ["I05", { kind: "again", lastOn: "20250525" }],
    ["I06", { kind: "review", lastOn: "20240611" }],
    ["D01", { kind: "review" }],
  ] as const)("%s refuses an appraisal", (code, changes) => {
    const request = { kind: "first", isRecognized: true, isStable: true, appliedOn: "20250610" } as const
    expect(decideAppraisal(request)).toMatchObject({ ok: true, concludeBy: "20250809" })
    expect(decideAppraisal({ ...request, ...changes })).toMatchObject({ ok: false, code })
  })

  it("names every missing paper at once", () => {
    const missing = ["diagnosis", "recognition"]
    expect(decideRecognition({ by: "person", injuredOn: "20250601", appliedOn: "20250602", missing })).toMatchObject({
      code: "I04",
      lacks: "diagnosis, recognition",
    })
  })
})
