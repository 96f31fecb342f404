import { InputError } from "../../apdu/index.js"
import { regionJson, regionVersions } from "./load.js"
import { loadRegion, type Region } from "./region.js"

/** Something that the linter has to say about a region. */
export interface RegionFinding {
  /** `error`: settlements or refusals would be wrong; `warning`: it works, but contradicts a rule or looks like a slip. */
  readonly severity: "error" | "warning"
  /** First day of the version, YYYY-MM-DD. */
  readonly version: string
  /** Path of the field, for example `medical.inpatient.bands.3`. */
  readonly field: string
  readonly zh: string
  readonly en: string
}

type Say = (severity: RegionFinding["severity"], field: string, zh: string, en: string) => void
type Check = (region: Region, say: Say) => void

/** The customer's rules that a region may widen; it is told where it does. */
const customerRules: Check = ({ withdraw, bank }, say) => {
  for (const condition of withdraw.conditions)
    if (condition !== "DEATH" && condition !== "EMIGRATION")
      say(
        "warning",
        "withdraw.conditions",
        `${condition} 超出 R8`,
        `${condition} goes beyond R8: death or settling abroad`,
      )
  for (const place of withdraw.applyAt)
    if (place !== "medicalCentre")
      say(
        "error",
        "withdraw.applyAt",
        `R11 不允许 ${place}`,
        `R11 allows the medical insurance service centre, not ${place}`,
      )
  for (const source of bank.creditSources)
    if (source === "wage" || source === "transfer")
      say("warning", "bank.creditSources", `${source} 超出 R3`, `${source} goes beyond R3: the insured's own deposit`)
}

const withdrawal: Check = ({ withdraw }, say) => {
  const evidence: Record<string, readonly string[]> = {
    DEATH: withdraw.deathEvidence,
    EMIGRATION: withdraw.exitEvidence,
  }
  for (const condition of withdraw.conditions) {
    if (evidence[condition]?.length === 0)
      say("error", "withdraw", `${condition} 未规定证明材料`, `${condition} asks for no evidence at all`)
    if (withdraw.otherMaterials[condition] === undefined)
      say("error", `withdraw.otherMaterials.${condition}`, "缺少所需材料清单", "the list of other materials is missing")
  }
}

const money: Check = ({ bank, contrib }, say) => {
  const { atmPerTxn, atmPerDay, atmPerMonth, maxNotes } = bank
  if (atmPerTxn > atmPerDay)
    say("error", "bank.atmPerTxn", "单笔限额高于日限额", "one withdrawal may exceed the day's limit")
  if (atmPerMonth !== null && atmPerDay > atmPerMonth)
    say("error", "bank.atmPerDay", "日限额高于月限额", "the day's limit exceeds the month's")
  if (BigInt(maxNotes) * 10_000n < atmPerTxn)
    say(
      "warning",
      "bank.maxNotes",
      "张数上限低于单笔限额",
      "so many notes of 100 do not reach the limit of one withdrawal",
    )
  if (contrib.floor >= contrib.ceil)
    say("error", "contrib.floor", "缴费基数下限不低于上限", "the floor is not below the ceiling")
}

const card: Check = ({ card: { initialPin, pinLen, tempCard }, region }, say) => {
  if (initialPin.length !== pinLen)
    say("error", "card.initialPin", `应为 ${pinLen} 位`, `expected ${pinLen} digits, as card.pinLen says`)
  if (tempCard.days > tempCard.maxDays) say("error", "card.tempCard", "天数高于上限", "days exceed maxDays")
  if (region.code.slice(0, 2) !== region.provinceCode.slice(0, 2))
    say("error", "region.provinceCode", "与 region.code 不属同一省份", "another province than that of region.code")
  if (region.effectiveTo !== null && region.effectiveTo < region.effectiveFrom)
    say("error", "region.effectiveTo", "早于生效日", "before effectiveFrom")
}

const inpatient: Check = ({ medical: { inpatient: rules } }, say) => {
  if (rules.retireeShareFactor !== null && rules.retireeRatio !== null)
    say(
      "error",
      "medical.inpatient.retireeRatio",
      "与 retireeShareFactor 只能设一个",
      "together with retireeShareFactor; at most one of both",
    )
  for (const level of ["1", "2", "3"] as const) {
    const bands = rules.bands[level]
    const field = `medical.inpatient.bands.${level}`
    bands.forEach(([upTo, ratio], index) => {
      const isLast = index === bands.length - 1
      const before = bands[index - 1]
      if (isLast !== (upTo === null))
        say("error", field, "仅最后一段可无上限,且必须无上限", "the last band, and only that, has no upper end")
      if (before && upTo !== null && before[0] !== null && upTo <= before[0])
        say("error", field, "分段须递增", "the bands do not ascend")
      if (before && ratio < before[1]) say("warning", field, "费用越高比例越低", "a higher band pays a lower ratio")
    })
    const [first, later] = rules.deductible[level]
    if (later > first)
      say(
        "warning",
        `medical.inpatient.deductible.${level}`,
        "再次住院起付线更高",
        "a later stay has the higher deductible",
      )
  }
}

const outpatient: Check = ({ medical: { outpatient: rules, paCredit, family } }, say) => {
  for (const place of ["community", "other"] as const) {
    const { employee, retiree, retiree70 } = rules.ratio[place]
    if (retiree < employee || retiree70 < retiree)
      say("warning", `medical.outpatient.ratio.${place}`, "退休人员比例更低", "retired people get a lower ratio")
  }
  if (rules.deductible.retiree > rules.deductible.employee)
    say("warning", "medical.outpatient.deductible", "退休人员起付线更高", "retired people have the higher deductible")
  if (rules.ratio.community.employee < rules.ratio.other.employee)
    say("warning", "medical.outpatient.ratio", "社区比例更低", "the community pays a lower ratio than other hospitals")
  if (paCredit.retiree[0]![0] !== 0)
    say("error", "medical.paCredit.retiree", "首段须自 0 岁起", "the first step must begin at age 0")
  for (let i = 1; i < paCredit.retiree.length; i++)
    if (paCredit.retiree[i]![0] <= paCredit.retiree[i - 1]![0])
      say("error", "medical.paCredit.retiree", "年龄须递增", "the ages do not ascend")
  if (family.enabled && (family.relatives.length === 0 || family.maxMembers === 0))
    say("error", "medical.family", "已启用但无人可用", "enabled, but nobody may take part")
}

const unemployment: Check = ({ unemployment: { caps } }, say) => {
  for (let i = 1; i < caps.length; i++)
    if (caps[i]![0] <= caps[i - 1]![0] || caps[i]![1] < caps[i - 1]![1])
      say("error", "unemployment.caps", "年限与月数须递增", "years and months do not ascend")
}

const CHECKS: readonly Check[] = [customerRules, withdrawal, money, card, inpatient, outpatient, unemployment]

/** Judges one version of a region that is well formed. @param version its first day */
export function lintVersion(region: Region, version: string = region.region.effectiveFrom): RegionFinding[] {
  const findings: RegionFinding[] = []
  const say: Say = (severity, field, zh, en) => findings.push({ severity, version, field, zh, en })
  for (const check of CHECKS) check(region, say)
  return findings
}

/**
 * Judges every version of a region: first that it is well formed, then that its figures make sense together.
 *
 * @throws {InputError} when the file cannot be read as a region's at all
 */
export function lintRegion(nameOrPath: string): RegionFinding[] {
  return regionVersions(nameOrPath).flatMap((version) => {
    regionJson(nameOrPath, version)
    try {
      return lintVersion(loadRegion(nameOrPath, { date: version }), version)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      const text = error.message.slice(error.field.length + 2)
      return [{ severity: "error", version, field: error.field, zh: error.messageZh ?? text, en: text }] as const
    }
  })
}
