import { socialSecurityClient } from "../clients/index.js"
import { encodePin } from "../clients/pin.js"
import { type FlowCard, type FlowOptions, runFlow } from "./flow.js"
import { INITIAL_PIN } from "./pin.js"
import { cardRefused, type FlowRefusal, noEnvironment, pinLocked, pinRefused, sameAsInitial } from "./refusal.js"

export interface ActivateSocialOptions extends FlowOptions {
  /** The PIN that the card was issued with; default 123456. */
  readonly initialPin?: string
  /** The holder's own PIN, another than the initial one. */
  readonly newPin: string
}

/** The holder's PIN is set, and the card has taken it. */
export interface SocialActivated {
  readonly ok: true
}

/**
 * Enables the social security function for its holder: the initial PIN becomes the holder's own (domain-rules L3, L4;
 * card-commands §14.8). On the card activation shows only in that.
 *
 * A card whose PIN is not the initial one any more is `ALREADY_ACTIVATED`; finding that out costs one try, so it is not
 * done with the last one (`LAST_TRY`).
 *
 * @throws {InputError} for a PIN of wrong form; nothing is sent then
 */
export async function activateSocial(
  card: FlowCard,
  { initialPin = INITIAL_PIN, newPin, ...options }: ActivateSocialOptions,
): Promise<SocialActivated | FlowRefusal> {
  encodePin(initialPin, "initialPin")
  encodePin(newPin, "newPin")
  return runFlow(card, options, async (report) => {
    if (newPin === initialPin) return sameAsInitial()
    const client = socialSecurityClient(card)
    const selected = await client.selectEnvironment()
    if (!selected.ok) return noEnvironment(selected.statusWord)
    report({ type: "selected", directory: "SSSE" })

    const status = await client.pinStatus()
    if (status.ok && status.state === "locked") return pinLocked()
    if (status.ok && status.state === "needed" && status.triesLeft === 1) return lastTry()

    const initial = await client.verifyPin(initialPin)
    if (!initial.ok) return initial.triesLeft && !initial.locked ? alreadyActivated(initial) : pinRefused(initial)
    report({ type: "pin-verified", which: "initial" })

    const changed = await client.changePin(initialPin, newPin)
    if (!changed.ok) return pinRefused(changed)
    report({ type: "pin-changed" })

    const own = await client.verifyPin(newPin)
    if (!own.ok) return cardRefused(own.statusWord)
    report({ type: "pin-verified", which: "new" })
    return { ok: true }
  })
}

function alreadyActivated({
  statusWord,
  triesLeft,
}: {
  statusWord: number
  triesLeft: number | undefined
}): FlowRefusal {
  return {
    ok: false,
    code: "ALREADY_ACTIVATED",
    reason: {
      en: "the initial PIN has been changed: the social security function is enabled already",
      zh: "初始密码已修改,社保功能已启用",
    },
    statusWord,
    ...(triesLeft !== undefined && { triesLeft }),
  }
}

function lastTry(): FlowRefusal {
  return {
    ok: false,
    code: "LAST_TRY",
    reason: { en: "one try is left; it is not spent on the initial PIN", zh: "密码仅剩1次尝试机会,不再尝试初始密码" },
    triesLeft: 1,
  }
}
