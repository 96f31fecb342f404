import { SW } from "../../../apdu/index.js"
import type { Algorithm, Sm4MacForm } from "../../../crypto/index.js"
import type { Application, CommandTable } from "../../application.js"
import { crypt } from "./crypt.js"
import { initialiseCardKey, initialiseSessionKey } from "./initialise-key.js"
import { creditForPurchase, initialiseForPurchase } from "./purchase.js"
import { newState, type SamState } from "./state.js"

/** What a SAM tells of a key it holds (card-commands §11.1); never its value. */
export interface SamKeyHeader {
  /** b8-b6 diversification levels, b5-b1 type (card-structure §16.2). */
  readonly usage: number
  readonly id: number
}

/** How vendors of SAMs differ (financial-emv §9). */
export interface SamOptions {
  /** Which factor comes first in a command: the card's own (default), or the one nearest the master key. */
  readonly factorOrder: "cardFirst" | "masterFirst"
  /** Which command moves the terminal transaction number on: INIT FOR PURCHASE (8070, default) or CREDIT (8072). */
  readonly sequenceStep: "initialise" | "credit"
  readonly sm4Mac: Sm4MacForm
}

/** The SAM's application DF01 with the key headers and options of one profile. */
export interface SamApplication extends Application {
  readonly algorithm: Algorithm
  readonly options: SamOptions
  /** Place of a key in the directory by usage and identifier, as one number. */
  readonly keyPlaces: ReadonlyMap<number, number>
  /** Identifiers in the store, whatever their usage. */
  readonly keyIds: ReadonlySet<number>
}

const commands: CommandTable = {
  BFDE: initialiseSessionKey,
  "801A": initialiseCardKey,
  "80FA": crypt,
  "8070": initialiseForPurchase,
  "8072": creditForPurchase,
}

/** A SAM has no holder: no PIN, and nobody who authenticates to it. */
const without = ["0020", "0082", "0088", "805E"]

const CREDIT_FOR_PURCHASE = 0x72

/**
 * The SAM's application.
 *
 * @param keys headers in the order of the directory's keys
 */
export function samApplication(
  algorithm: Algorithm,
  keys: readonly SamKeyHeader[],
  options: SamOptions,
): SamApplication {
  return {
    name: "SAM",
    commands,
    without,
    newState,
    // A purchase begun is a purchase ended by whatever comes next, as on a user card (card-commands §8).
    admit({ session }, { cla, ins }) {
      if (cla !== 0x80 || ins !== CREDIT_FOR_PURCHASE) (session.state as SamState).purchase = undefined
      return SW.OK
    },
    algorithm,
    options,
    keyPlaces: new Map(keys.map(({ usage, id }, place) => [usage * 256 + id, place])),
    keyIds: new Set(keys.map(({ id }) => id)),
  }
}

/** The MF and the second environment of a SAM: files to read, no holder. */
export const samEnvironment: Application = { name: "SAM environment", commands: {}, without }
