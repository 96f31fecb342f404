import { formatYuan } from "../../../dictionary/index.js"
import { addMonths, ageOn } from "../../medical-centre/calendar.js"
import type { Region } from "../../regions/region.js"
import { type BureauRefusal, type BureauStep, divide, Explanation, fraction } from "./explain.js"
import { refuse } from "./refusals.js"

type PensionRules = Region["pension"]

/** Months over which the pension account is spread, by age from 40 (GF2005-38, annex of State Council 2005 No. 38). */
const MONTHS_FROM_40 = [
  233, 230, 226, 223, 220, 216, 212, 208, 204, 199, 195, 190, 185, 180, 175, 170, 164, 158, 152, 145, 139, 132, 125,
  117, 109, 101, 93, 84, 75, 65, 56,
]

/**
 * Months of the table for a completed age; ages outside take its first or last (domain-rules §9.1).
 *
 * @example pensionMonths(60) // 139
 */
export function pensionMonths(age: number): number {
  return MONTHS_FROM_40[Math.min(Math.max(age, 40), 70) - 40]!
}

/** Age of retirement before the decision of 2024: men 60, women 55 or 50 by their post. */
export type OriginalAge = 60 | 55 | 50

export interface RetirementAge {
  /** Months later than the original age. */
  readonly delayMonths: number
  readonly years: number
  /** Months beyond the years. */
  readonly months: number
  /** Month of retirement, YYYYMM. */
  readonly month: string
  /** The day on which the original age is reached, and the new one. */
  readonly originalOn: string
  readonly on: string
}

/** The reform raises one month every four months of birth (women of 50: every two), up to 36 (60) months. */
const STEPS: Readonly<Record<OriginalAge, readonly [every: number, most: number]>> = {
  60: [4, 36],
  55: [4, 36],
  50: [2, 60],
}

/**
 * The age of retirement by the decision of 2024-09-13, in force from 2025 (domain-rules §9.2).
 *
 * @param birthDate YYYYMMDD
 * @example retirementAge("19650115", 60) // 60 years and 1 month, 202502
 */
export function retirementAge(birthDate: string, original: OriginalAge): RetirementAge {
  const index = (Number(birthDate.slice(0, 4)) + original - 2025) * 12 + Number(birthDate.slice(4, 6)) - 1
  const [every, most] = STEPS[original]
  const delayMonths = index < 0 ? 0 : Math.min(most, Math.floor(index / every) + 1)
  const on = addMonths(birthDate, original * 12 + delayMonths)
  return {
    delayMonths,
    years: original + Math.floor(delayMonths / 12),
    months: delayMonths % 12,
    month: on.slice(0, 6),
    originalOn: addMonths(birthDate, original * 12),
    on,
  }
}

/** Months that have to be paid for a pension that begins in a year: 15 years to 2029, then half a year more each year to 20. */
export function minimumMonths(year: number): number {
  return 180 + 6 * Math.min(Math.max(year - 2029, 0), 10)
}

export interface PensionFacts {
  readonly paidMonths: number
  /** Average of yearly base to average wage, in 1/10,000. */
  readonly index: number
  readonly accountFen: bigint
  /** Completed years on the day of retirement. */
  readonly age: number
  /** Months that count as paid before the accounts began. */
  readonly transitionalMonths?: number
}

export interface PensionAmount {
  readonly ok: true
  readonly basicFen: bigint
  readonly accountPartFen: bigint
  readonly transitionalFen: bigint
  readonly monthlyFen: bigint
  readonly steps: readonly BureauStep[]
}

/** What a pension comes to in a month (domain-rules §9.1). @throws {RangeError} for months below 0 */
export function pensionAmount(facts: PensionFacts, rules: PensionRules): PensionAmount {
  const { paidMonths, index, accountFen, age, transitionalMonths = 0 } = facts
  if (paidMonths < 0 || transitionalMonths < 0) throw new RangeError("paidMonths: expected 0 or more")
  const told = new Explanation()
  const base = rules.base
  const basicFen = told.money(
    "domain-rules §9.1",
    { zh: "基础养老金", en: "basic pension" },
    "pension.base",
    formatYuan(base),
    `(${formatYuan(base)} + ${formatYuan(base)} × ${fraction(index)}) ÷ 2 × ${paidMonths} ÷ 12 × 1 %`,
    divide(base * BigInt(10_000 + index) * BigInt(paidMonths), 24_000_000n),
  )
  const months = pensionMonths(age)
  const accountPartFen = told.money(
    "domain-rules §9.1",
    { zh: "个人账户养老金", en: "from the pension account" },
    "pension.months",
    rules.months,
    `${formatYuan(accountFen)} ÷ ${months} (age ${age})`,
    divide(accountFen, BigInt(months)),
  )
  const { rate, beforeYear } = rules.transitional
  const transitionalFen =
    transitionalMonths === 0
      ? 0n
      : told.money(
          "domain-rules §9.1",
          { zh: "过渡性养老金", en: "transitional pension" },
          "pension.transitional.rate",
          fraction(rate),
          `${formatYuan(base)} × ${fraction(index)} × ${transitionalMonths} ÷ 12 before ${beforeYear} × ${fraction(rate)}`,
          divide(base * BigInt(index) * BigInt(transitionalMonths) * BigInt(rate), 1_200_000_000n),
        )
  const monthlyFen = told.money(
    "Art. 15",
    { zh: "每月养老金", en: "pension a month" },
    "",
    "",
    [basicFen, accountPartFen, transitionalFen].map(formatYuan).join(" + "),
    basicFen + accountPartFen + transitionalFen,
  )
  return { ok: true, basicFen, accountPartFen, transitionalFen, monthlyFen, steps: told.steps }
}

export interface PensionClaim extends Omit<PensionFacts, "age"> {
  readonly birthDate: string
  readonly original: OriginalAge
  /** First day of the pension as wished, YYYYMMDD. */
  readonly from: string
  readonly isDrawn?: boolean
}

/** The law lets a person choose up to three years earlier, not below the original age, or later. */
const CHOICE_MONTHS = 36

/** Decides a claim: age, years, choice of an earlier or later day (domain-rules §9.2), and the amount. */
export function decidePension(claim: PensionClaim, rules: PensionRules): PensionAmount | BureauRefusal {
  const { birthDate, original, from, paidMonths } = claim
  const told = new Explanation()
  const retirement = retirementAge(birthDate, original)
  told.figure(
    "domain-rules §9.2",
    { zh: "法定退休日期", en: "statutory retirement" },
    "",
    "",
    `${original} y + ${retirement.delayMonths} m`,
    retirement.on,
  )
  if (claim.isDrawn) return refuse("P03", undefined, told.steps)
  const chosen = addMonths(retirement.on, -CHOICE_MONTHS)
  const earliest = [chosen, retirement.originalOn].sort()[1]!
  if (from < earliest) return refuse("P01", earliest, told.steps)
  const latest = addMonths(retirement.on, CHOICE_MONTHS)
  // Who lacks years goes on paying after that age and may claim when he has them.
  const hasYears = paidMonths >= minimumMonths(Number(retirement.month.slice(0, 4)))
  if (from > latest && hasYears) return refuse("P05", latest, told.steps)
  const year = Number(from.slice(0, 4))
  const needed = minimumMonths(year)
  told.figure(
    "Art. 16",
    { zh: "最低缴费月数", en: "months that have to be paid" },
    "pension.minYears",
    rules.minYears,
    `year ${year}: ${needed / 12} y`,
    String(needed),
  )
  if (paidMonths < needed) return refuse("P02", String(needed - paidMonths), told.steps)
  const amount = pensionAmount({ ...claim, age: ageOn(birthDate, from) }, rules)
  return { ...amount, steps: [...told.steps, ...amount.steps] }
}

/** Whether the pension account may be paid out: on death or loss of nationality, never because of settling abroad. */
export function decidePensionAccount(
  reason: "death" | "lossOfNationality" | "emigration" | "other",
  accountFen: bigint,
): { readonly ok: true; readonly payFen: bigint; readonly steps: readonly BureauStep[] } | BureauRefusal {
  if (reason !== "death" && reason !== "lossOfNationality") return refuse("P04")
  const told = new Explanation()
  told.money("Art. 14", { zh: "一次性支付", en: "paid at once" }, "", "", "whole balance", accountFen)
  return { ok: true, payFen: accountFen, steps: told.steps }
}

/** What survivors get (domain-rules §9.3). */
export function survivorsBenefit(paidMonths: number, drawnYears: number, rules: PensionRules) {
  const told = new Explanation()
  const base = rules.nationalUrbanMonthlyIncome
  const parameter = "pension.nationalUrbanMonthlyIncome"
  const rule = "Art. 17, domain-rules §9.3"
  const funeralFen = told.money(
    rule,
    { zh: "丧葬补助金", en: "funeral subsidy" },
    parameter,
    formatYuan(base),
    `2 × ${formatYuan(base)}`,
    2n * base,
  )
  const years = Math.floor(paidMonths / 12)
  const earned = paidMonths < 60 ? 3 : paidMonths < 120 ? 6 : Math.min(24, 9 + Math.max(0, years - 15))
  const months = drawnYears > 0 ? Math.max(Math.min(9, earned), earned - drawnYears) : earned
  const survivorsFen = told.money(
    rule,
    { zh: "抚恤金", en: "survivors' pension" },
    parameter,
    formatYuan(base),
    `${months} × ${formatYuan(base)}`,
    BigInt(months) * base,
  )
  return { ok: true as const, funeralFen, survivorsFen, months, steps: told.steps }
}

/** Whether the pension is paid on a day: the alive check may be overdue (资格认证). */
export const isAliveCheckDue = (lastCheckOn: string, date: string, rules: PensionRules) =>
  date > addMonths(lastCheckOn, rules.aliveCheckMonths)
