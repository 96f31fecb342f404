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

/** Why medical money stays where it is, in the order in which the reasons are looked for (domain-rules §8.4). */
export interface MedicalWithdrawalRefusal {
  readonly allowed: false
  readonly code: "W01" | "W13" | "W02" | "W03"
  /** The customer's rule behind it. */
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
