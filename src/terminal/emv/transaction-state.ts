import type { Transport } from "../../apdu/index.js"
import type { DataStore } from "./data-store.js"
import type { TerminalConfiguration } from "./terminal-configuration.js"
import type { Verification } from "./verification-results.js"

/** What the customer and the clock bring to one transaction. */
export interface TransactionInput {
  /** Tag 9C: 0x01 cash, 0x00 goods and services, 0x30 inquiry, 0x21 deposit, 0x40 transfer. */
  readonly type: number
  /** 0 for an inquiry. Safe integer of at most 12 digits. */
  readonly amountFen: number
  /** Cashback part of the amount, tag 9F03. Default 0. */
  readonly otherAmountFen?: number
  /** Tag 9A, six digits YYMMDD. */
  readonly date: string
  /** Tag 9F21, six digits hhmmss. */
  readonly time: string
  /** Tag 9F37, 4 random bytes. */
  readonly unpredictableNumber: Uint8Array
  /** Tag 9F41, the terminal's running number. Default 0. */
  readonly sequenceNumber?: number
  /** The merchant wants the issuer to be asked. */
  readonly forceOnline?: boolean
}

/** Everything that the steps of one transaction share. */
export interface TransactionState {
  readonly card: Transport
  readonly configuration: TerminalConfiguration
  readonly input: TransactionInput
  readonly data: DataStore
  readonly verification: Verification
  /** What the card was sent by GET PROCESSING OPTIONS and GENERATE AC, in order: CDA signs it. */
  readonly sent: Uint8Array[]
}
