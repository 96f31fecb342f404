import { z } from "zod"
import { ratio, yuan } from "./values.js"

/** Share of the employer and of the employee. */
const rates = z.tuple([ratio, ratio])

/** What is paid in (domain-rules §5.1). */
export const contributionsSection = z.strictObject({
  averageWage: yuan,
  floor: yuan,
  ceil: yuan,
  rates: z.strictObject({
    pension: rates,
    medical: rates,
    medicalFixed: yuan,
    unemployment: rates,
    injuryByClass: z.array(ratio).length(8),
  }),
  flexible: z.strictObject({ pension: ratio, pensionToAccount: ratio, medical: ratio }),
  resident: z.strictObject({ premium: yuan, subsidy: yuan }),
  lateFeePerDay: ratio,
})
