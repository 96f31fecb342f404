/** Money that an agency approved, on its way to a bank account: a benefit, the balance of a personal account. */
export interface PayoutOrder {
  /** Unique; a payment happens once under it, however often it is ordered. */
  readonly key: string
  /** Number of an account or of a card of it. */
  readonly accountNumber: string
  readonly accountName: string
  readonly amountFen: bigint
}

/** `unknown`: nobody knows; the same order may be given again. */
export type PayoutOutcome = "paid" | "refused" | "unknown"

/** Whoever carries money to a bank account: the bank of the financial account, or an external one. */
export interface PayoutLink {
  /** True when such an account may be paid to: it exists, is not closed, and belongs to this name. */
  accepts(accountNumber: string, accountName: string): Promise<boolean>
  pay(order: PayoutOrder): Promise<PayoutOutcome>
}
