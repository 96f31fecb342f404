import type { CareKind, ClassifiedCosts, ExplanationStep, Label } from "../../../dictionary/index.js"
import { formatYuan } from "../../../dictionary/index.js"
import type { Region } from "../../regions/region.js"

/** What a person has used of a medical year; it begins anew with each (domain-rules §6.3, §18.1). */
export interface YearUse {
  /** Stays in hospital. */
  readonly stays: number
  /** In-scope cost of the stays, deductibles included. */
  readonly inpatientScopeFen: bigint
  /** What the pooled fund paid for stays: counts against `inpatient.capPayment`. */
  readonly inpatientPoolFen: bigint
  readonly largeFen: bigint
  readonly outpatientDeductibleFen: bigint
  /** What the pooled fund paid for out-patient care: counts against `outpatient.cap`. */
  readonly outpatientPoolFen: bigint
}

export const UNUSED_YEAR: YearUse = {
  stays: 0,
  inpatientScopeFen: 0n,
  inpatientPoolFen: 0n,
  largeFen: 0n,
  outpatientDeductibleFen: 0n,
  outpatientPoolFen: 0n,
}

/** Hospital level 1 to 3, as the region's profile keys it. */
export type HospitalLevel = "1" | "2" | "3"

/** Everything that decides about a bill. */
export interface SettlementCase {
  readonly care: CareKind
  readonly level: HospitalLevel
  /** Community health services have ratios of their own for out-patient care. */
  readonly place: "community" | "other"
  readonly person: {
    readonly isRetiree: boolean
    /** Completed years on the day of the settlement. */
    readonly age: number
    readonly isCivilServant: boolean
    /** Entitled to medical aid. */
    readonly getsAid: boolean
  }
  readonly costs: ClassifiedCosts
  readonly year: YearUse
  /** By how many hundredths all ratios are lowered, for treatment elsewhere without filing (domain-rules §7). */
  readonly penaltyPoints: number
  /** What the person's account holds, and those of the relatives who share theirs. */
  readonly accountFen: bigint
  readonly familyFen: bigint
}

/** Takes the steps of an explanation; absent when nobody asked for one. */
export type Explain = (step: ExplanationStep) => void

/** The rules of the place of insurance. */
export type MedicalRules = Region["medical"]

/** A step whose parameter is a ratio or an amount. */
export function tell(
  explain: Explain | undefined,
  [rule, zh, en]: readonly [rule: string, zh: string, en: string],
  parameter: string,
  value: number | bigint | string | null,
  calculation: () => string,
  fen: bigint,
): void {
  if (!explain) return
  const label: Label = { zh, en }
  explain({ rule: `domain-rules §${rule}`, label, parameter, value: written(value), calculation: calculation(), fen })
}

/** A parameter as the region's file writes it: bigint is fen, a number 1/10,000. */
function written(value: number | bigint | string | null): string {
  if (typeof value === "bigint") return formatYuan(value)
  return typeof value === "number" ? String(value / 10_000) : (value ?? "null")
}
