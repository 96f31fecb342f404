import { z } from "zod"
import { InputError } from "../../apdu/index.js"
import type { MedicalCentreLink } from "../../dictionary/index.js"
import { defaultRegion, type Region } from "../regions/region.js"
import { decideMedicalWithdrawal, type WithdrawalRules } from "./decide-withdrawal.js"

const texts = z.array(z.string())
const rulesSchema = z.looseObject({
  conditions: texts,
  applyAt: texts,
  deathEvidence: texts,
  exitEvidence: texts,
  otherMaterials: z.record(z.string(), texts),
})

/**
 * The medical insurance service centre as far as it decides whether money may leave a medical account at all, by the
 * rules of a region (domain-rules R6 to R11, §8.4).
 *
 * @throws {InputError} when the region's `withdraw` section lacks a rule
 * @example await medicalCentre().decideWithdrawal({ account: "pooled", channel: "medicalCentre" }) // W01
 */
export function medicalCentre(region: Region = defaultRegion()): MedicalCentreLink {
  const rules = rulesOf(region)
  return { decideWithdrawal: async (request) => decideMedicalWithdrawal(request, rules) }
}

function rulesOf({ withdraw }: Region): WithdrawalRules {
  const parsed = rulesSchema.safeParse(withdraw)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new InputError(["withdraw", ...path].join("."), message)
}
