import { concat, hex } from "../../apdu/index.js"
import { encodePin, pinStatus } from "../clients/pin.js"
import { type CardEvent, type FlowCard, runFlow } from "./flow.js"
import { authenticate, type KeyedOptions, meetCard, type SecureCommand, sendSecurely } from "./keyed.js"
import type { FlowRefusal } from "./refusal.js"

/** The PIN can be tried again. */
export interface PinRestored {
  readonly ok: true
  /** Tries that the card gives now; undefined where it does not tell. */
  readonly triesLeft: number | undefined
}

export interface PinServiceOptions extends KeyedOptions {
  /** Key of the secure message: STK, on some cards PUK (card-structure §16.4). */
  readonly messageKey?: "STK" | "PUK"
}

export interface ResetPinOptions extends PinServiceOptions {
  readonly newPin: string
}

const RELOAD = hex("84240001")
const UNBLOCK = hex("84240000")
const NO_DATA = new Uint8Array(0)

/**
 * Gives the card a new PIN without the old one (重装, card-commands §5.3, §14.5): PUK, then PIN RELOAD. The initial PIN is
 * allowed here: an office may reset to it (domain-rules L13). A locked PIN is unlocked.
 *
 * @throws {InputError} for a PIN of wrong form; nothing is sent then
 */
export async function resetPin(card: FlowCard, options: ResetPinOptions): Promise<PinRestored | FlowRefusal> {
  const pin = encodePin(options.newPin, "newPin")
  const data = concat(pin.length, pin)
  return restore(card, options, { header: RELOAD, data, encipher: true }, { type: "pin-reset" })
}

/** Gives all tries of the PIN back and keeps the PIN (解锁, card-commands §5.4, §14.5). */
export function unblockPin(card: FlowCard, options: PinServiceOptions): Promise<PinRestored | FlowRefusal> {
  return restore(card, options, { header: UNBLOCK, data: NO_DATA, encipher: false }, { type: "pin-unblocked" })
}

async function restore(
  card: FlowCard,
  options: PinServiceOptions,
  command: Omit<SecureCommand, "keyName">,
  event: CardEvent,
): Promise<PinRestored | FlowRefusal> {
  const { keys, messageKey = "STK" } = options
  return runFlow(card, options, async (report) => {
    const found = await meetCard(card, options, report)
    if (!found.ok) return found
    const { identity } = found
    const unblocked = await authenticate(card, identity, "PUK", keys, report)
    if (!unblocked.ok) return unblocked
    const keyName = messageKey === "STK" ? "STKssse" : "PUK"
    const sent = await sendSecurely(card, identity, { ...command, keyName }, keys)
    if (!sent.ok) return sent
    report(event)
    const status = await pinStatus(card)
    return { ok: true, triesLeft: status.ok && status.state !== "verified" ? status.triesLeft : undefined }
  })
}
