import type { Label } from "../label.js"

/** Why a service of the card is refused (domain-rules §3.2). */
export type CardServiceCode = keyof typeof cardServiceRefusals

/** What each code says, in both languages. */
export const cardServiceRefusals = {
  C01: { zh: "卡片状态不符", en: "the card is in another state" },
  C02: { zh: "身份未核实", en: "the identity is not verified" },
  C03: { zh: "须本人办理", en: "only in person" },
  C04: { zh: "挂失不可撤销", en: "the loss report cannot be revoked" },
  C05: { zh: "费用未缴", en: "the fee is unpaid" },
  C06: { zh: "补换卡办理中", en: "a replacement is in progress" },
  C07: { zh: "持卡人已死亡", en: "the holder is deceased" },
  C08: { zh: "初始密码不能交易", en: "the initial PIN may not transact" },
  C09: { zh: "新密码与初始密码相同", en: "the new PIN equals the initial one" },
  C10: { zh: "密码已锁定", en: "the PIN is locked" },
  C11: { zh: "账户余额未结清", en: "balances are not settled" },
  C12: { zh: "不属于发卡对象", en: "such holders are not served" },
  C13: { zh: "该渠道不能办理", en: "not through this channel" },
} as const satisfies Readonly<Record<string, Label>>
