import type { Label } from "../label.js"

/**
 * What the terminal does on an answer code (host-iso8583 §6): go on; give the card back or keep it; ask for another
 * amount or PIN; sign on and try once more; exchange keys; reverse; try later; close; stop; take the matter as settled.
 */
export type AnswerAction =
  | "complete"
  | "eject"
  | "retain"
  | "amountPage"
  | "pinPage"
  | "signOn"
  | "keyExchange"
  | "reversal"
  | "retryLater"
  | "outOfService"
  | "stop"
  | "settled"

/** An answer code, DE39. */
export interface AnswerCode {
  readonly code: string
  readonly name: Label
  readonly action: AnswerAction
  /** Reverse besides: when an own attempt is still open, or when the host had approved. */
  readonly reversal?: "ifOpen" | "ifApproved"
}

type Row = readonly [code: string, zh: string, en: string, action: AnswerAction, reversal?: "ifOpen" | "ifApproved"]

const ROWS: readonly Row[] = [
  ["00", "交易成功", "approved", "complete"],
  ["01", "请联系发卡行", "refer to issuer", "eject"],
  ["02", "请联系发卡行(特殊条件)", "refer to issuer, special condition", "eject"],
  ["03", "无效商户", "invalid merchant", "eject"],
  ["04", "没收卡", "capture card", "retain"],
  ["05", "认证失败", "authentication failed, do not honour", "eject"],
  ["07", "特定条件没收卡", "capture card, special condition", "retain"],
  ["09", "处理中", "in progress", "eject"],
  ["12", "无效交易", "invalid transaction", "eject"],
  ["13", "无效金额", "invalid amount", "amountPage"],
  ["14", "无效卡号", "no such card", "eject"],
  ["15", "无此发卡方", "no such issuer", "eject"],
  ["21", "卡未激活", "card not active", "eject"],
  ["22", "操作有误", "operation wrong, suspected malfunction", "stop"],
  ["25", "未找到原交易", "original not found", "settled"],
  ["30", "格式错误", "format error", "eject"],
  ["33", "过期卡没收", "expired card, capture", "eject"],
  ["34", "有作弊嫌疑", "suspected fraud, capture", "retain"],
  ["35", "受限卡没收(请联系受理方)", "contact acquirer, capture", "retain"],
  ["36", "受限卡没收", "restricted card, capture", "eject"],
  ["37", "受限卡没收(请联系安全部门)", "call security, capture", "retain"],
  ["38", "密码错次数超限", "PIN tries exceeded, capture", "retain"],
  ["40", "不支持的功能", "function not supported", "eject"],
  ["41", "挂失卡", "lost card", "retain"],
  ["43", "被窃卡", "stolen card", "retain"],
  ["45", "不允许降级", "fallback refused", "eject"],
  ["51", "余额不足", "insufficient funds", "amountPage"],
  ["54", "过期卡", "expired card", "eject"],
  ["55", "密码错", "wrong PIN", "pinPage"],
  ["57", "不允许持卡人交易", "transaction not allowed for the card", "eject"],
  ["58", "不允许终端交易", "transaction not allowed for the terminal", "eject"],
  ["59", "有作弊嫌疑", "suspected fraud", "eject"],
  ["61", "超出金额限制", "over the amount limit", "amountPage"],
  ["62", "受限制的卡", "restricted card", "eject"],
  ["63", "违反安全规定", "security violation", "eject"],
  ["64", "原始金额不符", "original amount does not match", "eject"],
  ["65", "超出次数限制", "over the count limit", "eject"],
  ["67", "没收卡", "hard capture", "retain"],
  ["68", "响应超时", "answer too late", "reversal"],
  ["75", "密码错误次数超限", "PIN tries exceeded", "eject"],
  ["77", "需重新签到", "sign-on needed", "signOn"],
  ["90", "日切处理中", "cutover running", "retryLater"],
  ["91", "发卡方不能操作", "issuer down", "eject"],
  ["92", "机构线路异常", "no route to the institution", "eject"],
  ["94", "重复交易", "duplicate", "eject", "ifOpen"],
  ["95", "对账不平", "totals differ", "settled"],
  ["96", "系统异常", "system error", "reversal"],
  ["97", "终端号找不到", "terminal unknown", "outOfService"],
  ["98", "收不到发卡方应答", "no answer from the issuer", "reversal"],
  ["99", "PIN格式错", "PIN format wrong", "keyExchange"],
  ["A0", "MAC校验错", "MAC wrong", "keyExchange", "ifApproved"],
]

/** The answer codes that the host knows. */
export const answerCodes: ReadonlyMap<string, AnswerCode> = new Map(
  ROWS.map(([code, zh, en, action, reversal]) => [
    code,
    { code, name: { zh, en }, action, ...(reversal && { reversal }) },
  ]),
)

/** An answer code with its meaning; one that is not known is taken as 05 but keeps its own code (host-iso8583 §6). */
export function answerCode(code: string): AnswerCode {
  return answerCodes.get(code) ?? { ...answerCodes.get("05")!, code }
}

const NEVER_RETAIN = ["51", "61", "91"]

/**
 * Whether the terminal keeps the card. The region decides by its list (`bank.retainOn`, domain-rules §16); on 51, 61 and 91
 * no card is ever kept.
 */
export function mustRetain(code: string, retainOn: readonly string[]): boolean {
  return retainOn.includes(code) && !NEVER_RETAIN.includes(code)
}
