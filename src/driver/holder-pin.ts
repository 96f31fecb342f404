import { type CardSession, socialSecurityClient } from "../terminal/index.js"
import { type Answer, fail } from "./codes.js"
import { environmentFailure, pinFailure } from "./failures.js"
import { askAndVerifyPin, enterCurrentPin, enterNewPin } from "./pin-entry.js"
import type { Output } from "./runtime.js"
import type { DriverSettings } from "./settings.js"

async function selectEnvironment(card: CardSession): Promise<Answer> {
  const selected = await socialSecurityClient(card).selectEnvironment()
  return selected.ok ? selected : environmentFailure(selected.statusWord)
}

/** iVerifyPIN (card-commands §5.1). */
export async function verifyHolderPin(card: CardSession, settings: DriverSettings): Promise<Output> {
  const selected = await selectEnvironment(card)
  if (!selected.ok) return selected
  const verified = await askAndVerifyPin(card, settings)
  return verified.ok ? { ok: true, out: "" } : verified
}

/** iChangePIN: old, new, new (card-commands §5.2). */
export async function changeHolderPin(card: CardSession, settings: DriverSettings): Promise<Output> {
  const selected = await selectEnvironment(card)
  if (!selected.ok) return selected
  const old = await enterCurrentPin(card, settings)
  if (!old.ok) return old
  const next = await enterNewPin(settings)
  if (!next.ok) return next
  if (next.pin === settings.initialPin) return fail("NEW_PIN_IS_INITIAL")
  const changed = await socialSecurityClient(card).changePin(old.pin, next.pin)
  return changed.ok ? { ok: true, out: "" } : pinFailure(changed)
}
