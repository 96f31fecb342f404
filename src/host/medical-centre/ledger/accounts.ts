/** Money of the funds at their bank 基金存款. */
export const FUND_CASH = "1001"
/** The pooled fund 统筹基金. No kind of entry moves it anywhere but to claims of providers and personal accounts. */
export const POOLED_FUND = "3101"
/** Large-amount fund 大额基金. */
export const LARGE_FUND = "3102"
/** Major illness 大病保险. */
export const MAJOR_ILLNESS_FUND = "3103"
/** Civil servants' subsidy 公务员补助. */
export const CIVIL_FUND = "3104"
/** Medical aid 医疗救助. */
export const AID_FUND = "3105"

/** Personal account 个人账户, as far as the centre keeps it. @param number psn_no: no identity number stands in the book */
export const personalAccount = (number: string) => `2101:${number}`
/** The part of a personal account that was loaded onto the card. */
export const cardAccount = (number: string) => `2102:${number}`
/** An approved withdrawal that is not paid yet 待支付. */
export const withdrawalAccount = (withdrawal: string) => `2105:${withdrawal}`
/** What is owed to a hospital or pharmacy 应付医疗机构. */
export const claimAccount = (provider: string) => `2201:${provider}`
/** A settlement that waits for the card 待确认. */
export const waitingAccount = (serial: string) => `2202:${serial}`
/** What is owed to the place of treatment of our insured 应付异地. */
export const areaPayable = (area: string) => `2203:${area}`
/** What came too late for a closed account and goes back to who paid it 应退. */
export const returnAccount = (number: string) => `2301:${number}`
/** What the place of insurance owes for its insured treated here 应收异地. */
export const areaReceivable = (area: string) => `1131:${area}`

/**
 * Which accounts each kind of entry may debit and credit. What is not in this table cannot be posted: so the pooled fund
 * has no way out but through the claim of a provider, and to personal accounts by the monthly credit (R7).
 */
export const KINDS: Readonly<
  Record<string, { readonly debit: readonly string[]; readonly credit: readonly string[] }>
> = {
  /** A fund is endowed, or a deficit covered. */
  F0: { debit: ["1001"], credit: ["3101", "3102", "3103", "3104", "3105"] },
  /** A premium arrived. */
  K1: { debit: ["1001"], credit: ["2101", "3101"] },
  /** Monthly credit of a retired person, from the pool (domain-rules §5.2). */
  K2: { debit: ["3101"], credit: ["2101"] },
  /** Interest of the personal account, paid by the bank of the funds. */
  K3: { debit: ["1001"], credit: ["2101"] },
  /** Loaded onto the card, and back. */
  K4: { debit: ["2101"], credit: ["2102"] },
  K5: { debit: ["2102"], credit: ["2101"] },
  /** A credit that came after the account was closed. */
  K6: { debit: ["1001"], credit: ["2301"] },
  /** A credit that came after death or leave goes back to who paid it (domain-rules §8.2). */
  K7: { debit: ["2101"], credit: ["2301"] },
  /** Settled in one step. */
  S1: { debit: ["2101", "2102", "3101", "3102", "3103", "3104", "3105"], credit: ["2201", "2203"] },
  /** Settled, if the card agrees; then confirmed, or undone. */
  S2: { debit: ["2101", "2102", "3101", "3102", "3103", "3104", "3105"], credit: ["2202"] },
  S3: { debit: ["2202"], credit: ["2201", "2203"] },
  S4: { debit: ["2202"], credit: ["2101", "2102", "3101", "3102", "3103", "3104", "3105"] },
  /** A settlement reversed: each pot gets back what it paid. */
  S5: { debit: ["2201", "2203"], credit: ["2101", "2301", "3101", "3102", "3103", "3104", "3105"] },
  /** Somebody insured elsewhere was treated here; and reversed. */
  X1: { debit: ["1131"], credit: ["2201"] },
  X2: { debit: ["2201"], credit: ["1131"] },
  /** Claims are paid, areas are cleared. */
  H1: { debit: ["2201"], credit: ["1001"] },
  H2: { debit: ["2203"], credit: ["1001"] },
  H3: { debit: ["1001"], credit: ["1131"] },
  /** A withdrawal approved; paid to a bank account, to an heir's personal account, or without heir to the pool. */
  P1: { debit: ["2101"], credit: ["2105"] },
  P2: { debit: ["2105"], credit: ["1001"] },
  P3: { debit: ["2105"], credit: ["2101"] },
  P4: { debit: ["2105"], credit: ["3101"] },
}

/** The group of an account: its first four digits. */
export const groupOf = (account: string) => account.slice(0, 4)

const NEVER_OVERDRAWN = new Set(["2101", "2102", "2105", "2202", "2301"])

/**
 * Accounts of persons, and money on its way, are never overdrawn. Funds may run a deficit, which the treasury covers
 * (Social Insurance Law Art. 65); a provider whose paid claim is reversed owes it.
 */
export function mayNotBeOverdrawn(account: string): boolean {
  return NEVER_OVERDRAWN.has(groupOf(account))
}
