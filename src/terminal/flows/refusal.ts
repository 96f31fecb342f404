import { describeStatusWord, type StatusWord } from "../../apdu/index.js"
import type { Label } from "../../dictionary/index.js"
import type { CountedRefusal } from "../clients/outcome.js"

/** Why a flow ended without doing what it was asked to. A value, not an error. */
export interface FlowRefusal {
  readonly ok: false
  /**
   * `C09`, `C10` of domain-rules §3.2; `PIN_WRONG`; `LAST_TRY`, a guess would spend it; `ALREADY_ACTIVATED`;
   * `NOT_A_SOCIAL_SECURITY_CARD`; `CARD_REFUSED`, anything else that the status word tells.
   */
  readonly code: RefusalCode
  readonly reason: Label
  readonly statusWord?: StatusWord
  readonly triesLeft?: number
}

export type RefusalCode =
  | "C09"
  | "C10"
  | "PIN_WRONG"
  | "LAST_TRY"
  | "ALREADY_ACTIVATED"
  | "NOT_A_SOCIAL_SECURITY_CARD"
  | "CARD_REFUSED"

/** The new PIN must not be the one that the card was issued with (domain-rules L4, driver code −36). */
export const sameAsInitial = (): FlowRefusal => ({
  ok: false,
  code: "C09",
  reason: { en: "the new PIN is the initial PIN", zh: "新密码不能与初始密码相同" },
})

export const pinLocked = (statusWord?: StatusWord): FlowRefusal => ({
  ok: false,
  code: "C10",
  reason: { en: "the PIN is locked", zh: "密码已锁定" },
  ...(statusWord !== undefined && { statusWord }),
  triesLeft: 0,
})

/** The card refused for a reason that only its status word tells. */
export function cardRefused(statusWord: StatusWord): FlowRefusal {
  const { en, zh } = describeStatusWord(statusWord)
  return { ok: false, code: "CARD_REFUSED", reason: { en, zh }, statusWord }
}

/** The card did not take a PIN. */
export function pinRefused({ statusWord, locked, triesLeft }: CountedRefusal): FlowRefusal {
  if (locked) return pinLocked(statusWord)
  if (triesLeft === undefined) return cardRefused(statusWord)
  const reason = { en: `wrong PIN, ${triesLeft} tries left`, zh: `密码错误,剩余${triesLeft}次` }
  return { ok: false, code: "PIN_WRONG", reason, statusWord, triesLeft }
}

/** The card has no social security application, or does not let anybody select it. */
export function noEnvironment(statusWord: StatusWord): FlowRefusal {
  return {
    ok: false,
    code: "NOT_A_SOCIAL_SECURITY_CARD",
    reason: { en: "the card has no social security application", zh: "卡内没有社会保障应用" },
    statusWord,
  }
}
