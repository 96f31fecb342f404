import type { MedicalCentreLink } from "../../dictionary/index.js"
import { defaultRegion, type Region } from "../regions/region.js"
import { decideMedicalWithdrawal } from "./decide-withdrawal.js"

/**
 * The medical insurance service centre as far as it decides whether money may leave a medical account at all, by the
 * rules of a region (domain-rules R6 to R11, §8.4).
 *
 * @example await medicalCentre().decideWithdrawal({ account: "pooled", channel: "medicalCentre" }) // W01
 */
export function medicalCentre(region: Region = defaultRegion()): MedicalCentreLink {
  return { decideWithdrawal: async (request) => decideMedicalWithdrawal(request, region.withdraw) }
}
