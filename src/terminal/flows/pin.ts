import { type PinStatus, socialSecurityClient } from "../clients/index.js"
import { encodePin } from "../clients/pin.js"
import { type FlowCard, type FlowOptions, runFlow } from "./flow.js"
import { cardRefused, type FlowRefusal, noEnvironment, pinRefused, sameAsInitial } from "./refusal.js"

/** The PIN that cards are issued with where the region says nothing else (domain-rules §16). */
export const INITIAL_PIN = "123456"

/** The PIN was right; it stays verified for as long as the card keeps its session. */
export interface PinVerified {
  readonly ok: true
}

/**
 * Verifies the PIN of the social security application.
 *
 * @throws {InputError} for a PIN of wrong form; nothing is sent then
 * @example const outcome = await verifyPin(card, { pin }) // { ok: false, code: "PIN_WRONG", triesLeft: 5, ... }
 */
export async function verifyPin(
  card: FlowCard,
  { pin, ...options }: FlowOptions & { readonly pin: string },
): Promise<PinVerified | FlowRefusal> {
  encodePin(pin)
  return runFlow(card, options, async (report) => {
    const client = socialSecurityClient(card)
    const selected = await client.selectEnvironment()
    if (!selected.ok) return noEnvironment(selected.statusWord)
    report({ type: "selected", directory: "SSSE" })
    const verified = await client.verifyPin(pin)
    if (!verified.ok) return pinRefused(verified)
    report({ type: "pin-verified", which: "current" })
    return { ok: true }
  })
}

/** State of the PIN; costs no try. */
export type PinStatusReading = Extract<PinStatus, { ok: true }>

/** Asks for the state of the PIN of the social security application. Costs no try. */
export async function pinStatus(card: FlowCard, options: FlowOptions = {}): Promise<PinStatusReading | FlowRefusal> {
  return runFlow(card, options, async (report) => {
    const client = socialSecurityClient(card)
    const selected = await client.selectEnvironment()
    if (!selected.ok) return noEnvironment(selected.statusWord)
    report({ type: "selected", directory: "SSSE" })
    const status = await client.pinStatus()
    return status.ok ? status : cardRefused(status.statusWord)
  })
}

export interface ChangePinOptions extends FlowOptions {
  readonly oldPin: string
  readonly newPin: string
  /** The PIN that may not be the new one; default 123456. */
  readonly initialPin?: string
}

/**
 * Changes the PIN of the social security application. Back to the initial PIN is refused with C09, and nothing is sent
 * (domain-rules L4).
 *
 * @throws {InputError} for a PIN of wrong form; nothing is sent then
 */
export async function changePin(
  card: FlowCard,
  { oldPin, newPin, initialPin = INITIAL_PIN, ...options }: ChangePinOptions,
): Promise<PinVerified | FlowRefusal> {
  encodePin(oldPin, "oldPin")
  encodePin(newPin, "newPin")
  return runFlow(card, options, async (report) => {
    if (newPin === initialPin) return sameAsInitial()
    const client = socialSecurityClient(card)
    const selected = await client.selectEnvironment()
    if (!selected.ok) return noEnvironment(selected.statusWord)
    report({ type: "selected", directory: "SSSE" })
    const changed = await client.changePin(oldPin, newPin)
    if (!changed.ok) return pinRefused(changed)
    report({ type: "pin-changed" })
    return { ok: true }
  })
}
