import { z } from "zod"
import { count, texts, yuan } from "./values.js"

/** Life of the card (domain-rules §3). */
export const cardSection = z.strictObject({
  hasFinancial: z.boolean(),
  medicalOnSameCard: z.boolean(),
  holderKinds: texts,
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
  finActivationChannels: texts,
  finActivationDeadlineDays: count.nullable(),
  bankChangeMoveWorkDays: count,
  tempCard: z.strictObject({ days: count, maxDays: count }),
})
