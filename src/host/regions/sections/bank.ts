import { z } from "zod"
import { count, yuan } from "./values.js"

const answerCode = z.string().regex(/^[0-9A-Z]{2}$/)

/** A customer is told to try another amount, or the fault is not his: never a reason to keep his card (domain-rules §4.3). */
const NEVER_RETAIN = ["51", "61", "91"]

/** The financial account (domain-rules §4). `atmCountPerDay` is an addition of ours. */
export const bankSection = z.strictObject({
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
