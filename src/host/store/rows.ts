import type { Algorithm } from "../../crypto/index.js"
import type { BureauTables } from "./bureau-rows.js"
import type { MedicalTables } from "./medical-rows.js"
import type { TransferTables } from "./transfer-tables.js"

/** States of the financial application at the bank (domain-rules §3.1, machine FIN; `activating`: host-iso8583 §11.7). */
export type CardState =
  | "notActivated"
  | "activating"
  | "active"
  | "pinLocked"
  | "frozen"
  | "stopPay"
  | "dormant"
  | "tempLost"
  | "formallyLost"
  | "reissued"
  | "closed"

/** Class of a personal bank account (domain-rules §4.1). */
export type AccountClass = "I" | "II" | "III"

export interface CardRow {
  pan: string
  /** PAN sequence number, two digits. */
  sequenceNumber: string
  /** YYMM; the card is good to the end of that month. */
  expiry: string
  accountNumber: string
  accountClass: AccountClass
  state: CardState
  /** Answer code of the stop list ("41", "43", "04" ...), or null when the card is not on it. */
  listedCode: string | null
  holderName: string
  holderNameLatin: string
  /** One byte in hex, as tag 9F62. */
  idType: string
  idNumber: string
  phone: string | null
  pinVerifier: Uint8Array | null
  pinTries: number
  /** Time of the last wrong PIN, ISO 8601. */
  pinTriesAt: string | null
  lastAtc: number | null
  /** Which issuer keys it was made with, for scripts to a card that gives no cryptogram. */
  keyIndex: number
  algorithm: Algorithm
  /** Issuer scripts sent to this card so far; the next one has the identifier of this number plus one. */
  scriptCount: number
  /** The last script that set the PIN, 0 for the PIN it was issued with. */
  pinScript: number
}

/** How a request of a terminal stands (host-iso8583 §12, §18). */
export type MessageState =
  /** Refused, nothing posted. */
  | "declined"
  /** Approved and nothing to settle: inquiries, activation. */
  | "approved"
  /** Approved, money on its pending account 2241. */
  | "pending"
  /** A transfer that waits until it can no longer be called off, money on 2244. */
  | "delayed"
  /** Money moved for good: confirmed, or a counter transaction. */
  | "final"
  | "reversed"
  /** Outcome unknown or retracted, money on a suspense account 2242. */
  | "suspense"
  /** A reversal came before its request, which is refused when it comes. */
  | "tombstone"
  /** An advice or reversal that was answered. */
  | "answered"

export type MessageClass = "0200" | "0220" | "0420" | "0500" | "0620"

export type Flow =
  | "withdrawal"
  | "counterWithdrawal"
  | "cashIn"
  | "counterDeposit"
  | "inquiry"
  | "activation"
  | "purchase"
  | "refund"
  | "transfer"
  | "statement"
  | "pinChange"

/** One message of a terminal and its complete answer (host-iso8583 §13). */
export interface MessageRow {
  /** acquirer-terminal-STAN-date, see `messageKey`. */
  key: string
  messageClass: MessageClass
  /** SHA-256 over DE 2, 3, 4, 35, 52, 55. */
  hash: Uint8Array
  state: MessageState
  flow: Flow | null
  terminal: string
  pan: string | null
  processingCode: string
  amountFen: bigint
  /** What of it counts for the limits of its day. */
  countedFen: bigint
  /** The entry that its approval posted. */
  entry: number | null
  /** What is on the suspense account 2242 of this message since its outcome. */
  suspenseFen: bigint
  /** Calendar day at the bank when the request was approved: the day its limits count for. */
  day: string
  businessDate: string
  reference: string
  answerCode: string
  /** The answer without its MAC: a repeat carries a fresh one. */
  answer: Uint8Array
  at: string
}

export interface EntryRow {
  /** Place in the journal, from 1. */
  id: number
  /** Business key; unique together with `kind`. */
  key: string
  /** W1, W2 ... as host-iso8583 §18 names the event. */
  kind: string
  businessDate: string
  /** The entry this one takes back. */
  reverses: number | null
  at: string
}

export interface LegRow {
  entry: number
  position: number
  account: string
  /** > 0 debit, < 0 credit. */
  fen: bigint
}

export interface BalanceRow {
  account: string
  /** Sum of the legs of the account: > 0 debit, < 0 credit. */
  fen: bigint
}

/** What a card used of a limit in a period. */
export interface CounterRow {
  pan: string
  /** `atmDay`, `atmMonth`, `cashDay`, `cashYear`. */
  kind: string
  /** YYYYMMDD, YYYYMM or YYYY. */
  period: string
  fen: bigint
  count: number
}

export interface ScriptRow {
  pan: string
  id: number
  /** Key of the request whose answer carried it. */
  key: string
  purpose: "activation" | "pinChange"
  /** The PIN that is valid when the script ran. */
  verifier: Uint8Array
  state: "sent" | "done" | "failed"
}

/** The keys a terminal works with, each wrapped under the local master key of the HSM. */
export interface TerminalKeysRow {
  terminal: string
  signedOn: number
  pinKey: Uint8Array
  macKey: Uint8Array
  previousMacKey: Uint8Array | null
  changedAt: string
}

/** Something staff have to look at: a message that contradicts the book, an alarm. */
export interface CaseRow {
  id: number
  key: string
  reason: string
  at: string
}

/** Cash ordered ahead at the counter (domain-rules §4.1). */
export interface ReservationRow {
  pan: string
  /** YYYYMMDD, the day the cash is wanted. */
  day: string
  fen: bigint
  madeOn: string
}

export interface SequenceRow {
  name: string
  value: number
}

/** Every table of the bank, by name. */
export interface BankTables {
  cards: CardRow
  messages: MessageRow
  entries: EntryRow
  legs: LegRow
  balances: BalanceRow
  counters: CounterRow
  scripts: ScriptRow
  terminalKeys: TerminalKeysRow
  cases: CaseRow
  reservations: ReservationRow
  sequences: SequenceRow
}

/** Every table of the back office, by name. */
export interface Tables extends BankTables, MedicalTables, TransferTables, BureauTables {}

export type TableName = keyof Tables
