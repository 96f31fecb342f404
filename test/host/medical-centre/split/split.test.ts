import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { CareKind, ClassifiedCosts, CostLine, ExplanationStep } from "../../../../src/dictionary/index.js"
import { defaultRegion, loadRegion, type RegionChanges } from "../../../../src/host/index.js"
import { type SettlementCase, UNUSED_YEAR } from "../../../../src/host/medical-centre/split/case.js"
import { classify } from "../../../../src/host/medical-centre/split/classify.js"
import { amountPaidBy, mul } from "../../../../src/host/medical-centre/split/money.js"
import { splitBill } from "../../../../src/host/medical-centre/split/split.js"

const { medical } = defaultRegion()
const scopeOnly = (scopeFen: bigint): ClassifiedCosts => ({
  totalFen: scopeFen,
  ownFen: 0n,
  overFen: 0n,
  preFen: 0n,
  scopeFen,
})
const base: SettlementCase = {
  care: "inpatient",
  level: "3",
  place: "other",
  person: { isRetiree: false, age: 40, isCivilServant: false, getsAid: false },
  costs: scopeOnly(0n),
  year: UNUSED_YEAR,
  penaltyPoints: 0,
  accountFen: 0n,
  familyFen: 0n,
}
const rulesOf = (changes: RegionChanges["medical"] = {}) => defaultRegion({ medical: changes }).medical

describe("rounding", () => {
  it.each([
    [13335n, 7000, 9335n],
    [1n, 5000, 1n],
    [1n, 4999, 0n],
    [0n, 9000, 0n],
    [999_999_999_999n, 10_000, 999_999_999_999n],
  ])("%s × %s/10000 is %s, half up", (fen, ratio, expected) => {
    expect(mul(fen, ratio)).toBe(expected)
  })

  it("finds the least amount that a payment belongs to", () => {
    expect(amountPaidBy(40_000_000n, 8500)).toBe(47_058_824n)
  })
})

describe("classes of cost (domain-rules §6.1)", () => {
  const line = (own: Partial<CostLine>): CostLine => ({
    code: "X",
    category: "drug",
    class: "A",
    feeFen: 10_000n,
    ...own,
  })

  it.each<[string, CostLine, Partial<ClassifiedCosts>]>([
    ["A is in scope", line({}), { scopeFen: 10_000n }],
    ["B has a first share", line({ class: "B" }), { preFen: 1_000n, scopeFen: 9_000n }],
    ["C is all own", line({ class: "C" }), { ownFen: 10_000n, scopeFen: 0n }],
    ["above a price limit is own", line({ ceilingFen: 9_000n }), { overFen: 1_000n, scopeFen: 9_000n }],
    [
      "the first share is of what is below the limit",
      line({ class: "B", ceilingFen: 5_000n }),
      { overFen: 5_000n, preFen: 500n, scopeFen: 4_500n },
    ],
    ["a negotiated drug has its own share", line({ class: "B", firstShare: 3_000 }), { preFen: 3_000n }],
    ["a limit above the fee changes nothing", line({ ceilingFen: 20_000n }), { overFen: 0n }],
    ["C has no price limit", line({ class: "C", ceilingFen: 1n }), { ownFen: 10_000n, overFen: 0n }],
    ["half a fen goes to the person", line({ class: "B", feeFen: 5n }), { preFen: 1n, scopeFen: 4n }],
  ])("%s", (_, own, expected) => {
    expect(classify([own], medical)).toMatchObject(expected)
  })

  it.each<[string, CostLine[], string]>([
    ["no line", [], "lines"],
    ["a fee of nothing", [line({ feeFen: 0n })], "lines.0.fee"],
    ["a negative fee", [line({}), line({ feeFen: -1n })], "lines.1.fee"],
    ["a huge fee", [line({ feeFen: 1_000_000_000_000n })], "lines.0.fee"],
    ["a huge sum", [line({ feeFen: 999_999_999_999n }), line({})], "lines"],
    ["a negative price limit", [line({ ceilingFen: -1n })], "lines.0.ceiling"],
    ["a share above one", [line({ class: "B", firstShare: 10_001 })], "lines.0.firstShare"],
  ])("refuses %s", (_, lines, field) => {
    expect(() => classify(lines, medical)).toThrow(expect.objectContaining({ code: "INVALID_INPUT", field }))
  })
})

describe("the pooled part", () => {
  it.each<[string, Partial<SettlementCase>, RegionChanges["medical"], object]>([
    [
      "a flat ratio for retired people",
      { person: { ...base.person, isRetiree: true } },
      { inpatient: { retireeShareFactor: null, retireeRatio: 0.95 } },
      { poolFen: 855_000n },
    ],
    [
      "retired people like employees, without a rule of their own",
      { person: { ...base.person, isRetiree: true } },
      { inpatient: { retireeShareFactor: null } },
      { poolFen: 765_000n },
    ],
    ["a penalty never below nothing", { penaltyPoints: 100 }, {}, { poolFen: 0n, shareFen: 900_000n }],
    ["a later stay, a lower deductible", { year: { ...UNUSED_YEAR, stays: 3 } }, {}, { deductibleFen: 50_000n }],
    [
      "a cap that is used up",
      { year: { ...UNUSED_YEAR, inpatientPoolFen: 10_000_000n } },
      {},
      { poolFen: 0n, largeFen: 720_000n },
    ],
    [
      "a cap that a new year's rules lowered",
      { year: { ...UNUSED_YEAR, inpatientPoolFen: 99_000_000n } },
      {},
      { poolFen: 0n },
    ],
    [
      "all caps used up",
      { year: { ...UNUSED_YEAR, inpatientPoolFen: 10_000_000n, largeFen: 30_000_000n } },
      {},
      { fundFen: 0n, aboveFen: 900_000n },
    ],
    ["level 1 pays more", { level: "1" }, {}, { deductibleFen: 50_000n, poolFen: 902_500n }],
    [
      "aid pays what is left of the burden",
      { person: { ...base.person, getsAid: true } },
      { aid: { ratio: 0.5 } },
      { aidFen: 117_500n },
    ],
    ["major illness", {}, { majorIllness: { line: 1000, ratio: 0.6 } }, { majorIllnessFen: 81_000n }],
    [
      "the whole person part may be paid from the account",
      { accountFen: 9_999_999n },
      { paEligible: "allPersonPart" },
      { cashFen: 0n, accountFen: 235_000n },
    ],
    [
      "a pharmacy is not pooled",
      { care: "pharmacy", accountFen: 400_000n },
      {},
      { poolFen: 0n, accountFen: 400_000n, cashFen: 600_000n },
    ],
    [
      "a pharmacy that is pooled",
      { care: "pharmacy" },
      { pharmacy: { pooled: true } },
      { deductibleFen: 100_000n, poolFen: 540_000n },
    ],
    [
      "70 and over",
      { care: "outpatient", person: { ...base.person, isRetiree: true, age: 70 } },
      { outpatient: { ratio: { other: { retiree70: 0.8 } } } },
      { poolFen: 760_000n },
    ],
    [
      "family first",
      { accountFen: 50_000n, familyFen: 60_000n },
      { family: { enabled: true, order: "familyFirst" } },
      { familyFen: 60_000n, accountFen: 50_000n },
    ],
    ["family not enabled", { familyFen: 60_000n }, {}, { familyFen: 0n }],
  ])("%s", (_, own, changes, expected) => {
    const { split } = splitBill({ ...base, costs: scopeOnly(1_000_000n), ...own }, rulesOf(changes))
    expect(split).toMatchObject(expected)
  })

  it("at 31 December and 1 January: the deductible begins anew with the year's use (domain-rules §18.1, 7)", () => {
    const costs = scopeOnly(200_000n)
    const first = splitBill({ ...base, care: "outpatient", costs }, medical)
    const same = splitBill({ ...base, care: "outpatient", costs, year: first.use }, medical)
    const next = splitBill({ ...base, care: "outpatient", costs }, medical)
    expect([first, same, next].map(({ split }) => split.deductibleFen)).toEqual([100_000n, 0n, 100_000n])
  })
})

const amount = (max: bigint) => fc.bigInt({ min: 0n, max })
const arbitraryCase: fc.Arbitrary<SettlementCase> = fc.record({
  care: fc.constantFrom<CareKind>("inpatient", "outpatient", "pharmacy"),
  level: fc.constantFrom("1", "2", "3"),
  place: fc.constantFrom("community", "other"),
  person: fc.record({
    isRetiree: fc.boolean(),
    age: fc.integer({ min: 0, max: 110 }),
    isCivilServant: fc.boolean(),
    getsAid: fc.boolean(),
  }),
  costs: fc
    .tuple(amount(10n ** 10n), amount(10n ** 7n), amount(10n ** 7n), amount(10n ** 7n))
    .map(([scopeFen, ownFen, overFen, preFen]) => ({
      totalFen: scopeFen + ownFen + overFen + preFen,
      ownFen,
      overFen,
      preFen,
      scopeFen,
    })),
  year: fc.record({
    stays: fc.nat(3),
    inpatientScopeFen: amount(10n ** 8n),
    inpatientPoolFen: amount(2n * 10n ** 7n),
    largeFen: amount(5n * 10n ** 7n),
    outpatientDeductibleFen: amount(200_000n),
    outpatientPoolFen: amount(3_000_000n),
  }),
  penaltyPoints: fc.constantFrom(0, 5, 10, 20, 100),
  accountFen: amount(10n ** 7n),
  familyFen: amount(10n ** 7n),
})
const arbitraryRules = fc
  .tuple(fc.constantFrom("default", "bj-like", "sz-like"), fc.boolean(), fc.boolean(), fc.boolean())
  .map(
    ([name, family, all, major]) =>
      loadRegion(name, {
        date: "20250601",
        changes: {
          medical: {
            family: { enabled: family },
            paEligible: all ? "allPersonPart" : "inPolicySelfPay",
            majorIllness: { line: major ? 20_000 : null },
            civil: { ratio: 0.5 },
            aid: { ratio: 0.7 },
          },
        },
      }).medical,
  )

describe("any bill", () => {
  it("is split without a fen more or less, and nobody pays less than nothing", () => {
    fc.assert(
      fc.property(arbitraryCase, arbitraryRules, (input, rules) => {
        const { split } = splitBill(input, rules)
        const { fundFen, accountFen, familyFen, cashFen, totalFen } = split
        expect(fundFen + accountFen + familyFen + cashFen).toBe(totalFen)
        expect(split.poolFen + split.largeFen + split.majorIllnessFen + split.civilFen + split.aidFen).toBe(fundFen)
        const { deductibleFen, poolFen, shareFen, largeFen, largeShareFen, aboveFen, scopeFen } = split
        expect(deductibleFen + poolFen + shareFen + largeFen + largeShareFen + aboveFen).toBe(scopeFen)
        for (const [field, fen] of Object.entries(split)) expect([field, fen >= 0n]).toEqual([field, true])
      }),
    )
  })

  it("never takes more from a fund than its cap, from an account than it holds, or what the account may not pay", () => {
    fc.assert(
      fc.property(arbitraryCase, arbitraryRules, (input, rules) => {
        const { split } = splitBill(input, rules)
        const left = (cap: bigint, used: bigint) => (cap > used ? cap - used : 0n)
        if (input.care === "inpatient") {
          expect(split.poolFen).toBeLessThanOrEqual(left(rules.inpatient.capPayment, input.year.inpatientPoolFen))
          expect(split.largeFen).toBeLessThanOrEqual(left(rules.large.cap, input.year.largeFen))
        } else if (rules.outpatient.afterCap === null)
          expect(split.poolFen).toBeLessThanOrEqual(left(rules.outpatient.cap, input.year.outpatientPoolFen))
        expect(split.accountFen).toBeLessThanOrEqual(input.accountFen)
        expect(split.familyFen).toBeLessThanOrEqual(rules.family.enabled ? input.familyFen : 0n)
        expect(split.accountFen + split.familyFen).toBeLessThanOrEqual(split.eligibleFen)
      }),
    )
  })

  it("that is dearer in scope never costs the funds less", () => {
    fc.assert(
      fc.property(arbitraryCase, arbitraryRules, amount(10n ** 7n), (input, rules, moreFen) => {
        const dearer = {
          ...input.costs,
          totalFen: input.costs.totalFen + moreFen,
          scopeFen: input.costs.scopeFen + moreFen,
        }
        const before = splitBill(input, rules).split
        const after = splitBill({ ...input, costs: dearer }, rules).split
        expect(after.poolFen).toBeGreaterThanOrEqual(before.poolFen)
        expect(after.largeFen).toBeGreaterThanOrEqual(before.largeFen)
        expect(after.deductibleFen).toBeGreaterThanOrEqual(before.deductibleFen)
      }),
    )
  })

  it("costs the person what is out of scope, fen for fen", () => {
    fc.assert(
      fc.property(arbitraryCase, arbitraryRules, amount(10n ** 7n), (input, rules, moreFen) => {
        const dearer = {
          ...input.costs,
          totalFen: input.costs.totalFen + moreFen,
          ownFen: input.costs.ownFen + moreFen,
        }
        const before = splitBill(input, rules).split
        const after = splitBill({ ...input, costs: dearer }, rules).split
        expect(after.personFen - before.personFen).toBe(moreFen)
        expect(after.fundFen).toBe(before.fundFen)
      }),
    )
  })

  it("costs an employee no less than a retired person, in hospital", () => {
    fc.assert(
      fc.property(arbitraryCase, arbitraryRules, (input, rules) => {
        const person = { ...input.person, isRetiree: false }
        const employee = splitBill({ ...input, care: "inpatient", person }, rules).split
        const retiree = splitBill({ ...input, care: "inpatient", person: { ...person, isRetiree: true } }, rules).split
        if (retiree.poolFen < rules.inpatient.capPayment - input.year.inpatientPoolFen)
          expect(retiree.poolFen).toBeGreaterThanOrEqual(employee.poolFen)
      }),
    )
  })
})

describe("explanation", () => {
  it("names rule, parameter and figure of each step, and the figures are those of the split", () => {
    const steps: ExplanationStep[] = []
    const { split } = splitBill({ ...base, costs: scopeOnly(3_700_000n), accountFen: 300_000n }, medical, (step) =>
      steps.push(step),
    )
    expect(steps.map(({ rule, parameter, value, fen }) => [rule, parameter, value, fen])).toEqual([
      ["domain-rules §6.3 (2)", "medical.inpatient.deductible.3.0", "1000.00", split.deductibleFen],
      ["domain-rules §6.3 (3)", "medical.inpatient.bands.3.0", "0.85", 2_465_000n],
      ["domain-rules §6.3 (3)", "medical.inpatient.bands.3.1", "0.9", 630_000n],
      ["domain-rules §6.3 (8)", "medical.paEligible", "inPolicySelfPay", split.eligibleFen],
      ["domain-rules §6.3 (9)", "medical.family.order", "ownFirst", split.accountFen],
      ["domain-rules §6.3 (9)", "", "", split.cashFen],
    ])
    expect(steps[1]!.calculation).toBe("29000.00 × 0.85")
  })

  it.each<CareKind>(["inpatient", "outpatient", "pharmacy"])(
    "of %s names only parameters that the region has",
    (care) => {
      const region = loadRegion("bj-like", {
        date: "20250601",
        changes: { medical: { family: { enabled: true }, majorIllness: { line: 1 } } },
      })
      const person = { isRetiree: true, age: 71, isCivilServant: true, getsAid: true }
      const steps: ExplanationStep[] = []
      splitBill({ ...base, care, person, costs: scopeOnly(90_000_000n) }, region.medical, (step) => steps.push(step))
      expect(steps.length).toBeGreaterThan(5)
      for (const { parameter } of steps)
        if (parameter) {
          const value = parameter.split(".").reduce((at: unknown, key) => (at as Record<string, unknown>)[key], region)
          expect([parameter, value]).not.toEqual([parameter, undefined])
        }
    },
  )
})
