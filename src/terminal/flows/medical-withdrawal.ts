import type {
  Label,
  MedicalCentreLink,
  MedicalWithdrawalRefusal,
  MedicalWithdrawalRequest,
} from "../../dictionary/index.js"

export interface MedicalWithdrawalOptions extends MedicalWithdrawalRequest {
  /** Decides; a terminal has no rules of its own. */
  readonly centre: MedicalCentreLink
  readonly onEvent?: (event: MedicalWithdrawalEvent) => void
}

export type MedicalWithdrawalEvent =
  | { readonly type: "centre-asked"; readonly account: MedicalWithdrawalRequest["account"] }
  | { readonly type: "refused"; readonly refusal: MedicalRefusal }

/** The application may be handed in; nothing is paid at a terminal. */
export interface MedicalApplication {
  readonly ok: true
}

/** The money stays where it is, and why. */
export interface MedicalRefusal {
  readonly ok: false
  /** W01 to W13 of domain-rules §8.4. */
  readonly code: MedicalWithdrawalRefusal["code"]
  /** The customer's rule behind it, for example R7. */
  readonly rule: string
  readonly reason: Label
  readonly missing?: readonly string[]
}

/**
 * Asks for money out of a medical account. A terminal never pays it: pooled money stays for ever, personal money is applied
 * for at the medical insurance service centre (domain-rules R7 to R11).
 *
 * @example await medicalWithdrawal({ centre, account: "pooled", channel: "kiosk" }) // { ok: false, code: "W01", rule: "R7", ... }
 */
export async function medicalWithdrawal({
  centre,
  onEvent = () => undefined,
  ...request
}: MedicalWithdrawalOptions): Promise<MedicalApplication | MedicalRefusal> {
  onEvent({ type: "centre-asked", account: request.account })
  const decision = await centre.decideWithdrawal(request)
  if (decision.allowed) return { ok: true }
  const { allowed: _, ...told } = decision
  const refusal: MedicalRefusal = { ok: false, ...told }
  onEvent({ type: "refused", refusal })
  return refusal
}
