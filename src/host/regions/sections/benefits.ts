import { z } from "zod"
import { count, ratio, yuan } from "./values.js"

/** Old-age insurance (domain-rules §9). */
export const pensionSection = z.strictObject({
  base: yuan,
  accountRate: ratio,
  transitional: z.strictObject({ beforeYear: count, rate: ratio }),
  minYears: z.enum(["schedule2030"]),
  months: z.enum(["GF2005-38"]),
  nationalUrbanMonthlyIncome: yuan,
  aliveCheckMonths: count,
})

/** Unemployment insurance (domain-rules §10). */
export const unemploymentSection = z.strictObject({
  minMonths: count,
  monthsPerYear: count,
  /** From how many years paid, how many months at most. */
  caps: z.array(z.tuple([count, count])).min(1),
  amount: z.strictObject({ pctMinWage: ratio, minWage: yuan, livingLine: yuan }),
  afterMonth12Factor: ratio,
  start: z.enum(["registrationMonth", "nextMonth"]),
  claimDeadlineDays: count.nullable(),
  medicalFromFund: z.boolean(),
})

/** Months of own wage on leaving: from the fund, from the employer. */
const leaving = z.tuple([count, count])

/** Work injury insurance (domain-rules §11). */
export const injurySection = z.strictObject({
  avgWage: yuan,
  minWage: yuan,
  nationalUrbanYearIncome: yuan,
  leaving: z.strictObject({ "5": leaving, "6": leaving, "7": leaving, "8": leaving, "9": leaving, "10": leaving }),
})

/** Job and unemployment registration (domain-rules §12). */
export const registrationSection = z.strictObject({ jobSeekMonths: count, noContactMonths: count, maxRefusals: count })

/** Employment training (domain-rules §12). */
export const trainingSection = z.strictObject({
  skillSubsidy: z.strictObject({ "5": yuan, "4": yuan, "3": yuan }),
  minPaidMonths: count,
  claimMonths: count,
  maxPerYear: count,
})

/** Records and their query (domain-rules §14). */
export const recordsSection = z.strictObject({
  statementEvery: z.enum(["year"]),
  correctionAnswerDays: count,
  retention: z.enum(["permanent"]),
  verificationCodeDays: count,
})
