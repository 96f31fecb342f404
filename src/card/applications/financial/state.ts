import type { PreparedKey } from "../../../crypto/index.js"
import type { Context } from "../../context.js"
import type { Purse } from "./electronic-cash.js"
import type { PendingPayment } from "./quick-payment.js"
import type { TransactionData } from "./transaction-data.js"

/** Where a transaction stands (financial-emv §20, states). */
export type Phase = "selected" | "initiated" | "online" | "done"

/** What became of the issuer's cryptogram in this transaction. */
export type IssuerAuthentication = "none" | "passed" | "failed"

/** Volatile state of the selected financial application; SELECT and reset drop it. */
export interface FinancialState {
  phase: Phase
  /** False when the application was blocked as it was selected: GPO then waits for the next SELECT (financial-emv §28). */
  open: boolean
  /** The eight bytes of the last GET CHALLENGE: the script anchor of an unblocking session. */
  challenge: Uint8Array | undefined
  /** First application cryptogram since GPO: the script anchor of a transaction. */
  cryptogram: Uint8Array | undefined
  /** Set by a wrong script MAC: no further script until the next SELECT. */
  scriptsStopped: boolean
  issuerAuthentication: IssuerAuthentication
  /** Off-line PIN entry in this transaction, bits b3 and b2 of the second CVR byte. */
  pinFlags: number
  /** True when the PIN was blocked already as the transaction began. */
  pinBlockedBefore: boolean
  /** Set by INTERNAL AUTHENTICATE: dynamic data authentication was done in this transaction. */
  dynamicAuthenticationDone: boolean
  /** Values of the PDOL and of the CDOLs so far, which the signature of CDA covers; empty on a card without CDA. */
  sent: Uint8Array[]
  /** What the terminal sent with the last GENERATE AC, for the load log. */
  data: TransactionData | undefined
  /** Electronic cash that GET PROCESSING OPTIONS found good for this transaction (financial-emv §15, §23). */
  purse: Purse | undefined
  /** A contactless payment that the last record makes final. */
  pending: PendingPayment | undefined
  /** Third CVR byte as the first GENERATE AC found it; the second one repeats it. */
  history: number
  /** Session keys of this counter value, derived when first needed. */
  cryptogramKey: PreparedKey | undefined
  macKey: PreparedKey | undefined
  encryptionKey: PreparedKey | undefined
}

export function newState(): FinancialState {
  return {
    phase: "selected",
    open: false,
    challenge: undefined,
    cryptogram: undefined,
    scriptsStopped: false,
    issuerAuthentication: "none",
    pinFlags: 0,
    pinBlockedBefore: false,
    dynamicAuthenticationDone: false,
    sent: [],
    data: undefined,
    purse: undefined,
    pending: undefined,
    history: 0,
    cryptogramKey: undefined,
    macKey: undefined,
    encryptionKey: undefined,
  }
}

/** The volatile state of the selected financial application. */
export function stateOf(context: Context): FinancialState {
  return context.session.state as FinancialState
}
