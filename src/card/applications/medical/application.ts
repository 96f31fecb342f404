import type { Application, CommandTable } from "../../application.js"
import type { ElementSpec } from "../../specification.js"
import { getBalance } from "./get-balance.js"

/** What GET BALANCE can tell: element names in DF04 (card-structure §9.5). */
export type BalanceId = "cia" | "spip" | "spfp"

/** The medical application of DF04 with the parameters of one profile. */
export interface MedicalApplication extends Application {
  /** Element by P1 P2 of GET BALANCE, as one number. */
  readonly balances: ReadonlyMap<number, BalanceId>
}

const commands: CommandTable = { B026: getBalance }

/**
 * The medical application.
 *
 * @param balances element by P1 P2 of GET BALANCE; card-commands §10.1 gives 0001, 0002, 0003
 */
export function medicalApplication(balances: ReadonlyMap<number, BalanceId>): MedicalApplication {
  return { name: "medical account", commands, balances }
}

/** Length of the block that keeps type, number, MAC and TAC of the last transaction. */
const PROOF_LENGTH = 11

/**
 * The account of a new card (card-structure §9.5): personal account; own and pooled payments with their year; on-line and
 * off-line transaction numbers; the proof of the last transaction.
 *
 * @param amounts element contents, 4, 6 and 6 bytes
 */
export function medicalElements(amounts: Readonly<Record<BalanceId, Uint8Array>>): ElementSpec[] {
  return [
    { id: "cia", initial: amounts.cia },
    { id: "spip", initial: amounts.spip },
    { id: "spfp", initial: amounts.spfp },
    { id: "onlineNumber", initial: new Uint8Array(2) },
    { id: "offlineNumber", initial: new Uint8Array(2) },
    { id: "proof", initial: new Uint8Array(PROOF_LENGTH) },
  ]
}
