import {
  CLEARING_PAYABLE,
  CLEARING_RECEIVABLE,
  customerAccount,
  delayedAccount,
  HEAD_OFFICE,
  machineAccount,
  pendingAccount,
  SHORTAGE,
  SURPLUS,
  suspenseAccount,
  tillAccount,
  VAULT,
} from "./accounts.js"

/** Half of a posting: > 0 debit, < 0 credit, never 0. */
export interface Leg {
  readonly account: string
  readonly fen: bigint
}

/** One event of host-iso8583 §18, ready to be posted. */
export interface Posting {
  /** Business key: the message or order that caused it. Unique together with `kind`. */
  readonly key: string
  readonly kind: string
  readonly legs: readonly Leg[]
  /** The entry that this one takes back. */
  readonly reverses?: number
}

/** A cash transaction at a machine or counter. */
export interface CashTransaction {
  readonly key: string
  readonly accountNumber: string
  /** Machine for W and D, teller terminal for C. */
  readonly terminal: string
  readonly fen: bigint
}

const debit = (account: string, fen: bigint): Leg => ({ account, fen })
const credit = (account: string, fen: bigint): Leg => ({ account, fen: -fen })

function posting(key: string, kind: string, legs: Leg[], reverses?: number): Posting {
  const moved = legs.filter((leg) => leg.fen !== 0n)
  return reverses === undefined ? { key, kind, legs: moved } : { key, kind, legs: moved, reverses }
}

/** W1: withdrawal approved, the notes not paid out yet. */
export const withdrawalApproved = ({ key, accountNumber, fen }: CashTransaction) =>
  posting(key, "W1", [debit(customerAccount(accountNumber), fen), credit(pendingAccount(key), fen)])

/** W2: the customer has the notes. */
export const notesTaken = ({ key, terminal, fen }: CashTransaction) =>
  posting(key, "W2", [debit(pendingAccount(key), fen), credit(machineAccount(terminal), fen)])

/** W3: no notes left the machine. */
export const withdrawalReversed = ({ key, accountNumber, fen }: CashTransaction, entry: number) =>
  posting(key, "W3", [debit(pendingAccount(key), fen), credit(customerAccount(accountNumber), fen)], entry)

/** W4: a part of the notes was presented and taken; the rest goes back to the customer's account. */
export const partlyTaken = ({ key, accountNumber, terminal, fen }: CashTransaction, takenFen: bigint) =>
  posting(key, "W4", [
    debit(pendingAccount(key), fen),
    credit(machineAccount(terminal), takenFen),
    credit(customerAccount(accountNumber), fen - takenFen),
  ])

/** W5: notes worth `retractedFen` are back in the machine; they stay in suspense until they are claimed. */
export const notesRetracted = ({ key, terminal, fen }: CashTransaction, retractedFen: bigint) =>
  posting(key, "W5", [
    debit(pendingAccount(key), fen),
    credit(machineAccount(terminal), fen - retractedFen),
    credit(suspenseAccount(key), retractedFen),
  ])

/** W6: nobody knows where the notes are. */
export const dispenseUnknown = ({ key, fen }: CashTransaction) =>
  posting(key, "W6", [debit(pendingAccount(key), fen), credit(suspenseAccount(key), fen)])

/** Who decided about suspense money: staff (S1, S2), or a message that came after the end of its day (S3, S4). */
export type SuspenseDecision = "staff" | "message"

/** S1, S3: suspense money is the customer's after all. */
export const suspenseToCustomer = ({ key, accountNumber }: CashTransaction, fen: bigint, by: SuspenseDecision) =>
  posting(key, by === "staff" ? "S1" : "S3", [
    debit(suspenseAccount(key), fen),
    credit(customerAccount(accountNumber), fen),
  ])

/** S2, S4: the notes are proved to have left the machine (withdrawal), or never to have stayed in it (cash-in). */
export const suspenseToMachine = ({ key, terminal }: CashTransaction, fen: bigint, by: SuspenseDecision) =>
  posting(key, by === "staff" ? "S2" : "S4", [debit(suspenseAccount(key), fen), credit(machineAccount(terminal), fen)])

/** C1: the teller paid out. */
export const counterWithdrawal = ({ key, accountNumber, terminal, fen }: CashTransaction) =>
  posting(key, "C1", [debit(customerAccount(accountNumber), fen), credit(tillAccount(terminal), fen)])

/** C1: the teller took cash in. */
export const counterDeposit = ({ key, accountNumber, terminal, fen }: CashTransaction) =>
  posting(key, "C1", [debit(tillAccount(terminal), fen), credit(customerAccount(accountNumber), fen)])

/** C2: a counter withdrawal taken back. */
export const counterWithdrawalReversed = ({ key, accountNumber, terminal, fen }: CashTransaction, entry: number) =>
  posting(key, "C2", [debit(tillAccount(terminal), fen), credit(customerAccount(accountNumber), fen)], entry)

/** C2: a counter deposit taken back. */
export const counterDepositReversed = ({ key, accountNumber, terminal, fen }: CashTransaction, entry: number) =>
  posting(key, "C2", [debit(customerAccount(accountNumber), fen), credit(tillAccount(terminal), fen)], entry)

/** D1: cash-in approved, the notes still in escrow. */
export const cashInApproved = ({ key, terminal, fen }: CashTransaction) =>
  posting(key, "D1", [debit(machineAccount(terminal), fen), credit(pendingAccount(key), fen)])

/** D2: notes worth `storedFen` are stored; what is missing to the approved amount went back to the customer's hands. */
export const cashStored = ({ key, accountNumber, terminal, fen }: CashTransaction, storedFen: bigint) =>
  posting(key, "D2", [
    debit(pendingAccount(key), fen),
    credit(customerAccount(accountNumber), storedFen),
    credit(machineAccount(terminal), fen - storedFen),
  ])

/** D3: all notes were given back. */
export const cashReturned = ({ key, terminal, fen }: CashTransaction, entry: number) =>
  posting(key, "D3", [debit(pendingAccount(key), fen), credit(machineAccount(terminal), fen)], entry)

/** D4: nobody knows whether the notes are in the machine. */
export const cashInUnknown = ({ key, fen }: CashTransaction) =>
  posting(key, "D4", [debit(pendingAccount(key), fen), credit(suspenseAccount(key), fen)])

/** R0: head office delivers cash to the vault. */
export const cashDelivered = (key: string, fen: bigint) =>
  posting(key, "R0", [debit(VAULT, fen), credit(HEAD_OFFICE, fen)])

/** R0: the vault supplies a till. */
export const tillSupplied = (key: string, teller: string, fen: bigint) =>
  posting(key, "R0", [debit(tillAccount(teller), fen), credit(VAULT, fen)])

/** R1: notes are loaded into a machine. */
export const machineLoaded = (key: string, terminal: string, fen: bigint) =>
  posting(key, "R1", [debit(machineAccount(terminal), fen), credit(VAULT, fen)])

/** O1: an account is taken over with a balance. */
export const accountOpened = (key: string, accountNumber: string, fen: bigint) =>
  posting(key, "O1", [debit(HEAD_OFFICE, fen), credit(customerAccount(accountNumber), fen)])

/** A1: the notes of a withdrawal that was taken back have left the machine after all; the customer's account pays for them. */
export const claimOnCustomer = ({ key, accountNumber, terminal, fen }: CashTransaction) =>
  posting(key, "A1", [debit(customerAccount(accountNumber), fen), credit(machineAccount(terminal), fen)])

/** A1, when the account does not suffice: a claim on the customer. */
export const shortageClaimed = ({ key, terminal, fen }: CashTransaction) =>
  posting(key, "A1", [debit(SHORTAGE, fen), credit(machineAccount(terminal), fen)])

/** R3: a count found more in a machine than the book has. */
export const countedOver = (key: string, terminal: string, fen: bigint) =>
  posting(key, "R3", [debit(machineAccount(terminal), fen), credit(SURPLUS, fen)])

/** R4: a count found less in a machine than the book has. */
export const countedUnder = (key: string, terminal: string, fen: bigint) =>
  posting(key, "R4", [debit(SHORTAGE, fen), credit(machineAccount(terminal), fen)])

/** P1: money that an agency approved came in over the clearing. */
export const payoutReceived = (key: string, accountNumber: string, fen: bigint) =>
  posting(key, "P1", [debit(CLEARING_RECEIVABLE, fen), credit(customerAccount(accountNumber), fen)])

/** T1: a transfer to another account of the bank. */
export const transferred = ({ key, accountNumber, fen }: CashTransaction, payee: string) =>
  posting(key, "T1", [debit(customerAccount(accountNumber), fen), credit(customerAccount(payee), fen)])

/** T1: a transfer that can still be called off. */
export const transferDelayed = ({ key, accountNumber, fen }: CashTransaction) =>
  posting(key, "T1", [debit(customerAccount(accountNumber), fen), credit(delayedAccount(key), fen)])

/** T1: a transfer to another bank. */
export const transferOut = ({ key, accountNumber, fen }: CashTransaction) =>
  posting(key, "T1", [debit(customerAccount(accountNumber), fen), credit(CLEARING_PAYABLE, fen)])

/** T2: the payee gets what waited. */
export const delayedTransferPaid = (key: string, payee: string, fen: bigint) =>
  posting(key, "T2", [debit(delayedAccount(key), fen), credit(customerAccount(payee), fen)])

/** B1: a merchant is owed what the customer paid. */
export const purchased = ({ key, accountNumber, fen }: CashTransaction) =>
  posting(key, "B1", [debit(customerAccount(accountNumber), fen), credit(CLEARING_PAYABLE, fen)])

/** B3: a merchant pays back. */
export const refunded = ({ key, accountNumber, fen }: CashTransaction) =>
  posting(key, "B3", [debit(CLEARING_PAYABLE, fen), credit(customerAccount(accountNumber), fen)])

/** T3, B2: a transfer, or a purchase or refund, called off or taken back. @param legs of the entry that is taken back */
export const takenBack = (key: string, kind: "T3" | "B2", entry: number, legs: readonly Leg[]) =>
  posting(
    key,
    kind,
    legs.map(({ account, fen }) => ({ account, fen: -fen })),
    entry,
  )
