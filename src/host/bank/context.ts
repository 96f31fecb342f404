import type { Tlv } from "../../apdu/index.js"
import type { Message, MessageFields, PrivateData } from "../../dictionary/index.js"
import type { Hsm } from "../hsm/hsm.js"
import type { Region } from "../regions/region.js"
import type { BankStore, BankTransaction } from "../store/bank-store.js"
import type { Flow, MessageState, TerminalKeysRow } from "../store/rows.js"
import type { BankEvents } from "./events.js"
import type { Terminal } from "./terminals.js"
import type { BankTime } from "./time.js"

/** Where the host-iso8583 spec leaves a bank the choice. */
export interface BankPolicies {
  /** A 0200 with a key that was used: refuse it (94), or give the stored answer when it is the same request (§13). */
  readonly duplicates: "94" | "replay"
  /** Answer to the reversal of a request that never came (§12). */
  readonly unknownReversal: "00" | "25"
  /** Notes that were presented and drawn back in full: keep them in suspense, or give the amount back (§17). */
  readonly retracted: "suspense" | "reverse"
}

/** What a bank is made of. */
export interface BankContext {
  readonly store: BankStore
  readonly hsm: Hsm
  readonly region: Region
  readonly clock: () => Date
  readonly terminals: ReadonlyMap<string, Terminal>
  readonly policies: BankPolicies
  /** First six digits of the PANs this bank issues. */
  readonly issuedPrefixes: readonly string[]
  readonly events: BankEvents
  /** `cutover` answers 90, `stopped` 91 to new requests; repairs always pass (§19). */
  service: "open" | "cutover" | "stopped"
}

/** A request of a terminal whose MAC was right, inside the transaction that answers it. */
export interface TerminalRequest {
  readonly bank: BankContext
  readonly rows: BankTransaction
  readonly message: Message
  readonly fields: Readonly<MessageFields>
  /** DE48, empty when there is none. */
  readonly data: PrivateData
  /** DE55, empty when there is none. */
  readonly chipData: readonly Tlv[]
  /** What the message is known by, see `messageKey`. */
  readonly key: string
  readonly terminal: Terminal
  readonly keys: TerminalKeysRow
  readonly time: BankTime
}

/** An answer code and the data elements that go with it; those of the request are echoed anyway. */
export interface Answer {
  readonly code: string
  readonly fields?: MessageFields
}

/** An answer to a 0200 and how the request stands after it. */
export interface Decision extends Answer {
  readonly state: MessageState
  readonly flow: Flow | null
  readonly amountFen: bigint
  /** The entry that was posted. */
  readonly entry: number | null
}
