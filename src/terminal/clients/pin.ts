import { bcdLeft, commandApdu, concat, InputError, type Transport } from "../../apdu/index.js"
import { type CountedOutcome, counted, type Refusal, send } from "./outcome.js"

/** State of the PIN, learnt without a try (card-commands §5.1, empty VERIFY). */
export type PinStatus =
  | { readonly ok: true; readonly state: "verified" }
  | { readonly ok: true; readonly state: "needed"; readonly triesLeft: number }
  | { readonly ok: true; readonly state: "locked"; readonly triesLeft: 0 }
  | Refusal

/**
 * The bytes of a PIN: packed digits, an odd number padded with F (card-structure §17).
 *
 * @param field what to call the PIN in an error message; the PIN itself is never in one
 * @throws {InputError} unless it has 4 to 12 decimal digits, so that a slip of the finger costs no try
 */
export function encodePin(pin: string, field = "pin"): Uint8Array {
  if (!/^\d*$/.test(pin)) throw new InputError(field, "expected digits only", { messageZh: "密码只能是数字。" })
  if (pin.length < 4 || pin.length > 12)
    throw new InputError(field, `expected 4 to 12 digits, got ${pin.length}`, { messageZh: "密码长度应为4至12位。" })
  return bcdLeft(pin, Math.ceil(pin.length / 2))
}

/**
 * VERIFY, `00 20 00 00` (card-commands §5.1).
 *
 * @throws {InputError} for a PIN of wrong form; nothing is sent then
 */
export async function verifyPin(card: Transport, pin: string): Promise<CountedOutcome> {
  return counted(await send(card, commandApdu(0x00, 0x20, 0x00, 0x00, encodePin(pin))))
}

/**
 * CHANGE PIN, `80 5E 01 00` with old ‖ FF ‖ new (card-commands §5.2).
 *
 * @throws {InputError} for a PIN of wrong form; nothing is sent then
 */
export async function changePin(card: Transport, oldPin: string, newPin: string): Promise<CountedOutcome> {
  const data = concat(encodePin(oldPin, "oldPin"), 0xff, encodePin(newPin, "newPin"))
  return counted(await send(card, commandApdu(0x80, 0x5e, 0x01, 0x00, data)))
}

/** Empty VERIFY: asks for the state of the PIN and leaves its counter alone. */
export const pinStatus = (card: Transport): Promise<PinStatus> => pinStatusOf(card, 0x0000)

/** The same of any PIN. @param reference P1 and P2 */
export async function pinStatusOf(card: Transport, reference: number): Promise<PinStatus> {
  const outcome = counted(await send(card, commandApdu(0x00, 0x20, reference >> 8, reference & 0xff)))
  if (outcome.ok) return { ok: true, state: "verified" }
  if (outcome.locked) return { ok: true, state: "locked", triesLeft: 0 }
  if (outcome.triesLeft !== undefined) return { ok: true, state: "needed", triesLeft: outcome.triesLeft }
  return { ok: false, statusWord: outcome.statusWord }
}
