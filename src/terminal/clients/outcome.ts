import { responseData, type StatusWord, SW, statusWord, type Transport } from "../../apdu/index.js"

/** The card refused; why is in the status word. A value, not an error. */
export interface Refusal {
  readonly ok: false
  readonly statusWord: StatusWord
}

/** What a command brought, or the card's refusal. */
export type Outcome<T extends object = object> = ({ readonly ok: true } & T) | Refusal

/** Sends a command; `ok` means 9000. */
export async function send(card: Transport, command: Uint8Array): Promise<Outcome<{ readonly data: Uint8Array }>> {
  const response = await card.transmit(command)
  const status = statusWord(response)
  return status === SW.OK ? { ok: true, data: responseData(response) } : { ok: false, statusWord: status }
}

/** A PIN or key was accepted, or not: then how many tries are left, where the card tells. */
export type CountedOutcome = { readonly ok: true } | CountedRefusal

export interface CountedRefusal extends Refusal {
  /** The PIN or key is locked: no try is left. */
  readonly locked: boolean
  /** 0 when locked; `undefined` when the card refused for another reason than a wrong PIN or key. */
  readonly triesLeft: number | undefined
}

/** Reads the tries left out of a status word (card-structure §16.5: 63Cx, 6983). */
export function counted(outcome: Outcome): CountedOutcome {
  if (outcome.ok) return { ok: true }
  const { statusWord: status } = outcome
  const tries = status >> 4 === 0x63c ? status & 15 : undefined
  const locked = status === SW.AUTHENTICATION_METHOD_BLOCKED || tries === 0
  return { ok: false, statusWord: status, locked, triesLeft: locked ? 0 : tries }
}
