import type { Label } from "../label.js"

/** What the medical centre wants the personal account on the card to do (card-commands §10). */
export interface PersonalAccountOrder {
  /** Serial of the order: asked for again under it, the same thing happens once. */
  readonly serial: string
  readonly kind: "debit" | "load" | "unload"
  /** Debit: what the personal account pays. Load and unload: the amount. */
  readonly personalFen: bigint
  /** Debit only: what the funds pay, which the card adds to its SPFP of the year. */
  readonly pooledFen: bigint
  /** YYYYMMDD. */
  readonly date: string
  /** hhmmss. */
  readonly time: string
}

export type PersonalAccountOutcome =
  /** Committed on the card. */
  | { readonly outcome: "done"; readonly proof: Uint8Array }
  /** The card refused and changed nothing. */
  | { readonly outcome: "refused"; readonly reason: Label }
  /** No answer: GET TRANSACTION PROVE tells later. */
  | { readonly outcome: "unknown" }

/**
 * The personal account on a card that was presented, with the PIN checked: a terminal's client over card-commands §10 with
 * its SAM or the back office's HSM. An order is idempotent by its serial; a terminal keeps the card's transaction number
 * with the serial until the order is answered.
 */
export interface PersonalAccountCard {
  readonly cardNumber: string
  /** Carries an order out. Never rejects: a card that is gone is `unknown`. */
  transact(order: PersonalAccountOrder): Promise<PersonalAccountOutcome>
  /** Whether the card committed an order that was given earlier: `refused` means that it did not. */
  prove(order: PersonalAccountOrder): Promise<PersonalAccountOutcome>
}
