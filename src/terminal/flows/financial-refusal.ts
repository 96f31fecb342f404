import { answerCode, type Label } from "../../dictionary/index.js"
import type { Readiness } from "../bank/index.js"
import type { EmvOutcome, Reason } from "../emv/index.js"

/** Why a financial flow ended without doing what it was asked to. A value, not an error. */
export interface FinancialRefusal {
  readonly ok: false
  /** The host's answer code (two characters, `51`), or a name of {@link REFUSALS}. */
  readonly code: string
  readonly reason: Label
  /** After a wrong PIN, where the host tells. */
  readonly triesLeft?: number
  /** What card and terminal found, where the card was asked. */
  readonly why?: readonly Reason[]
}

/** What ends a flow besides an answer code of the host. */
export const REFUSALS = {
  AMOUNT_ZERO: { zh: "请输入金额", en: "enter an amount" },
  AMOUNT_NOT_MULTIPLE: { zh: "金额须为最小面额的整数倍", en: "the amount is no multiple of the smallest note" },
  AMOUNT_OVER_LIMIT: { zh: "超过本机单笔取款上限", en: "the amount is over this machine's limit" },
  MACHINE_EMPTY: { zh: "本机现金不足", en: "the machine has not enough cash" },
  NO_CASH: { zh: "未放入现金", en: "no cash was put in" },
  SIGN_ON: { zh: "终端签到失败", en: "the terminal could not sign on" },
  QUEUE: { zh: "尚有未送达的冲正或通知", en: "messages to the bank are still waiting to be delivered" },
  NO_ANSWER: {
    zh: "收不到银行应答,如已扣款将自动退回",
    en: "no answer from the bank; if you were charged it will be returned",
  },
  CANCELLED: { zh: "交易已取消", en: "cancelled" },
  CARD_REMOVED: { zh: "卡片已移除", en: "the card was removed" },
  CARD_FAILED: { zh: "卡片无应答或通讯错误", en: "the card did not answer properly" },
  CARD_DECLINED: { zh: "卡片拒绝交易", en: "the card declined the transaction" },
  CARD_DATA: { zh: "卡片数据错误", en: "the card's data are wrong" },
  CARD_BLOCKED: { zh: "卡片已锁定", en: "the card is blocked" },
  APPLICATION_BLOCKED: { zh: "金融应用未激活或已锁定", en: "the financial application is not activated, or blocked" },
  NO_APPLICATION: { zh: "此卡不受支持", en: "the card has no application that this terminal supports" },
  CONDITIONS: { zh: "卡片不满足使用条件", en: "the card's conditions of use are not satisfied" },
  HOLDER_MISMATCH: { zh: "证件与卡片不一致", en: "the identity document does not belong to this card" },
  SCRIPT_FAILED: { zh: "发卡行脚本执行失败", en: "the card did not carry out the issuer's script" },
  CARD_NOT_TAKEN: { zh: "超时未取卡,卡片已被吞没", en: "the card was not taken and has been retained" },
  DISPENSE_FAILED: {
    zh: "出钞失败,款项将退回账户",
    en: "the cash could not be paid out; the money goes back to the account",
  },
  NOTES_RETRACTED: { zh: "超时未取钞,钞票已收回", en: "the cash was not taken and has been pulled back in" },
  NOTES_UNKNOWN: { zh: "交易异常,款项正在核实", en: "it is not certain what became of the cash; the bank is checking" },
  DEPOSIT_FAILED: { zh: "存款失败,现金已退还", en: "the deposit failed; the cash was given back" },
} as const satisfies Record<string, Label>

export function refusal(code: keyof typeof REFUSALS, more: Partial<FinancialRefusal> = {}): FinancialRefusal {
  return { ...more, ok: false, code, reason: REFUSALS[code] }
}

/** The host said no. */
export function hostRefusal(code: string, more: Partial<FinancialRefusal> = {}): FinancialRefusal {
  return { ...more, ok: false, code, reason: answerCode(code).name }
}

const BY_OUTCOME: Readonly<Partial<Record<EmvOutcome, keyof typeof REFUSALS>>> = {
  cancelled: "CANCELLED",
  cardDataError: "CARD_DATA",
  applicationBlocked: "APPLICATION_BLOCKED",
  cardBlocked: "CARD_BLOCKED",
  conditionsNotSatisfied: "CONDITIONS",
  noApplication: "NO_APPLICATION",
}

/** The transaction with the card came to nothing. */
export function cardRefusal(outcome: EmvOutcome, why: readonly Reason[]): FinancialRefusal {
  return refusal(BY_OUTCOME[outcome] ?? "CARD_DECLINED", { why })
}

/** The terminal cannot begin a transaction now. */
export function notReady(readiness: Extract<Readiness, { ready: false }>): FinancialRefusal {
  if (readiness.reason !== "signOn") return refusal("QUEUE")
  return readiness.code === "98" ? refusal("NO_ANSWER") : hostRefusal(readiness.code)
}
