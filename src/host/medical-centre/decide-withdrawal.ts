import type {
  Label,
  MedicalWithdrawalDecision,
  MedicalWithdrawalRefusal,
  MedicalWithdrawalRequest,
} from "../../dictionary/index.js"

/** The part of a region's profile that decides (domain-rules §16, `withdraw`). */
export interface WithdrawalRules {
  readonly conditions: readonly string[]
  readonly applyAt: readonly string[]
  readonly deathEvidence: readonly string[]
  readonly exitEvidence: readonly string[]
  readonly otherMaterials: Readonly<Record<string, readonly string[]>>
}

/**
 * Decides whether medical money may be taken out at all: whose account, where, why, and with which papers (R7 to R11). What
 * comes after it (are the papers genuine, is the applicant the heir, are all bills settled) is the back office's work.
 *
 * @example decideMedicalWithdrawal({ account: "pooled", channel: "atm" }, rules) // W01, R7
 */
export function decideMedicalWithdrawal(
  request: MedicalWithdrawalRequest,
  rules: WithdrawalRules,
): MedicalWithdrawalDecision {
  const { account, channel, condition } = request
  if (account === "pooled")
    return refuse("W01", "R7", {
      zh: "统筹账户资金不能提取",
      en: "money in the pooled account can never be withdrawn",
    })
  if (!rules.applyAt.includes(channel))
    return refuse("W13", "R11", {
      zh: "个人账户资金的提取须到医疗保险服务中心申请",
      en: "money in the personal account is applied for at the medical insurance service centre",
    })
  if (condition === undefined || !rules.conditions.includes(condition))
    return refuse("W02", "R8", {
      zh: "个人账户资金仅在参保人死亡或出境定居时可提取",
      en: "money in the personal account can be withdrawn only on death or on settling abroad",
    })
  const missing = missingPapers(request, condition, rules)
  if (missing.length === 0) return { allowed: true }
  const refusal = refuse("W03", condition === "DEATH" ? "R9" : "R10", {
    zh: `材料不全:${missing.join("、")}`,
    en: `papers are missing: ${missing.join(", ")}`,
  })
  return { ...refusal, missing }
}

function missingPapers(request: MedicalWithdrawalRequest, condition: string, rules: WithdrawalRules): string[] {
  const evidence = { DEATH: rules.deathEvidence, EMIGRATION: rules.exitEvidence }[condition] ?? []
  const hasEvidence = evidence.length === 0 || evidence.some((type) => request.evidence?.includes(type))
  const materials = rules.otherMaterials[condition] ?? []
  return [
    ...(hasEvidence ? [] : [evidence.length === 1 ? evidence[0]! : `[${evidence.join("|")}]`]),
    ...materials.filter((material) => !request.materials?.includes(material)),
  ]
}

function refuse(code: MedicalWithdrawalRefusal["code"], rule: string, reason: Label): MedicalWithdrawalRefusal {
  return { allowed: false, code, rule, reason }
}
