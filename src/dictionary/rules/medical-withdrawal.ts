import type { Label } from "../label.js"

/** Where a person asks for medical money (domain-rules R11). */
export type WithdrawalChannel = "medicalCentre" | "bankCounter" | "atm" | "kiosk" | "pos" | "online"

/** Asks for money out of a medical account. */
export interface MedicalWithdrawalRequest {
  /** `personal` belongs to the insured; `pooled` to all (domain-rules R6). */
  readonly account: "personal" | "pooled"
  readonly channel: WithdrawalChannel
  /** What entitles him, as he says: DEATH, EMIGRATION, or what a region knows besides (domain-rules §8.1). */
  readonly condition?: string
  /** Evidence that lies on the table: DEATH_MEDICAL, EXIT_CERT ... (domain-rules §8.3). */
  readonly evidence?: readonly string[]
  /** Other materials: applicantId, relationProof, applicationForm, payeeAccount, originalCard ... */
  readonly materials?: readonly string[]
}

/** Why medical money stays where it is (domain-rules §8.4). */
export type WithdrawalCode = (typeof WITHDRAWAL_ORDER)[number]

/** The order in which the reasons are looked for: the first that applies is told. */
export const WITHDRAWAL_ORDER = [
  "W01",
  "W13",
  "W02",
  "W10",
  "W03",
  "W04",
  "W05",
  "W06",
  "W08",
  "W07",
  "W11",
  "W12",
  "W09",
] as const

/** A refusal; the case may go on when what it names is mended. */
export interface MedicalWithdrawalRefusal {
  readonly allowed: false
  readonly code: WithdrawalCode
  /** The customer's rule behind it, or the clause. */
  readonly rule: string
  readonly reason: Label
  /** Everything that is missing, told at once; of evidence types in brackets one is enough. Only with W03. */
  readonly missing?: readonly string[]
}

export type MedicalWithdrawalDecision = { readonly allowed: true } | MedicalWithdrawalRefusal

/** Whoever decides: the medical insurance service centre, in the same process or far away. */
export interface MedicalCentreLink {
  decideWithdrawal(request: MedicalWithdrawalRequest): Promise<MedicalWithdrawalDecision>
}
