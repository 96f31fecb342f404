import { describe, expect, it } from "vitest"
import {
  type CareKind,
  type CostLine,
  formatYuan,
  roundYuan,
  type SettlementSplit,
} from "../../../../src/dictionary/index.js"
import { loadRegion, type RegionChanges } from "../../../../src/host/index.js"
import { type SettlementCase, UNUSED_YEAR, type YearUse } from "../../../../src/host/medical-centre/split/case.js"
import { classify } from "../../../../src/host/medical-centre/split/classify.js"
import { splitBill } from "../../../../src/host/medical-centre/split/split.js"

/** A row of domain-rules §6.4: amounts in yuan. */
interface WorkedCase {
  readonly region: string
  readonly changes?: RegionChanges
  readonly care?: CareKind
  readonly place?: SettlementCase["place"]
  readonly person?: Partial<SettlementCase["person"]>
  readonly year?: Partial<YearUse>
  readonly penaltyPoints?: number
  readonly total: number
  readonly own: number
  readonly over: number
  readonly pre: number
  readonly account: number
  readonly family?: number
  readonly expected: Readonly<Record<string, number>>
}

const fen = (yuan: number) => BigInt(roundYuan(String(yuan)))

/** Lines that come to these sums: class C, class A, and class B with its first share of 10 % under a price limit. */
function lines({ total, own, over, pre }: WorkedCase): CostLine[] {
  const classB = pre * 10
  const classA = total - own - over - classB
  const rows: [CostLine["class"], number, number?][] = [
    ["C", own],
    ["B", classB + over, classB],
    ["A", classA],
  ]
  return rows
    .filter(([, yuan]) => yuan > 0)
    .map(([costClass, yuan, ceiling]) => ({
      code: costClass,
      category: "drug",
      class: costClass,
      feeFen: fen(yuan),
      ...(ceiling !== undefined && { ceilingFen: fen(ceiling) }),
    }))
}

const A: WorkedCase = {
  region: "bj-like",
  total: 50_000,
  own: 3_000,
  over: 500,
  pre: 1_200,
  account: 4_200,
  expected: {
    scope: 45_300,
    deductible: 1_300,
    pool: 38_430,
    share: 5_570,
    large: 0,
    fund: 38_430,
    person: 11_570,
    account: 4_200,
    cash: 7_370,
  },
}
const I: WorkedCase = {
  region: "default",
  total: 40_000,
  own: 2_000,
  over: 0,
  pre: 1_000,
  account: 3_000,
  expected: {
    scope: 37_000,
    deductible: 1_000,
    pool: 30_950,
    share: 5_050,
    large: 0,
    fund: 30_950,
    person: 9_050,
    account: 3_000,
    cash: 6_050,
  },
}

const CASES: Readonly<Record<string, WorkedCase>> = {
  A,
  "A′": {
    ...A,
    person: { isRetiree: true },
    expected: { ...A.expected, pool: 40_658, share: 3_342, fund: 40_658, person: 9_342, cash: 5_142 },
  },
  B: {
    region: "sz-like",
    total: 12_000,
    own: 800,
    over: 0,
    pre: 200,
    account: 100_000,
    expected: {
      scope: 11_000,
      deductible: 600,
      pool: 9_360,
      share: 1_040,
      large: 0,
      fund: 9_360,
      person: 2_640,
      account: 1_840,
      cash: 800,
    },
  },
  C: {
    region: "bj-like",
    total: 640_000,
    own: 15_000,
    over: 0,
    pre: 5_000,
    account: 0,
    expected: {
      scope: 620_000,
      deductible: 1_300,
      pool: 100_000,
      share: 8_810.53,
      large: 400_000,
      largeShare: 70_588.24,
      above: 39_301.23,
      fund: 500_000,
      person: 140_000,
      account: 0,
      cash: 140_000,
    },
  },
  D: {
    region: "bj-like",
    care: "outpatient",
    year: { outpatientDeductibleFen: fen(1_700) },
    total: 380,
    own: 20,
    over: 0,
    pre: 18,
    account: 500,
    expected: {
      scope: 342,
      deductible: 100,
      pool: 169.4,
      share: 72.6,
      fund: 169.4,
      person: 210.6,
      account: 190.6,
      cash: 20,
    },
  },
  E: {
    ...A,
    changes: { medical: { civil: { ratio: 0.5 } } },
    person: { isCivilServant: true },
    expected: { ...A.expected, civil: 3_435, fund: 41_865, person: 8_135, cash: 3_935 },
  },
  F: {
    region: "bj-like",
    year: { stays: 1, inpatientScopeFen: fen(45_300), inpatientPoolFen: fen(38_430) },
    total: 20_000,
    own: 0,
    over: 0,
    pre: 0,
    account: 0,
    expected: {
      scope: 20_000,
      deductible: 650,
      pool: 18_382.5,
      share: 967.5,
      large: 0,
      fund: 18_382.5,
      person: 1_617.5,
      account: 0,
      cash: 1_617.5,
    },
  },
  G: {
    ...A,
    penaltyPoints: 10,
    expected: { ...A.expected, pool: 34_030, share: 9_970, fund: 34_030, person: 15_970, cash: 11_770 },
  },
  I,
  "I′": {
    ...I,
    person: { isRetiree: true },
    expected: { ...I.expected, pool: 33_475, share: 2_525, fund: 33_475, person: 6_525, cash: 3_525 },
  },
  J: {
    ...I,
    changes: { medical: { family: { enabled: true } } },
    family: 2_500,
    expected: { ...I.expected, family: 2_500, cash: 3_550 },
  },
  K: {
    region: "default",
    care: "outpatient",
    total: 1_500,
    own: 100,
    over: 0,
    pre: 40,
    account: 600,
    expected: {
      scope: 1_360,
      deductible: 1_000,
      pool: 216,
      share: 144,
      fund: 216,
      person: 1_284,
      account: 600,
      cash: 684,
    },
  },
  L: {
    region: "default",
    care: "outpatient",
    place: "community",
    year: { outpatientDeductibleFen: fen(1_000) },
    total: 133.35,
    own: 0,
    over: 0,
    pre: 0,
    account: 10,
    expected: { scope: 133.35, deductible: 0, pool: 93.35, share: 40, fund: 93.35, person: 40, account: 10, cash: 30 },
  },
  M: {
    region: "bj-like",
    care: "outpatient",
    year: { outpatientDeductibleFen: fen(1_800), outpatientPoolFen: fen(19_860) },
    total: 1_000,
    own: 0,
    over: 0,
    pre: 0,
    account: 0,
    expected: { scope: 1_000, deductible: 0, pool: 620, share: 380, fund: 620, person: 380, account: 0, cash: 380 },
  },
  N: {
    region: "default",
    care: "outpatient",
    total: 900,
    own: 50,
    over: 0,
    pre: 0,
    account: 5_000,
    expected: { scope: 850, deductible: 850, pool: 0, share: 0, fund: 0, person: 900, account: 850, cash: 50 },
  },
}

function run(worked: WorkedCase): SettlementSplit {
  const region = loadRegion(worked.region, { date: "20250601", ...(worked.changes && { changes: worked.changes }) })
  const costs = classify(lines(worked), region.medical)
  const { split } = splitBill(
    {
      care: worked.care ?? "inpatient",
      level: "3",
      place: worked.place ?? "other",
      person: { isRetiree: false, age: 40, isCivilServant: false, getsAid: false, ...worked.person },
      costs,
      year: { ...UNUSED_YEAR, ...worked.year },
      penaltyPoints: worked.penaltyPoints ?? 0,
      accountFen: fen(worked.account),
      familyFen: fen(worked.family ?? 0),
    },
    region.medical,
  )
  return split
}

describe("worked settlement (domain-rules §6.4)", () => {
  it("there are fifteen", () => {
    expect(Object.keys(CASES)).toHaveLength(15)
  })

  it.each(Object.keys(CASES))("%s comes out to the fen", (name) => {
    const worked = CASES[name]!
    const split = run(worked)
    const { total, own, over, pre } = worked
    const expected = { total, own, over, pre, ...worked.expected }
    const yuanOf = (field: string) => formatYuan(split[`${field}Fen` as keyof SettlementSplit])
    expect(Object.fromEntries(Object.keys(expected).map((field) => [field, yuanOf(field)]))).toEqual(
      Object.fromEntries(Object.entries(expected).map(([field, yuan]) => [field, formatYuan(fen(yuan))])),
    )
  })
})
