import { type StatusWord, SW } from "../../../apdu/index.js"
import type { Application, Handler } from "../../application.js"
import type { Context } from "../../context.js"
import type { ElementSpec } from "../../specification.js"
import { type AccountElement, type BalanceId, type MedicalState, stateOf, type TransactionKind } from "./account.js"
import { getBalance } from "./get-balance.js"
import { getTransactionProve } from "./get-transaction-prove.js"
import { initializeForDebit, initializeForLoad, initializeForUnload } from "./initialize.js"
import { creditForLoad, debit, debitForUnload } from "./settle.js"

/** The commands of the account by name; a profile gives their instruction bytes. */
const HANDLERS = {
  initializeForDebit,
  debit,
  getBalance,
  initializeForLoad,
  creditForLoad,
  getTransactionProve,
  initializeForUnload,
  debitForUnload,
} satisfies Record<string, Handler>

export type MedicalCommand = keyof typeof HANDLERS

/** What differs from card to card: everything that the standard's public texts leave open (card-commands §10). */
export interface MedicalRules {
  /** Instruction byte of each command, class B0. */
  readonly instructions: Readonly<Record<MedicalCommand, number>>
  /** Element by P1 P2 of GET BALANCE, as one number. */
  readonly balances: ReadonlyMap<number, BalanceId>
  /** P1 P2 that each INITIALIZE takes, as numbers. */
  readonly p1p2: Readonly<Record<TransactionKind, ReadonlySet<number>>>
  /** Transaction type byte: an ASCII character. */
  readonly types: Readonly<Record<TransactionKind, number>>
  /** The most that a load may bring the personal account to. */
  readonly limitFen: number
  /** Answer of a second command without its INITIALIZE directly before: 6985, on some cards 6901. */
  readonly notInitialized: number
}

/** The medical application of DF04 with the rules of one profile. */
export interface MedicalApplication extends Application, MedicalRules {}

/** The medical application. */
export function medicalApplication(rules: MedicalRules): MedicalApplication {
  const commands: Record<string, Handler> = {}
  for (const [name, handler] of Object.entries(HANDLERS)) {
    const instruction = rules.instructions[name as MedicalCommand]
    commands[`B0${instruction.toString(16).toUpperCase().padStart(2, "0")}`] = handler
  }
  return {
    ...rules,
    name: "medical account",
    commands,
    newState: (): MedicalState => ({ pending: undefined, begun: undefined }),
    admit: endPending,
    selectFile: endPending,
  }
}

/** Any command but GET RESPONSE ends a transaction that was begun (card-commands §10.4). */
function endPending(context: Context): StatusWord {
  const state = stateOf(context)
  state.begun = state.pending
  state.pending = undefined
  return SW.OK
}

/** Length of the block that keeps type, number, MAC and TAC of the last transaction. */
const PROOF_LENGTH = 11

/**
 * The account of a new card (card-structure §9.5): personal account; own and pooled payments with their year; on-line and
 * off-line transaction numbers; the proof of the last transaction.
 *
 * @param contents amounts of 4, 6 and 6 bytes, numbers of 2
 */
export function medicalElements(
  contents: Readonly<Record<Exclude<AccountElement, "proof">, Uint8Array>>,
): ElementSpec[] {
  return [
    { id: "cia", initial: contents.cia },
    { id: "spip", initial: contents.spip },
    { id: "spfp", initial: contents.spfp },
    { id: "onlineNumber", initial: contents.onlineNumber },
    { id: "offlineNumber", initial: contents.offlineNumber },
    { id: "proof", initial: new Uint8Array(PROOF_LENGTH) },
  ]
}
