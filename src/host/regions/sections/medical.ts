import { z } from "zod"
import { count, ratio, yuan } from "./values.js"

/** One value for each of the hospital levels 1, 2, 3. */
const byLevel = <Schema extends z.ZodType>(schema: Schema) => z.strictObject({ "1": schema, "2": schema, "3": schema })

/** Up to which in-scope cost of the year a ratio holds; null: without end. */
const band = z.tuple([yuan.nullable(), ratio])
const byPerson = z.strictObject({ employee: ratio, retiree: ratio, retiree70: ratio })

/** Medical insurance (domain-rules §5.2, §5.3, §6). `pharmacy` is an addition of ours. */
export const medicalSection = z.strictObject({
  yearStart: z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$/, "expected MM-DD, up to day 28"),
  paCredit: z.strictObject({
    employee: ratio,
    employerShareToPa: ratio,
    /** From which age, how much a month. */
    retiree: z.array(z.tuple([count, yuan])).min(1),
  }),
  paInterestRate: ratio,
  paPinRequired: z.boolean(),
  paEligible: z.enum(["inPolicySelfPay", "allPersonPart"]),
  family: z.strictObject({
    enabled: z.boolean(),
    relatives: z.array(z.enum(["spouse", "parent", "child", "sibling", "grandparent", "grandchild"])),
    maxMembers: count,
    accountsPerPerson: count,
    order: z.enum(["ownFirst", "familyFirst"]),
  }),
  preSelfPay: z.strictObject({ drug: ratio, item: ratio, facility: ratio }),
  inpatient: z.strictObject({
    basis: z.enum(["annual", "perStay"]),
    /** For the first stay of the year, and for later ones. */
    deductible: byLevel(z.tuple([yuan, yuan])),
    bands: byLevel(z.array(band).min(1)),
    retireeShareFactor: ratio.nullable(),
    retireeRatio: ratio.nullable(),
    capPayment: yuan,
  }),
  outpatient: z.strictObject({
    deductible: z.strictObject({ employee: yuan, retiree: yuan }),
    ratio: z.strictObject({ community: byPerson, other: byPerson }),
    cap: yuan,
    capBasis: z.literal("payment"),
    afterCap: ratio.nullable(),
  }),
  pharmacy: z.strictObject({ pooled: z.boolean() }),
  large: z.strictObject({ ratio, cap: yuan }),
  majorIllness: z.strictObject({ line: yuan.nullable(), ratio }),
  civil: z.strictObject({ ratio }),
  aid: z.strictObject({ ratio }),
})

/** Treatment outside the region of insurance (domain-rules §7). Points are hundredths. */
export const crossRegionSection = z.strictObject({
  unfiledPenaltyPoints: count.max(100),
  temporaryPenaltyPoints: count.max(100),
  longTermMinMonths: count,
  temporaryMonths: count,
  timeoutSeconds: z.number().positive(),
})
