/** Vault cash 金库现金. */
export const VAULT = "1001"
/** Head office 总行往来: where opening balances and delivered cash come from. */
export const HEAD_OFFICE = "3001"

/** Shortage, a claim on a customer or a gap in a count 短款. */
export const SHORTAGE = "1132"
/** Surplus of a count 长款. */
export const SURPLUS = "2243"

/** What other houses owe for payments that came in 应收清算. */
export const CLEARING_RECEIVABLE = "1131"

/** Teller's till 尾箱. */
export const tillAccount = (teller: string) => `1002:${teller}`
/** Cash of a machine 自助设备现金: cassettes, reject and retract bins, stacker. */
export const machineAccount = (terminal: string) => `1003:${terminal}`
/** Customer deposit 客户存款. */
export const customerAccount = (accountNumber: string) => `2011:${accountNumber}`
/** Money between an approval and its confirmation 待确认. */
export const pendingAccount = (key: string) => `2241:${key}`
/** Transfers that wait 待划转. */
export const delayedAccount = (key: string) => `2244:${key}`
/** What other banks are owed 清算往来. */
export const CLEARING_PAYABLE = "2131"
/** Money whose owner is not clear yet 挂账. */
export const suspenseAccount = (key: string) => `2242:${key}`

export type Side = "asset" | "liability" | "income" | "equity"

const SIDES: Readonly<Record<string, Side>> = {
  "1001": "asset",
  "1002": "asset",
  "1003": "asset",
  "1132": "asset",
  "1131": "asset",
  "2011": "liability",
  "2131": "liability",
  "2241": "liability",
  "2242": "liability",
  "2243": "liability",
  "2244": "liability",
  "3001": "equity",
}

/** The side of the books an account is on, or undefined when it is none of ours (host-iso8583 §18). */
export function sideOf(account: string): Side | undefined {
  return SIDES[account.slice(0, 4)]
}

/** Customer, pending, suspense and waiting money can never be overdrawn (host-iso8583 §18, invariant 2). */
export function mayNotBeOverdrawn(account: string): boolean {
  return /^(2011|2241|2242|2244)/.test(account)
}
