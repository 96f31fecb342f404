import { type DolEntry, dolLength, InputError, parseDol } from "../../../apdu/index.js"
import type { Algorithm, EmvPrivateKey } from "../../../crypto/index.js"
import type { Application } from "../../application.js"
import type { Context } from "../../context.js"

/** Where the values of a data object list stand in the data of a command. */
export interface CompiledDol {
  readonly length: number
  /** Offset of each value by tag; a tag that stands twice counts once, at its last place. */
  readonly fields: ReadonlyMap<number, { readonly offset: number; readonly length: number }>
}

/** What is fixed for all cards of a profile: lists, interchange profile, file locator. */
export interface FinancialRules {
  /** Of the card keys: cryptograms, issuer authentication, scripts. */
  readonly algorithm: Algorithm
  /** 01 or 17 (hex): what GENERATE AC covers. */
  readonly cryptogramVersion: number
  readonly pdol: CompiledDol
  readonly cdol1: CompiledDol
  readonly cdol2: CompiledDol
  /** Tags and lengths of a transaction log record (9F4F), in order. */
  readonly log: readonly { readonly tag: number; readonly length: number }[]
  /** The same of the load log (DF4F). */
  readonly loadLog: readonly { readonly tag: number; readonly length: number }[]
  /** AIP, two bytes. */
  readonly interchangeProfile: Uint8Array
  /** AFL, four bytes an entry. */
  readonly fileLocator: Uint8Array
  /** AFL of a purchase with electronic cash; undefined on a card without. */
  readonly electronicCash: { readonly fileLocator: Uint8Array } | undefined
  /** AFL of an off-line qPBOC payment; undefined on a card with contacts. */
  readonly quickFileLocator: Uint8Array | undefined
  /** The card's own key; a card without one makes no dynamic signatures. */
  readonly signingKey: EmvPrivateKey | undefined
  readonly ddol: CompiledDol
  /** GENERATE AC signs its answer when asked to. */
  readonly combined: boolean
  /** CARD BLOCK blocks the social security application too (financial-emv §28). */
  readonly blocksWholeCard: boolean
  /** VERIFY takes a PIN that was enciphered for the card's RSA key. */
  readonly encipheredPin: boolean
}

/** The financial application with the rules of one profile. */
export interface FinancialApplication extends Application {
  readonly rules: FinancialRules
}

/**
 * Reads a list once, so that no command has to.
 *
 * @param field what to call the list in an error message
 * @throws {InputError} when it is malformed
 */
export function compileDol(list: Uint8Array, field = "dol"): CompiledDol {
  const entries = readDol(list, field)
  const fields = new Map<number, { offset: number; length: number }>()
  let offset = 0
  for (const { tag, length } of entries) {
    fields.set(tag, { offset, length })
    offset += length
  }
  return { length: dolLength(entries), fields }
}

/** The entries of a list, with its own name in the message of an error. */
export function readDol(list: Uint8Array, field: string): DolEntry[] {
  try {
    return parseDol(list)
  } catch (cause) {
    throw cause instanceof InputError ? new InputError(field, "expected a list of tags and lengths", { cause }) : cause
  }
}

/** The rules of the selected financial application. */
export function rulesOf(context: Context): FinancialRules {
  return (context.directory.application as FinancialApplication).rules
}
