import type { DataStore } from "./data-store.js"
import type { Cryptogram } from "./generate-ac.js"
import type { Reason } from "./verification-results.js"

/**
 * What a transaction came to.
 *
 * - `approved`: the card gave a TC.
 * - `declinedOffline`: AAC at the first GENERATE AC, nobody was asked.
 * - `declinedByIssuer`: the issuer answered no. `declinedByCard`: the issuer said yes, the card no.
 * - `unableOnline`: no answer that counts, and the card gave no TC.
 * - `cancelled`: at the PIN pad.
 * - `cardDataError`: the card's data or answers are missing, malformed or impossible.
 * - `applicationBlocked`: blocked or not yet activated (6283). `cardBlocked`: 6A81 for everything.
 * - `conditionsNotSatisfied`: GET PROCESSING OPTIONS refused every application. `noApplication`: none in common.
 */
export type EmvOutcome =
  | "approved"
  | "declinedOffline"
  | "declinedByIssuer"
  | "declinedByCard"
  | "unableOnline"
  | "cancelled"
  | "cardDataError"
  | "applicationBlocked"
  | "cardBlocked"
  | "conditionsNotSatisfied"
  | "noApplication"

/** A finished transaction, and why it ended as it did. */
export interface EmvResult {
  readonly outcome: EmvOutcome
  /** Tag 95, 5 bytes. */
  readonly tvr: Uint8Array
  /** Tag 9B, 2 bytes. */
  readonly tsi: Uint8Array
  /** Every TVR bit and every rule that mattered, in order. */
  readonly why: readonly Reason[]
  /** All data by tag; undefined when no application was selected. Holds the PAN. */
  readonly data: DataStore | undefined
  readonly first?: Cryptogram
  readonly second?: Cryptogram
  /** Tag DF31, 5 bytes a script; undefined when none came. */
  readonly scriptResults: Uint8Array | undefined
}

/** What the issuer is asked with. */
export interface OnlineRequest {
  readonly data: DataStore
  /** Enciphered PIN block, when the holder was verified by on-line PIN. */
  readonly pinBlock: Uint8Array | undefined
}

/** What the issuer answered. */
export interface OnlineAnswer {
  /** Authorisation response code, tag 8A: two ASCII bytes; 3030 approves. */
  readonly code: Uint8Array
  /** Tag 91, ARPC ‖ ARC. */
  readonly issuerAuthenticationData: Uint8Array | undefined
  /** Values of templates 71, to run before the second GENERATE AC. */
  readonly scriptsBefore: readonly Uint8Array[]
  /** Values of templates 72, to run after it. */
  readonly scriptsAfter: readonly Uint8Array[]
}
