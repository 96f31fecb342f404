import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { MedicalWithdrawalRequest } from "../../../src/dictionary/index.js"
import { decideMedicalWithdrawal, type WithdrawalRules } from "../../../src/host/medical-centre/decide-withdrawal.js"
import { defaultRegion } from "../../../src/host/regions/region.js"

const RULES: WithdrawalRules = defaultRegion().withdraw
const DEATH = {
  account: "personal",
  channel: "medicalCentre",
  condition: "DEATH",
  evidence: ["DEATH_MEDICAL"],
  materials: ["applicantId", "relationProof", "applicationForm", "payeeAccount", "originalCard"],
} as const satisfies MedicalWithdrawalRequest
const EMIGRATION = {
  ...DEATH,
  condition: "EMIGRATION",
  evidence: ["EXIT_CERT"],
  materials: ["applicantId", "applicationForm", "payeeAccount", "originalCard"],
} as const satisfies MedicalWithdrawalRequest

describe("money in a medical account", () => {
  it.each<[string, MedicalWithdrawalRequest, object]>([
    ["of a dead person goes to the heir who brings everything (R9)", DEATH, { allowed: true }],
    ["of a person who settles abroad goes to him (R10)", EMIGRATION, { allowed: true }],
    ["in the pooled account never goes out (R7)", { ...DEATH, account: "pooled" }, { code: "W01", rule: "R7" }],
    ["does not come out of a machine (R11)", { ...DEATH, channel: "atm" }, { code: "W13", rule: "R11" }],
    ["nor at the bank's counter", { ...DEATH, channel: "bankCounter" }, { code: "W13", rule: "R11" }],
    ["nor at a kiosk", { account: "personal", channel: "kiosk" }, { code: "W13", rule: "R11" }],
    ["stays without a reason (R8)", { account: "personal", channel: "medicalCentre" }, { code: "W02", rule: "R8" }],
    ["stays for a journey", { ...DEATH, condition: "TRAVEL" }, { code: "W02", rule: "R8" }],
    [
      "stays while papers are missing, and all are told at once",
      { account: "personal", channel: "medicalCentre", condition: "DEATH", materials: ["applicantId", "originalCard"] },
      { code: "W03", rule: "R9", missing: ["DEATH_MEDICAL", "relationProof", "applicationForm", "payeeAccount"] },
    ],
    ["wants the right evidence", { ...EMIGRATION, evidence: ["PASSPORT"] }, { code: "W03", missing: ["EXIT_CERT"] }],
  ])("%s", (_, request, expected) => {
    expect(decideMedicalWithdrawal(request, RULES)).toMatchObject(expected)
  })

  it("pooled stays for every set of papers at every place (domain-rules §18.1)", () => {
    const all = ["DEATH_MEDICAL", "EXIT_CERT", ...DEATH.materials]
    fc.assert(
      fc.property(
        fc.constantFrom("medicalCentre", "bankCounter", "atm", "kiosk", "pos", "online" as const),
        fc.option(fc.constantFrom("DEATH", "EMIGRATION"), { nil: undefined }),
        fc.subarray(all),
        (channel, condition, papers) => {
          const request = { account: "pooled", channel, evidence: papers, materials: papers } as const
          const decision = decideMedicalWithdrawal({ ...request, ...(condition && { condition }) }, RULES)
          expect(decision).toMatchObject({ allowed: false, code: "W01" })
        },
      ),
    )
  })

  it("follows the region: other evidence, other conditions", () => {
    const region = {
      ...RULES,
      conditions: ["DEATH", "TRANSFER_REFUSED"],
      deathEvidence: ["DEATH_MEDICAL", "HUKOU_CANCEL"],
    }
    expect(decideMedicalWithdrawal({ ...DEATH, evidence: ["HUKOU_CANCEL"] }, region)).toEqual({ allowed: true })
    expect(decideMedicalWithdrawal({ ...DEATH, evidence: [] }, region)).toMatchObject({
      missing: ["[DEATH_MEDICAL|HUKOU_CANCEL]"],
    })
    expect(decideMedicalWithdrawal({ ...DEATH, condition: "TRANSFER_REFUSED" }, region)).toEqual({ allowed: true })
    expect(decideMedicalWithdrawal(EMIGRATION, region)).toMatchObject({ code: "W02" })
  })
})
