import { describeStatusWord, type StatusWord, SW } from "../../apdu/index.js"
import type { KeyDefinition, KeyRefusal, KeyRefusalCode, Label } from "../../dictionary/index.js"
import type { MedicalTransactionKind, NoIdentity } from "../clients/index.js"
import type { CountedRefusal } from "../clients/outcome.js"

/** Why a flow ended without doing what it was asked to. A value, not an error. */
export interface FlowRefusal {
  readonly ok: false
  /**
   * `C09`, `C10` of domain-rules §3.2; `PIN_WRONG`; `LAST_TRY`, a guess would spend it; `ALREADY_ACTIVATED`;
   * `NOT_A_SOCIAL_SECURITY_CARD`; `APPLICATION_BLOCKED`, the application or the whole card; `CARD_ID_UNUSABLE`, no keys can
   * be found for the card; `NOT_GENUINE`, it does not know its key IRK; `KEY_WRONG`, `KEY_LOCKED`, what the card says of a
   * key; the codes of a key service; `READ_BACK_DIFFERS`, written and not kept; `OUTCOME_UNKNOWN`, the card went away before
   * it told whether it paid; `CARD_REMOVED`, `CARD_FAILED`, it went away in the middle; `CARD_REFUSED`, anything else that
   * the status word tells.
   */
  readonly code: RefusalCode
  readonly reason: Label
  readonly statusWord?: StatusWord
  readonly triesLeft?: number
  /** With `OUTCOME_UNKNOWN`: what to ask the card about when it is there again. */
  readonly unfinished?: UnfinishedTransaction
}

/** A transaction with the medical account whose answer was lost. */
export interface UnfinishedTransaction {
  readonly kind: MedicalTransactionKind
  /** Its number on the card, from INITIALIZE. */
  readonly number: number
}

export type RefusalCode =
  | "C09"
  | "C10"
  | "PIN_WRONG"
  | "LAST_TRY"
  | "ALREADY_ACTIVATED"
  | "NOT_A_SOCIAL_SECURITY_CARD"
  | "APPLICATION_BLOCKED"
  | "CARD_ID_UNUSABLE"
  | "NOT_GENUINE"
  | "KEY_WRONG"
  | "KEY_LOCKED"
  | KeyRefusalCode
  | "READ_BACK_DIFFERS"
  | "OUTCOME_UNKNOWN"
  | "CARD_REMOVED"
  | "CARD_FAILED"
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

/** The card did not take what was made with a key. */
export function keyRefused({ name }: KeyDefinition, { statusWord, locked, triesLeft }: CountedRefusal): FlowRefusal {
  if (locked) {
    const reason = { en: `the key ${name} is locked on the card`, zh: `卡内密钥 ${name} 已锁定` }
    return { ok: false, code: "KEY_LOCKED", reason, statusWord, triesLeft: 0 }
  }
  if (triesLeft === undefined) {
    const { en, zh } = describeStatusWord(statusWord)
    return { ok: false, code: "CARD_REFUSED", reason: { en: `${name}: ${en}`, zh: `${name}:${zh}` }, statusWord }
  }
  const reason = { en: `the card does not take this ${name}`, zh: `卡片不接受此 ${name}` }
  return { ok: false, code: "KEY_WRONG", reason, statusWord, triesLeft }
}

/** Whoever holds the keys did not work. */
export function keyServiceRefused({ code, message, messageZh, statusWord }: KeyRefusal): FlowRefusal {
  return {
    ok: false,
    code,
    reason: { en: message, zh: messageZh },
    ...(statusWord !== undefined && { statusWord }),
  }
}

/** The card did not prove that it knows its key IRK (driver code −21). */
export const notGenuine = (): FlowRefusal => ({
  ok: false,
  code: "NOT_GENUINE",
  reason: {
    en: "internal authentication failed: not a genuine card, or not one of these keys",
    zh: "内部认证失败:用户卡不合法,或密钥不符",
  },
})

/** What SELECT answers on blocked cards (card-commands §7.2). */
const BLOCKED: Readonly<Record<StatusWord, Label>> = {
  [SW.FUNCTION_NOT_SUPPORTED]: {
    en: "the social security application, or the whole card, is blocked",
    zh: "社会保障应用或卡片已锁定",
  },
  [SW.PERMANENTLY_BLOCKED]: {
    en: "the social security application is blocked for ever",
    zh: "社会保障应用已永久锁定",
  },
}

/** The card has no social security application, or does not let anybody select it. */
export function noEnvironment(statusWord: StatusWord): FlowRefusal {
  const blocked = BLOCKED[statusWord]
  if (blocked) return { ok: false, code: "APPLICATION_BLOCKED", reason: blocked, statusWord }
  return {
    ok: false,
    code: "NOT_A_SOCIAL_SECURITY_CARD",
    reason: { en: "the card has no social security application", zh: "卡内没有社会保障应用" },
    statusWord,
  }
}

/** No keys can be found for the card. */
export function noIdentity(why: NoIdentity): FlowRefusal {
  if (why.why === "noEnvironment") return noEnvironment(why.statusWord)
  if (why.why === "ssf33")
    return {
      ok: false,
      code: "ALGORITHM_NOT_SUPPORTED",
      reason: { en: "the card works with SSF33, which is not public", zh: "卡片使用未公开的SSF33算法" },
    }
  return {
    ok: false,
    code: "CARD_ID_UNUSABLE",
    reason: { en: "the card identification code cannot be read", zh: "无法读取卡的识别码" },
    ...("statusWord" in why && { statusWord: why.statusWord }),
  }
}
