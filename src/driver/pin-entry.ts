import { SW, type Transport } from "../apdu/index.js"
import { type KeypadQuestion, socialSecurityClient } from "../terminal/index.js"
import { type Answer, fail, refusedWith } from "./codes.js"
import { pinFailure } from "./failures.js"
import type { DriverSettings } from "./settings.js"

type Pin = Answer<{ readonly pin: string }>

/** Asks for a PIN: −31 cancelled, −32 too late, −33 another length than cards take. */
async function enterPin({ keypad }: DriverSettings, question: KeypadQuestion): Promise<Pin> {
  const entry = await keypad.enterPin(question)
  if (entry.outcome === "cancelled") return fail("PIN_CANCELLED")
  if (entry.outcome === "timeout") return fail("PIN_TIMEOUT")
  return /^\d{4,12}$/.test(entry.pin) ? { ok: true, pin: entry.pin } : fail("PIN_LENGTH")
}

/** Asks for the PIN of the card, after a look whether it is locked. The SSSE or a DF below it must be current. */
export async function enterCurrentPin(card: Transport, settings: DriverSettings): Promise<Pin> {
  const status = await socialSecurityClient(card).pinStatus()
  if (status.ok && status.state === "locked") return fail("PIN_LOCKED")
  // Contactless cards take no PIN: nobody is asked for one.
  if (!status.ok && status.statusWord === SW.CONDITIONS_NOT_SATISFIED) return refusedWith(status.statusWord)
  const triesLeft = status.ok && status.state === "needed" ? status.triesLeft : undefined
  return enterPin(settings, { purpose: "current", triesLeft })
}

/** Asks for a new PIN twice: −34 when the entries differ. */
export async function enterNewPin(settings: DriverSettings): Promise<Pin> {
  const first = await enterPin(settings, { purpose: "new", triesLeft: undefined })
  if (!first.ok) return first
  const second = await enterPin(settings, { purpose: "repeat", triesLeft: undefined })
  if (!second.ok) return second
  return first.pin === second.pin ? first : fail("PIN_DIFFERENT")
}

/** Asks for the PIN of the card and verifies it: −51 with the tries left, −52 when it is locked. */
export async function askAndVerifyPin(card: Transport, settings: DriverSettings): Promise<Pin> {
  const entered = await enterCurrentPin(card, settings)
  if (!entered.ok) return entered
  const verified = await socialSecurityClient(card).verifyPin(entered.pin)
  return verified.ok ? entered : pinFailure(verified)
}
