import { z } from "zod"
import { isCalendarDate } from "../../dictionary/index.js"
import { CANCELLING_EVENTS } from "./rules/registration.js"
import { LEAVING_REASONS, type LeavingReason, STOP_EVENTS } from "./rules/unemployment.js"

export const dateSchema = z.string().refine(isCalendarDate, "expected a date of the calendar, YYYYMMDD")
const flag = z.boolean().default(false)
const text = z.string().trim().min(1).max(80)
const papers = z.array(z.string().min(1).max(40)).default([])
const grade = z.union([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((one) => z.literal(one as 1)))
const channel = z.enum(["window", "kiosk", "app", "website", "phone", "hospital"])
const cardService = z.strictObject({
  channel,
  isIdentityVerified: flag,
  isByAgent: flag,
  isFeePaid: flag,
  isDefect: flag,
  isSettled: flag,
  /** Number of the new card, when one is enabled. */
  newCardNumber: z
    .string()
    .regex(/^[0-9A-Z]{9}$/)
    .optional(),
})

/** Form of the details of every service; a field too many is an error. */
export const SERVICE_SCHEMAS = {
  "pension.estimate": z.strictObject({ from: dateSchema.optional() }),
  "pension.claim": z.strictObject({ from: dateSchema }),
  "jobs.register": z.strictObject({
    occupation: text,
    wageFen: z.coerce.bigint().optional(),
    isAble: z.boolean().default(true),
  }),
  "jobs.unemployed": z.strictObject({
    reason: z.enum(Object.keys(LEAVING_REASONS) as LeavingReason[]),
    endedOn: dateSchema,
    isAble: z.boolean().default(true),
    isSeeking: z.boolean().default(true),
  }),
  "jobs.cancel": z.strictObject({ event: z.enum(CANCELLING_EVENTS) }),
  "unemployment.estimate": z.strictObject({ stopEvent: z.enum(STOP_EVENTS).optional() }),
  "unemployment.claim": z.strictObject({ stopEvent: z.enum(STOP_EVENTS).optional() }),
  "training.enrol": z.strictObject({
    course: text,
    provider: text,
    beginsOn: dateSchema,
    hours: z.number().int().min(1).max(2_000),
  }),
  "training.subsidy": z.strictObject({
    occupation: text,
    level: z.enum(["1", "2", "3", "4", "5"]),
    certificate: z.string().min(1).max(16),
    certifiedOn: dateSchema,
    hasOtherSubsidy: flag,
  }),
  "injury.recognition": z.strictObject({
    by: z.enum(["employer", "person", "relative", "union"]),
    injuredOn: dateSchema,
    isSimple: flag,
    missing: papers,
  }),
  "injury.appraisal": z.strictObject({
    kind: z.enum(["first", "again", "review"]).default("first"),
    isStable: flag,
    lastOn: dateSchema.optional(),
    missing: papers,
  }),
  "injury.benefits": z.strictObject({
    grade,
    care: z.enum(["full", "most", "part"]).optional(),
    isLeaving: flag,
    hasSuitableWork: flag,
  }),
  "maternity.claim": z.strictObject({
    event: z.enum(["birth", "early", "late"]),
    children: z.number().int().min(1).max(9).default(1),
    isDifficult: flag,
  }),
  "data.change": z
    .strictObject({
      phone: z
        .string()
        .regex(/^\d{5,15}$/)
        .optional(),
      address: text.max(40).optional(),
    })
    .refine(({ phone, address }) => phone !== undefined || address !== undefined, "expected phone or address"),
  "card.enable": cardService,
  "card.temporaryLoss": cardService,
  "card.release": cardService,
  "card.formalLoss": cardService,
  "card.replace": cardService,
  "card.unlock": cardService,
  "card.suspend": cardService,
  "card.resume": cardService,
  "card.cancel": cardService,
} as const

export type ServiceName = keyof typeof SERVICE_SCHEMAS
export const SERVICE_NAMES = Object.keys(SERVICE_SCHEMAS) as ServiceName[]
export type ServiceDetails<Name extends ServiceName> = z.output<(typeof SERVICE_SCHEMAS)[Name]>
