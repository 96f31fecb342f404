import { formatYuan, type SettlementSplit } from "../../../dictionary/index.js"
import { type Explain, type MedicalRules, type SettlementCase, tell, type YearUse } from "./case.js"
import { atLeastZero, least, mul } from "./money.js"
import { inpatientPool, outpatientPool, type PooledPart, payUpTo } from "./pooled.js"

/** A split bill, and what it uses of the year. */
export interface SplitResult {
  readonly split: SettlementSplit
  /** To be added to the year; a reversal takes it away again. */
  readonly use: YearUse
}

/** A pharmacy whose sales the pool does not share: all is left to the person and his account. */
function unpooled({ costs }: SettlementCase, explain?: Explain): PooledPart {
  tell(
    explain,
    ["5.4", "药店购药不纳入统筹", "pharmacy, not pooled"],
    "medical.pharmacy.pooled",
    "false",
    () => formatYuan(costs.scopeFen),
    costs.scopeFen,
  )
  return { deductibleFen: 0n, poolFen: 0n, shareFen: costs.scopeFen, restFen: 0n }
}

function pooledPart(input: SettlementCase, rules: MedicalRules, explain?: Explain): PooledPart {
  if (input.care === "inpatient") return inpatientPool(input, rules, explain)
  if (input.care === "pharmacy" && !rules.pharmacy.pooled) return unpooled(input, explain)
  return outpatientPool(input, rules, explain)
}

/** The large-amount fund takes over where the pooled fund's cap ends, for stays only (§6.3, 4). */
function largePart(
  { care, year, penaltyPoints }: SettlementCase,
  restFen: bigint,
  rules: MedicalRules,
  explain?: Explain,
) {
  if (care !== "inpatient" || restFen === 0n) return { largeFen: 0n, largeShareFen: 0n, aboveFen: restFen }
  const ratio = Math.max(0, rules.large.ratio - penaltyPoints * 100)
  const { payFen, usedFen } = payUpTo(restFen, ratio, atLeastZero(rules.large.cap - year.largeFen))
  tell(
    explain,
    ["6.3 (4)", "大额基金支付", "large-amount fund"],
    "medical.large.ratio",
    rules.large.ratio,
    () =>
      `min(${formatYuan(restFen)} × ${ratio / 10_000}, cap ${formatYuan(rules.large.cap)} − ${formatYuan(year.largeFen)})`,
    payFen,
  )
  return { largeFen: payFen, largeShareFen: usedFen - payFen, aboveFen: restFen - usedFen }
}

/**
 * Splits a bill among the funds, the personal account, relatives' accounts and cash, to the fen (domain-rules §6.3). Whatever
 * rounding leaves goes to the person.
 *
 * @param input the costs as the place of treatment sorted them, the person and what he used of the year
 * @param rules those of the place of insurance
 * @param explain is told each step that decided something
 */
export function splitBill(input: SettlementCase, rules: MedicalRules, explain?: Explain): SplitResult {
  const { costs, care, person } = input
  const { deductibleFen, poolFen, shareFen, restFen } = pooledPart(input, rules, explain)
  const { largeFen, largeShareFen, aboveFen } = largePart(input, restFen, rules, explain)

  const { line, ratio: majorRatio } = rules.majorIllness
  const burdenFen = deductibleFen + shareFen + largeShareFen
  const majorIllnessFen = line === null ? 0n : mul(atLeastZero(burdenFen + aboveFen - line), majorRatio)
  if (line !== null)
    tell(
      explain,
      ["6.3 (5)", "大病保险支付", "major illness"],
      "medical.majorIllness.ratio",
      majorRatio,
      () => `max(0, ${formatYuan(burdenFen + aboveFen)} − ${formatYuan(line)}) × ${majorRatio / 10_000}`,
      majorIllnessFen,
    )

  // Major illness looks at the cost above all caps as well, so it may pay more than the rest of the burden.
  const civilBase = atLeastZero(burdenFen - majorIllnessFen)
  const civilFen = person.isCivilServant ? mul(civilBase, rules.civil.ratio) : 0n
  if (person.isCivilServant)
    tell(
      explain,
      ["6.3 (6)", "公务员补助", "civil servants' subsidy"],
      "medical.civil.ratio",
      rules.civil.ratio,
      () => `${formatYuan(civilBase)} × ${rules.civil.ratio / 10_000}`,
      civilFen,
    )
  const aidFen = person.getsAid ? mul(civilBase - civilFen, rules.aid.ratio) : 0n
  if (person.getsAid)
    tell(
      explain,
      ["6.3 (7)", "医疗救助", "medical aid"],
      "medical.aid.ratio",
      rules.aid.ratio,
      () => `${formatYuan(civilBase - civilFen)} × ${rules.aid.ratio / 10_000}`,
      aidFen,
    )

  const fundFen = poolFen + largeFen + majorIllnessFen + civilFen + aidFen
  const personFen = costs.totalFen - fundFen
  const isAll = rules.paEligible === "allPersonPart"
  const eligibleFen = isAll ? personFen : costs.preFen + civilBase - civilFen - aidFen
  tell(
    explain,
    ["6.3 (8)", "个人账户可支付", "the account may pay"],
    "medical.paEligible",
    rules.paEligible,
    () => (isAll ? "whole person part" : `${formatYuan(costs.preFen)} + ${formatYuan(civilBase - civilFen - aidFen)}`),
    eligibleFen,
  )
  const { accountFen, familyFen } = accountsPart(input, eligibleFen, rules, explain)
  const cashFen = personFen - accountFen - familyFen
  tell(
    explain,
    ["6.3 (9)", "个人现金支付", "cash"],
    "",
    "",
    () => `${formatYuan(personFen)} − ${formatYuan(accountFen)} − ${formatYuan(familyFen)}`,
    cashFen,
  )

  const isStay = care === "inpatient"
  return {
    split: {
      totalFen: costs.totalFen,
      ownFen: costs.ownFen,
      overFen: costs.overFen,
      preFen: costs.preFen,
      scopeFen: costs.scopeFen,
      deductibleFen,
      poolFen,
      shareFen,
      largeFen,
      largeShareFen,
      aboveFen,
      majorIllnessFen,
      civilFen,
      aidFen,
      fundFen,
      personFen,
      eligibleFen,
      accountFen,
      familyFen,
      cashFen,
    },
    use: {
      stays: isStay ? 1 : 0,
      inpatientScopeFen: isStay ? costs.scopeFen : 0n,
      inpatientPoolFen: isStay ? poolFen : 0n,
      largeFen,
      outpatientDeductibleFen: isStay ? 0n : deductibleFen,
      outpatientPoolFen: isStay ? 0n : poolFen,
    },
  }
}

/** The own account first, or those of the relatives, as the region orders (§5.3, §6.3, 9). */
function accountsPart(
  { accountFen, familyFen }: SettlementCase,
  eligibleFen: bigint,
  { family }: MedicalRules,
  explain?: Explain,
) {
  const shared = family.enabled ? familyFen : 0n
  const isFamilyFirst = family.enabled && family.order === "familyFirst"
  const [first, second] = isFamilyFirst ? [shared, accountFen] : [accountFen, shared]
  const firstPays = least(first, eligibleFen)
  const secondPays = least(second, eligibleFen - firstPays)
  const [own, relatives] = isFamilyFirst ? [secondPays, firstPays] : [firstPays, secondPays]
  tell(
    explain,
    ["6.3 (9)", "个人账户支付", "personal account"],
    "medical.family.order",
    family.order,
    () => `min(${formatYuan(accountFen)}, ${formatYuan(eligibleFen)})`,
    own,
  )
  if (family.enabled)
    tell(
      explain,
      ["5.3", "家庭共济支付", "relatives' accounts"],
      "medical.family.enabled",
      "true",
      () => `min(${formatYuan(shared)}, ${formatYuan(eligibleFen - own)})`,
      relatives,
    )
  return { accountFen: own, familyFen: relatives }
}
