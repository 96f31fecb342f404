import { formatYuan } from "../../../dictionary/index.js"
import { mul } from "../../medical-centre/split/money.js"
import type { Region } from "../../regions/region.js"
import { type BureauStep, Explanation, fraction, held } from "./explain.js"

type ContributionRules = Region["contrib"]

/** Kinds of insurance by their code aae140 of MOHRSS (domain-rules §17.5). */
export const INSURANCES = {
  "110": { zh: "企业职工基本养老保险", en: "old-age insurance" },
  "210": { zh: "失业保险", en: "unemployment insurance" },
  "310": { zh: "职工基本医疗保险(含生育)", en: "medical insurance with maternity" },
  "410": { zh: "工伤保险", en: "work injury insurance" },
} as const
export type Insurance = keyof typeof INSURANCES

/** What a month costs for one person and one kind of insurance. */
export interface Due {
  readonly insurance: Insurance
  readonly baseFen: bigint
  readonly employerFen: bigint
  readonly personFen: bigint
  /** What of it goes to the person's pension account. */
  readonly accountFen: bigint
}

/** A wage held between floor and ceiling (domain-rules §5.1). */
export function baseOf(wageFen: bigint, { floor, ceil }: ContributionRules): bigint {
  return held(wageFen, floor, ceil)
}

/**
 * What employer and employee owe for a month (domain-rules §5.1).
 *
 * @param injuryClass class of the industry, 1 to 8
 * @throws {RangeError} `injuryClass` outside, `wageFen` below 0
 */
export function monthDue(
  wageFen: bigint,
  injuryClass: number,
  rules: ContributionRules,
): { readonly dues: readonly Due[]; readonly isClamped: boolean; readonly steps: readonly BureauStep[] } {
  const injury = rules.rates.injuryByClass[injuryClass - 1]
  if (injury === undefined) throw new RangeError(`injuryClass: expected 1 to 8, got ${injuryClass}`)
  if (wageFen < 0n) throw new RangeError("wageFen: expected 0 or more")
  const told = new Explanation()
  const baseFen = told.money(
    "R23, domain-rules §5.1",
    { zh: "缴费基数", en: "base" },
    "contrib.floor",
    `${formatYuan(rules.floor)} … ${formatYuan(rules.ceil)}`,
    `${formatYuan(wageFen)} held between`,
    baseOf(wageFen, rules),
  )
  const shares: readonly [Insurance, string, readonly [number, number]][] = [
    ["110", "pension", rules.rates.pension],
    ["210", "unemployment", rules.rates.unemployment],
    ["310", "medical", rules.rates.medical],
    ["410", "injuryByClass", [injury, 0]],
  ]
  const dues = shares.map(([insurance, name, [employer, person]]): Due => {
    const employerFen = mul(baseFen, employer)
    const fixedFen = insurance === "310" ? rules.rates.medicalFixed : 0n
    const personFen = mul(baseFen, person) + fixedFen
    told.money(
      "domain-rules §5.1",
      INSURANCES[insurance],
      `contrib.rates.${name}`,
      `${fraction(employer)} ${fraction(person)}`,
      `${formatYuan(baseFen)} × ${fraction(employer)} + ${formatYuan(baseFen)} × ${fraction(person)}` +
        (fixedFen > 0n ? ` + ${formatYuan(fixedFen)}` : ""),
      employerFen + personFen,
    )
    return { insurance, baseFen, employerFen, personFen, accountFen: insurance === "110" ? personFen : 0n }
  })
  return { dues, isClamped: baseFen !== wageFen, steps: told.steps }
}

/** What lateness costs: the due × the daily rate × days (domain-rules §5.1). */
export function lateFee(dueFen: bigint, days: number, { lateFeePerDay }: ContributionRules): bigint {
  return days <= 0 ? 0n : (dueFen * BigInt(lateFeePerDay) * BigInt(days) + 5_000n) / 10_000n
}
