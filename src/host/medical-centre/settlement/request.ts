import type {
  CareKind,
  ClassifiedCosts,
  CostLine,
  ExplanationStep,
  Label,
  SettlementRefusal,
  SettlementRefusalCode,
  SettlementSplit,
} from "../../../dictionary/index.js"
import type { HospitalLevel } from "../split/case.js"

/** What a settlement is asked with, whoever asks. */
interface SettlementWishes {
  /** The sender's serial: settled once under it. */
  readonly serial: string
  /** False: the person pays in cash what the funds do not. Default true. */
  readonly useAccount?: boolean
  /** The terminal checked the social security PIN (domain-rules §6.5). */
  readonly pinVerified?: boolean
  /** What the pre-settlement said; another figure now is S06. */
  readonly expected?: { readonly fundFen: bigint; readonly cashFen: bigint }
}

/** A provider of this region settles a visit. */
export interface SettlementRequest extends SettlementWishes {
  readonly visit: string
  readonly lines: readonly CostLine[]
}

/** The place of treatment settles for one of our insured, by its own catalogue (domain-rules §7). */
export interface ElsewhereRequest extends SettlementWishes {
  readonly person: string
  /** Number of the visit at the place of treatment. */
  readonly visit: string
  /** Region of treatment, six digits. */
  readonly area: string
  readonly care: CareKind
  readonly cause: "illness" | "workInjury" | "thirdParty"
  readonly isEmergency?: boolean
  readonly level: HospitalLevel
  readonly place: "community" | "other"
  readonly beganOn: string
  readonly costs: ClassifiedCosts
}

export interface Settled {
  readonly ok: true
  readonly serial: string
  readonly split: SettlementSplit
  /** What the account holds afterwards: at the centre and on the card. */
  readonly balanceFen: bigint
  /** YYYYMMDD. */
  readonly date: string
  /** Of a pre-settlement that was asked to explain itself. */
  readonly steps?: readonly ExplanationStep[]
}

/** Refused; `isPending` when the card has not answered yet and the order waits for it. */
export interface NotSettled extends SettlementRefusal {
  readonly isPending?: true
  /** A consultation code that tells more: C07, C08, C10 (domain-rules §3.2). */
  readonly detail?: string
}

export type SettlementOutcome = Settled | NotSettled

const RULES: Readonly<Record<SettlementRefusalCode, string>> = {
  S01: "domain-rules §6.5",
  S02: "domain-rules §6.5",
  S03: "domain-rules §6.5",
  S04: "Art. 30",
  S05: "domain-rules §6.5",
  S06: "domain-rules §6.5",
  S07: "domain-rules §6.5",
  S08: "domain-rules §6.5",
  S09: "domain-rules §7",
}

export function notSettled(
  code: SettlementRefusalCode,
  zh: string,
  en: string,
  more: Pick<NotSettled, "isPending" | "detail"> = {},
): NotSettled {
  const reason: Label = { zh, en }
  return { ok: false, code, rule: RULES[code], reason, ...more }
}
