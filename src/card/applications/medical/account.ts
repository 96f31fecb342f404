import type { MedicalCipher } from "../../../crypto/index.js"
import type { Context } from "../../context.js"
import type { Region } from "../../layout.js"
import type { MedicalApplication } from "./application.js"

/** What GET BALANCE can tell: element names in DF04 (card-structure §9.5). */
export type BalanceId = "cia" | "spip" | "spfp"

/** Internal elements of the account, by name. */
export type AccountElement = BalanceId | "onlineNumber" | "offlineNumber" | "proof"

/** Keys of the account by role (card-structure §16.4). */
export type AccountKey = "DPK" | "DLK" | "DTK" | "DULK"

/** The three transactions of the account. */
export type TransactionKind = "load" | "unload" | "debit"

/** What INITIALIZE began and the second command ends: volatile, gone with any other command (card-commands §10.4). */
export interface PendingTransaction {
  readonly kind: TransactionKind
  /** 4 bytes: the amount, or the part of the personal account in a debit. */
  readonly amount: Uint8Array
  /** 4 bytes; zero but in a debit. */
  readonly pooled: Uint8Array
  /** 6 bytes. */
  readonly terminal: Uint8Array
  /** 4 bytes that the card drew. */
  readonly random: Uint8Array
}

/** Volatile state of a selected DF04. */
export interface MedicalState {
  /** Begun by the last command. */
  pending: PendingTransaction | undefined
  /** Begun by the command before this one: what a second command may end. */
  begun: PendingTransaction | undefined
}

export const rulesOf = ({ directory }: Context): MedicalApplication => directory.application as MedicalApplication

export const stateOf = ({ session }: Context): MedicalState => session.state as MedicalState

export const elementOf = ({ directory }: Context, name: AccountElement): Region => directory.elements[name]!

/** A card key of the account, 16 bytes. */
export function accountKey({ directory, memory }: Context, name: AccountKey): Uint8Array {
  return memory.read(directory.keys.find((key) => key.name === name)!.value)
}

export const cipherOf = (context: Context): MedicalCipher => ({
  algorithm: context.layout.algorithm,
  form: context.layout.options.sm4Mac,
})
