import { formatYuan } from "../../../dictionary/index.js"
import { addMonths } from "../../medical-centre/calendar.js"
import type { Region } from "../../regions/region.js"
import { type BureauRefusal, type BureauStep, Explanation } from "./explain.js"
import { refuse } from "./refusals.js"

type TrainingRules = Region["training"]

/** A subsidy that was paid earlier. */
export interface PaidSubsidy {
  readonly occupation: string
  readonly level: string
  /** YYYYMMDD. */
  readonly paidOn: string
}

export interface SkillClaim {
  readonly occupation: string
  /** 5 to 1, of domain-rules §17.6. */
  readonly level: string
  /** Months of unemployment insurance. */
  readonly paidMonths: number
  /** Issue date of the certificate. */
  readonly certifiedOn: string
  readonly claimedOn: string
  readonly earlier: readonly PaidSubsidy[]
  /** The training fund paid a subsidy for the same course. */
  readonly hasOtherSubsidy: boolean
}

/** R20: the subsidy for a skill certificate, from the unemployment fund (domain-rules §12). */
export function decideSkillSubsidy(
  claim: SkillClaim,
  rules: TrainingRules,
): { readonly ok: true; readonly fen: bigint; readonly steps: readonly BureauStep[] } | BureauRefusal {
  const { level, paidMonths, certifiedOn, claimedOn, earlier, occupation } = claim
  const fen = rules.skillSubsidy[level as keyof TrainingRules["skillSubsidy"]]
  if (fen === undefined) return refuse("T06")
  if (paidMonths < rules.minPaidMonths) return refuse("T01", String(rules.minPaidMonths - paidMonths))
  const last = addMonths(certifiedOn, rules.claimMonths)
  if (claimedOn > last || claimedOn < certifiedOn) return refuse("T02", last)
  if (earlier.some((paid) => paid.occupation === occupation && paid.level === level)) return refuse("T03")
  const year = claimedOn.slice(0, 4)
  if (earlier.filter(({ paidOn }) => paidOn.startsWith(year)).length >= rules.maxPerYear) return refuse("T04")
  if (claim.hasOtherSubsidy) return refuse("T05")
  const told = new Explanation()
  told.money(
    "R20, domain-rules §12",
    { zh: "技能提升补贴", en: "skill subsidy" },
    `training.skillSubsidy.${level}`,
    formatYuan(fen),
    `level ${level}, ${paidMonths} ≥ ${rules.minPaidMonths} m, claimed by ${last}`,
    fen,
  )
  return { ok: true, fen, steps: told.steps }
}
