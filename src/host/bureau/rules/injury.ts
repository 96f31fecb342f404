import { formatYuan, type Label } from "../../../dictionary/index.js"
import { addDays, addMonths } from "../../medical-centre/calendar.js"
import { mul } from "../../medical-centre/split/money.js"
import type { Region } from "../../regions/region.js"
import { atLeast, type BureauRefusal, type BureauStep, divide, Explanation, fraction, held } from "./explain.js"
import { refuse } from "./refusals.js"

type InjuryRules = Region["injury"]

export type InjuryGrade = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10
/** How much care is needed: full, most of it, part of it. */
export type CareLevel = "full" | "most" | "part"

/** Terms of the Regulation, the same in all regions (domain-rules §11). */
const TERMS = {
  employerDays: 30,
  othersMonths: 12,
  decisionDays: 60,
  simpleDays: 15,
  conclusionDays: 60,
  againDays: 15,
}

/** Regulation Art. 35 to 37: lump sum in months of own wage, by grade. */
const LUMP_MONTHS: readonly bigint[] = [27n, 25n, 23n, 21n, 18n, 16n, 13n, 11n, 9n, 7n]
/** Monthly allowance in 1/10,000 of own wage: grades 1 to 4 from the fund, 5 and 6 from the employer. */
const ALLOWANCE: readonly number[] = [9_000, 8_500, 8_000, 7_500, 7_000, 6_000]
/** In 1/10,000 of the local average wage. */
const CARE: Readonly<Record<CareLevel, number>> = { full: 5_000, most: 4_000, part: 3_000 }

/** Who asks that an injury be recognized, and when. */
export interface RecognitionRequest {
  readonly by: "employer" | "person" | "relative" | "union"
  readonly injuredOn: string
  readonly appliedOn: string
  readonly isSimple?: boolean
  readonly missing?: readonly string[]
}

/** Whether recognition may still be applied for, and by when it is decided. */
export function decideRecognition(
  request: RecognitionRequest,
): { readonly ok: true; readonly decideBy: string; readonly steps: readonly BureauStep[] } | BureauRefusal {
  const { by, injuredOn, appliedOn, isSimple = false, missing = [] } = request
  const last = by === "employer" ? addDays(injuredOn, TERMS.employerDays) : addMonths(injuredOn, TERMS.othersMonths)
  if (appliedOn < injuredOn || appliedOn > last) return refuse("I01", last)
  if (missing.length > 0) return refuse("I04", missing.join(", "))
  const days = isSimple ? TERMS.simpleDays : TERMS.decisionDays
  const told = new Explanation()
  const decideBy = addDays(appliedOn, days)
  told.figure("domain-rules §11", { zh: "认定期限", en: "decided by" }, "", "", `${appliedOn} + ${days} d`, decideBy)
  return { ok: true, decideBy, steps: told.steps }
}

/** An application for a labour-ability appraisal (劳动能力鉴定), R21. */
export interface AppraisalRequest {
  readonly kind: "first" | "again" | "review"
  readonly isRecognized: boolean
  readonly isStable: boolean
  readonly appliedOn: string
  /** Day on which the last conclusion was delivered, for the second and later. */
  readonly lastOn?: string
  readonly missing?: readonly string[]
}

/** Whether an appraisal may be applied for, and by when it concludes. */
export function decideAppraisal(
  request: AppraisalRequest,
): { readonly ok: true; readonly concludeBy: string; readonly steps: readonly BureauStep[] } | BureauRefusal {
  const { kind, appliedOn, lastOn, missing = [] } = request
  if (!request.isRecognized) return refuse("I02")
  if (!request.isStable) return refuse("I03")
  if (kind !== "first" && lastOn === undefined) return refuse("D01")
  if (kind === "again" && appliedOn > addDays(lastOn!, TERMS.againDays))
    return refuse("I05", addDays(lastOn!, TERMS.againDays))
  if (kind === "review" && appliedOn < addMonths(lastOn!, 12)) return refuse("I06", addMonths(lastOn!, 12))
  if (missing.length > 0) return refuse("I04", missing.join(", "))
  const concludeBy = addDays(appliedOn, TERMS.conclusionDays)
  const told = new Explanation()
  const label = { zh: "鉴定结论期限", en: "concluded by" }
  told.figure("R21, domain-rules §11", label, "", "", `${appliedOn} + ${TERMS.conclusionDays} d`, concludeBy)
  return { ok: true, concludeBy, steps: told.steps }
}

/** Average of the bases of the twelve months before, held between 60 % and 300 % of the local average wage. */
export function ownWage(basesFen: readonly bigint[], { avgWage }: InjuryRules): bigint {
  if (basesFen.length === 0) throw new RangeError("basesFen: expected at least one month")
  const average = divide(
    basesFen.reduce((sum, fen) => sum + fen, 0n),
    BigInt(basesFen.length),
  )
  return held(average, mul(avgWage, 6_000), 3n * avgWage)
}

/** One benefit: who pays it (Art. 38, 39), once or each month. */
export interface InjuryItem {
  readonly kind:
    | "lumpSum"
    | "allowance"
    | "care"
    | "leavingMedical"
    | "leavingEmployment"
    | "funeral"
    | "dependants"
    | "deathLumpSum"
  readonly payer: "fund" | "employer"
  readonly every: "once" | "month"
  readonly fen: bigint
}

export interface InjuryBenefits {
  readonly ok: true
  readonly items: readonly InjuryItem[]
  readonly steps: readonly BureauStep[]
}

const LABELS: Readonly<Record<InjuryItem["kind"], Label>> = {
  lumpSum: { zh: "一次性伤残补助金", en: "lump sum" },
  allowance: { zh: "伤残津贴", en: "monthly allowance" },
  care: { zh: "生活护理费", en: "care" },
  leavingMedical: { zh: "一次性工伤医疗补助金", en: "medical lump sum on leaving" },
  leavingEmployment: { zh: "一次性伤残就业补助金", en: "employment lump sum on leaving" },
  funeral: { zh: "丧葬补助金", en: "funeral" },
  dependants: { zh: "供养亲属抚恤金", en: "pension of dependants" },
  deathLumpSum: { zh: "一次性工亡补助金", en: "lump sum on death" },
}

function collector() {
  const told = new Explanation()
  const items: InjuryItem[] = []
  const add = (item: InjuryItem, parameter: string, value: string, calculation: string) => {
    items.push(item)
    told.money(`R21, domain-rules §11, by ${item.payer}`, LABELS[item.kind], parameter, value, calculation, item.fen)
  }
  return { add, result: (): InjuryBenefits => ({ ok: true, items, steps: told.steps }) }
}

export interface InjuryFacts {
  readonly grade: InjuryGrade
  readonly ownWageFen: bigint
  readonly care?: CareLevel
  /** The contract ends: grades 5 to 10. */
  readonly isLeaving?: boolean
  /** Grades 5 and 6: the employer has suitable work. */
  readonly hasSuitableWork?: boolean
}

/** What grade, wage and care bring (Regulation Art. 33 to 37). @throws {RangeError} `grade` outside 1 to 10 */
export function injuryBenefits(facts: InjuryFacts, rules: InjuryRules): InjuryBenefits {
  const { grade, ownWageFen: wage, care } = facts
  const months = LUMP_MONTHS[grade - 1]
  if (months === undefined) throw new RangeError(`grade: expected 1 to 10, got ${grade}`)
  const { add, result } = collector()
  add({ kind: "lumpSum", payer: "fund", every: "once", fen: months * wage }, "", "", `${months} × ${formatYuan(wage)}`)
  const share = ALLOWANCE[grade - 1]
  if (share !== undefined && (grade <= 4 || (!facts.hasSuitableWork && !facts.isLeaving))) {
    const fen = mul(wage, share)
    add(
      {
        kind: "allowance",
        payer: grade <= 4 ? "fund" : "employer",
        every: "month",
        fen: atLeast(fen, rules.minWage),
      },
      "injury.minWage",
      formatYuan(rules.minWage),
      `${formatYuan(wage)} × ${fraction(share)}, at least ${formatYuan(rules.minWage)}`,
    )
  }
  if (care)
    add(
      { kind: "care", payer: "fund", every: "month", fen: mul(rules.avgWage, CARE[care]) },
      "injury.avgWage",
      formatYuan(rules.avgWage),
      `${formatYuan(rules.avgWage)} × ${fraction(CARE[care])}`,
    )
  if (facts.isLeaving && grade >= 5) {
    const name = String(grade) as keyof InjuryRules["leaving"]
    const [medical, employment] = rules.leaving[name]
    const parameter = `injury.leaving.${grade}`
    const leave = (kind: "leavingMedical" | "leavingEmployment", payer: "fund" | "employer", count: number) =>
      add(
        { kind, payer, every: "once", fen: BigInt(count) * wage },
        parameter,
        String(count),
        `${count} × ${formatYuan(wage)}`,
      )
    leave("leavingMedical", "fund", medical)
    leave("leavingEmployment", "employer", employment)
  }
  return result()
}

/** One relative whom the dead person kept. */
export interface Dependant {
  readonly relation: "spouse" | "other"
  /** A lone old person or an orphan gets a tenth more. */
  readonly isAlone?: boolean
}

/** What a death at work brings (Regulation Art. 39). */
export function deathBenefits(wageFen: bigint, dependants: readonly Dependant[], rules: InjuryRules): InjuryBenefits {
  const { add, result } = collector()
  const average = formatYuan(rules.avgWage)
  add(
    { kind: "funeral", payer: "fund", every: "once", fen: 6n * rules.avgWage },
    "injury.avgWage",
    average,
    `6 × ${average}`,
  )
  const shares = dependants.map(
    ({ relation, isAlone }) => (relation === "spouse" ? 4_000 : 3_000) + (isAlone ? 1_000 : 0),
  )
  const share = Math.min(
    10_000,
    shares.reduce((sum, one) => sum + one, 0),
  )
  if (share > 0)
    add(
      { kind: "dependants", payer: "fund", every: "month", fen: mul(wageFen, share) },
      "",
      "",
      `${formatYuan(wageFen)} × ${fraction(share)}`,
    )
  const income = formatYuan(rules.nationalUrbanYearIncome)
  add(
    { kind: "deathLumpSum", payer: "fund", every: "once", fen: 20n * rules.nationalUrbanYearIncome },
    "injury.nationalUrbanYearIncome",
    income,
    `20 × ${income}`,
  )
  return result()
}
