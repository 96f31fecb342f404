import { formatYuan } from "../../../dictionary/index.js"
import { addDays, addMonths } from "../../medical-centre/calendar.js"
import { mul } from "../../medical-centre/split/money.js"
import type { Region } from "../../regions/region.js"
import { type BureauRefusal, type BureauStep, Explanation, fraction, held } from "./explain.js"
import { refuse } from "./refusals.js"

type UnemploymentRules = Region["unemployment"]

/** Why work ended. The last two are the person's own will (domain-rules §10). */
export const LEAVING_REASONS = {
  endedByEmployer: true,
  expired: true,
  dismissed: true,
  employerClosed: true,
  article38: true,
  resigned: false,
  refusedRenewal: false,
} as const satisfies Readonly<Record<string, boolean>>

export type LeavingReason = keyof typeof LEAVING_REASONS

/** What ends the benefit (Art. 51). */
export const STOP_EVENTS = [
  "employed",
  "military",
  "settledAbroad",
  "pension",
  "refusedWork",
  "refusedTraining",
] as const
export type StopEvent = (typeof STOP_EVENTS)[number]

export interface UnemploymentClaim {
  /** Months paid since the last benefit. */
  readonly paidMonths: number
  /** Months of an earlier benefit that were not used. */
  readonly carriedMonths?: number
  readonly reason: LeavingReason
  /** YYYYMMDD of the registration; undefined when there is none. */
  readonly registeredOn?: string
  /** Day on which work ended. */
  readonly endedOn: string
  readonly claimedOn: string
  readonly isAccountActive: boolean
  readonly stopEvent?: StopEvent
}

export interface UnemploymentBenefit {
  readonly ok: true
  readonly months: number
  readonly monthlyFen: bigint
  /** From month 13. */
  readonly laterFen: bigint
  readonly totalFen: bigint
  /** First and last month, YYYYMM. */
  readonly from: string
  readonly to: string
  readonly isMedicalFromFund: boolean
  readonly steps: readonly BureauStep[]
}

/** What a month brings: a share of the minimum wage, not below the living line, not above the minimum wage (Art. 47). */
function monthly(told: Explanation, { amount }: UnemploymentRules): bigint {
  const { pctMinWage, minWage, livingLine } = amount
  const share = mul(minWage, pctMinWage)
  return told.money(
    "Art. 47, domain-rules §10",
    { zh: "每月失业保险金", en: "benefit a month" },
    "unemployment.amount.pctMinWage",
    fraction(pctMinWage),
    `${formatYuan(minWage)} × ${fraction(pctMinWage)}, in ${formatYuan(livingLine)} … ${formatYuan(minWage)}`,
    held(share, livingLine, minWage),
  )
}

/** Eligibility, duration and amount of unemployment insurance (Art. 45 to 51, domain-rules §10). */
export function decideUnemployment(
  claim: UnemploymentClaim,
  rules: UnemploymentRules,
): UnemploymentBenefit | BureauRefusal {
  const { paidMonths, carriedMonths = 0, registeredOn, endedOn, claimedOn } = claim
  const told = new Explanation()
  told.figure(
    "Art. 45",
    { zh: "缴费月数", en: "months paid" },
    "unemployment.minMonths",
    rules.minMonths,
    `${paidMonths} of ${rules.minMonths}`,
    String(paidMonths),
  )
  if (paidMonths < rules.minMonths && carriedMonths === 0)
    return refuse("U01", String(rules.minMonths - paidMonths), told.steps)
  if (!LEAVING_REASONS[claim.reason]) return refuse("U02", undefined, told.steps)
  if (registeredOn === undefined) return refuse("U03", undefined, told.steps)
  if (claim.stopEvent) return refuse("U05", claim.stopEvent, told.steps)
  if (rules.claimDeadlineDays !== null && claimedOn > addDays(endedOn, rules.claimDeadlineDays))
    return refuse("U07", addDays(endedOn, rules.claimDeadlineDays), told.steps)
  if (!claim.isAccountActive) return refuse("U06", undefined, told.steps)
  const years = Math.floor(paidMonths / 12)
  const cap = rules.caps.filter(([from]) => years >= from).at(-1)?.[1] ?? 0
  const most = Math.max(...rules.caps.map(([, months]) => months))
  const earned = Math.min(rules.monthsPerYear * years, cap)
  const months = Math.min(earned + carriedMonths, most)
  told.figure(
    "Art. 46, domain-rules §10",
    { zh: "领取月数", en: "months of benefit" },
    "unemployment.monthsPerYear",
    rules.monthsPerYear,
    `min(${rules.monthsPerYear} × ${years}, ${cap}) + ${carriedMonths}, at most ${most}`,
    String(months),
  )
  if (months === 0) return refuse("U04", undefined, told.steps)
  const monthlyFen = monthly(told, rules)
  const lowered = mul(monthlyFen, rules.afterMonth12Factor)
  const laterFen = held(lowered, rules.amount.livingLine, rules.amount.minWage)
  const early = Math.min(months, 12)
  const totalFen = told.money(
    "domain-rules §10",
    { zh: "合计", en: "in all" },
    "unemployment.afterMonth12Factor",
    fraction(rules.afterMonth12Factor),
    `${early} × ${formatYuan(monthlyFen)} + ${months - early} × ${formatYuan(laterFen)}`,
    BigInt(early) * monthlyFen + BigInt(months - early) * laterFen,
  )
  const first = rules.start === "nextMonth" ? addMonths(`${registeredOn.slice(0, 6)}01`, 1) : registeredOn
  const from = first.slice(0, 6)
  told.figure(
    "Art. 50, domain-rules §10",
    { zh: "首月", en: "first month" },
    "unemployment.start",
    rules.start,
    registeredOn,
    from,
  )
  const to = addMonths(`${from}01`, months - 1).slice(0, 6)
  return {
    ok: true,
    months,
    monthlyFen,
    laterFen,
    totalFen,
    from,
    to,
    isMedicalFromFund: rules.medicalFromFund,
    steps: told.steps,
  }
}
