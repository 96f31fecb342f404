import { z } from "zod"
import { InputError } from "../../apdu/index.js"
import { DEFAULT_REGION } from "./default.js"

const yuan = z
  .number()
  .nonnegative()
  .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6, "expected at most two decimals")
  .transform((value) => BigInt(Math.round(value * 100)))
const count = z.number().int().nonnegative()
const answerCode = z.string().regex(/^[0-9A-Z]{2}$/)
const laterSection = z.record(z.string(), z.unknown())

/** A customer is told to try another amount, or the fault is not his: never a reason to keep his card (domain-rules §4.3). */
const NEVER_RETAIN = ["51", "61", "91"]

const card = z.strictObject({
  hasFinancial: z.boolean(),
  medicalOnSameCard: z.boolean(),
  holderKinds: z.array(z.string()),
  validYears: count,
  tempLossDays: count,
  onTempLossExpiry: z.enum(["release", "cancel"]),
  cancelTempLossDelayHours: count,
  formalLossRevocable: z.boolean(),
  linkedLoss: z.boolean(),
  initialPin: z.string().regex(/^\d{4,12}$/),
  initialPinMode: z.enum(["skip", "ask", "noPayment", "forceChange"]),
  pinLen: count,
  pinTries: count,
  bankPinTries: z.number().int().min(1).max(15),
  bankPinCounter: z.enum(["cumulative", "daily"]),
  bankPinAutoReleaseHours: z.number().positive().nullable(),
  replaceFee: yuan,
  replaceWorkDays: count,
  freeReplaceDefectDays: count,
  instantIssue: z.boolean(),
  agentPickup: z.boolean(),
  autoEnableAtFirstUse: z.boolean(),
  finActivationChannels: z.array(z.string()),
  finActivationDeadlineDays: count.nullable(),
  bankChangeMoveWorkDays: count,
  tempCard: z.strictObject({ days: count, maxDays: count }),
})

const bank = z.strictObject({
  accountClass: z.enum(["I", "II", "III"]),
  creditSources: z.array(z.enum(["ownDeposit", "approvedPayout", "wage", "transfer"])),
  cashInAtKiosk: z.boolean(),
  atmPerTxn: yuan,
  atmPerDay: yuan,
  atmPerMonth: yuan.nullable(),
  noteMultiple: yuan.refine((fen) => fen > 0n, "expected more than 0"),
  maxNotes: count,
  atmCountPerDay: count.nullable(),
  counterIdFrom: yuan,
  counterReserveDays: count,
  interbankFee: z.strictObject({
    freePerMonth: count,
    perTxn: yuan,
    pct: z.number().min(0).max(1),
    pctOver: yuan.nullable(),
  }),
  otherTransferDelayHours: count,
  retainOn: z
    .array(answerCode)
    .refine(
      (codes) => !codes.some((code) => NEVER_RETAIN.includes(code)),
      `never retain on ${NEVER_RETAIN.join(", ")}`,
    ),
  retainOnPinLock: z.boolean(),
})

/** The schema of a region profile; sections that the bank does not use are carried as they are. */
export const regionSchema = z.strictObject({
  schema: z.literal(1),
  region: z.strictObject({
    code: z.string().regex(/^\d{6}$/),
    provinceCode: z.string().regex(/^\d{6}$/),
    name: z.string(),
    effectiveFrom: z.iso.date(),
    timeZone: z.literal("Asia/Shanghai"),
  }),
  card,
  bank,
  contrib: laterSection,
  medical: laterSection,
  crossRegion: laterSection,
  withdraw: laterSection,
  pension: laterSection,
  unemployment: laterSection,
  injury: laterSection,
  registration: laterSection,
  training: laterSection,
  records: laterSection,
})

/** A region profile with its amounts in fen. */
export type Region = z.output<typeof regionSchema>

/** A region profile as it is written: amounts in yuan, decimals allowed. */
export type RegionJson = z.input<typeof regionSchema>

/**
 * Checks a region profile and turns its yuan into fen (domain-rules §16).
 *
 * @throws {InputError} with the path of the first field that is missing, unknown or wrong
 */
export function parseRegion(json: unknown): Region {
  const result = regionSchema.safeParse(json)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw new InputError(["region", ...issue.path].join("."), issue.message)
}

/**
 * The default region, optionally with some `bank` and `card` fields replaced.
 *
 * @example defaultRegion({ bank: { atmPerTxn: 2000 } })
 */
export function defaultRegion(
  changes: { bank?: Partial<RegionJson["bank"]>; card?: Partial<RegionJson["card"]> } = {},
): Region {
  return parseRegion({
    ...DEFAULT_REGION,
    bank: { ...DEFAULT_REGION.bank, ...changes.bank },
    card: { ...DEFAULT_REGION.card, ...changes.card },
  })
}
