import { z } from "zod"
import { count, texts } from "./values.js"

/** Taking the personal account's money out (domain-rules §8). */
export const withdrawalSection = z.strictObject({
  conditions: z.array(z.enum(["DEATH", "EMIGRATION", "TRANSFER_REFUSED", "VOLUNTARY_EXIT", "RETIRED_AWAY"])),
  applyAt: texts,
  deathEvidence: texts,
  exitEvidence: texts,
  agentForEmigration: z.boolean(),
  partial: z.literal(false),
  waitDays: count,
  payFromDayOfNextMonth: z.number().int().min(1).max(28).nullable(),
  objectionDays: count,
  reportWithinDays: count,
  payTo: z.literal("bank"),
  heirInsured: z.enum(["cash", "transfer"]),
  noHeir: z.literal("pool"),
  commitmentReplacesRelationProof: z.boolean(),
  twoPersonCheck: z.boolean(),
  otherMaterials: z.record(z.string(), texts),
})
