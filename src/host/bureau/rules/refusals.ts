import { cardServiceRefusals, type Label } from "../../../dictionary/index.js"
import type { BureauRefusal, BureauStep } from "./explain.js"

/** Every code of the bureau beside C01 to C13, with the rule behind it (domain-rules §9 to §14). */
export const BUREAU_REFUSALS = {
  P01: { rule: "domain-rules §9.2", zh: "未达到退休年龄", en: "the retirement age is not reached" },
  P02: { rule: "Art. 16, domain-rules §9.2", zh: "缴费年限不足", en: "too few years are paid" },
  P03: { rule: "domain-rules §9.1", zh: "已领取养老金", en: "the pension is drawn already" },
  P04: { rule: "Art. 14", zh: "养老个人账户不得提前支取", en: "the pension account may not be withdrawn early" },
  P05: {
    rule: "domain-rules §9.2",
    zh: "弹性退休超出三年或低于原年龄",
    en: "earlier or later than the law lets choose",
  },
  U01: { rule: "Art. 45, domain-rules §10", zh: "缴费月数不足", en: "too few months are paid" },
  U02: { rule: "Art. 45, domain-rules §10", zh: "因本人意愿中断就业", en: "the work was left voluntarily" },
  U03: { rule: "Art. 45, domain-rules §10", zh: "未办理失业登记", en: "not registered as unemployed" },
  U04: { rule: "Art. 46, domain-rules §10", zh: "无剩余领取期限", en: "no months are left" },
  U05: { rule: "Art. 51, domain-rules §10", zh: "出现停止领取情形", en: "an event ended the benefit" },
  U06: { rule: "domain-rules §10", zh: "金融账户未激活", en: "the financial account is not active" },
  U07: { rule: "domain-rules §10", zh: "超过申领期限", en: "the claim is too late in this region" },
  T01: { rule: "domain-rules §12", zh: "失业保险缴费月数不足", en: "too few months of unemployment insurance" },
  T02: { rule: "domain-rules §12", zh: "超过申领期限", en: "the claim is too late" },
  T03: { rule: "domain-rules §12", zh: "同一职业同一等级已享受", en: "this occupation and level is paid already" },
  T04: { rule: "domain-rules §12", zh: "超过每年次数", en: "the yearly number of subsidies is reached" },
  T05: { rule: "domain-rules §12", zh: "已享受其他补贴", en: "another subsidy was taken" },
  T06: { rule: "domain-rules §12", zh: "该等级无补贴", en: "no subsidy for this level" },
  I01: { rule: "domain-rules §11", zh: "超过工伤认定申请期限", en: "the term to apply for recognition is over" },
  I02: { rule: "domain-rules §11", zh: "未认定工伤", en: "the injury is not recognized" },
  I03: { rule: "domain-rules §11", zh: "伤情尚未稳定", en: "the condition is not stable yet" },
  I04: { rule: "domain-rules §11", zh: "材料不全", en: "papers are missing" },
  I05: { rule: "domain-rules §11", zh: "超过再次鉴定期限", en: "the term for another appraisal is over" },
  I06: { rule: "domain-rules §11", zh: "未满一年不得复查", en: "a review is possible after one year" },
  G01: { rule: "domain-rules §12", zh: "不在劳动年龄内", en: "not of working age" },
  G02: { rule: "domain-rules §12", zh: "无劳动能力", en: "not able to work" },
  G03: { rule: "domain-rules §12", zh: "无求职要求", en: "not seeking work" },
  G04: { rule: "domain-rules §12", zh: "仍在就业", en: "employed" },
  G05: { rule: "domain-rules §12", zh: "已登记", en: "registered already" },
  M01: { rule: "domain-rules §5.1", zh: "未参加生育保险", en: "not insured for maternity" },
  D01: { rule: "domain-rules §14.4", zh: "无此记录", en: "there is no such record" },
  D02: { rule: "domain-rules §14.4", zh: "该事项状态不符", en: "the case is in another state" },
  D03: { rule: "domain-rules §3.2", zh: "资料内容无效", en: "the new data is not valid" },
  E01: { rule: "domain-rules §13", zh: "经办人未绑定该单位", en: "the operator is not bound to the unit" },
  E02: { rule: "domain-rules §13", zh: "该人员在其他单位参保", en: "somebody else's active employee" },
  E03: { rule: "domain-rules §13", zh: "非本单位职工", en: "not an employee of this unit" },
  E04: { rule: "domain-rules §13", zh: "须职工本人同意", en: "the employee has to consent" },
  E05: { rule: "domain-rules §13", zh: "单位不得查看个人账户", en: "an employer may not open a person's account" },
  E06: { rule: "domain-rules §13", zh: "申报已存在或不存在", en: "declared already, or not declared" },
  Q01: { rule: "domain-rules §14.5", zh: "无权查询他人记录", en: "another person's records need his mandate" },
  Q02: { rule: "domain-rules §14.5", zh: "未说明查询目的", en: "no purpose is given" },
  Q03: { rule: "R24, domain-rules §14.3", zh: "须持卡并验证密码", en: "card and PIN, or face, have to be proved" },
} as const satisfies Readonly<Record<string, Label & { readonly rule: string }>>

export type BureauCode = keyof typeof BUREAU_REFUSALS | keyof typeof cardServiceRefusals

/** The refusal of a code, in both languages. */
export function refuse(code: BureauCode, lacks?: string, steps?: readonly BureauStep[]): BureauRefusal {
  const isCard = code in cardServiceRefusals
  const text: Label = isCard
    ? cardServiceRefusals[code as keyof typeof cardServiceRefusals]
    : BUREAU_REFUSALS[code as keyof typeof BUREAU_REFUSALS]
  const rule = isCard ? "domain-rules §3.2" : BUREAU_REFUSALS[code as keyof typeof BUREAU_REFUSALS].rule
  const { zh, en } = text
  return { ok: false, code, rule, reason: { zh, en }, ...(lacks !== undefined && { lacks }), ...(steps && { steps }) }
}
