/** A payment out of a personal account to a bank account. */
export interface PayoutOrder {
  /** Unique; a payment happens once under it, however often it is ordered. */
  readonly key: string
  readonly accountNumber: string
  readonly accountName: string
  readonly amountFen: bigint
}

/** `unknown`: nobody knows; the same order may be given again. */
export type PayoutOutcome = "paid" | "refused" | "unknown"

/** Whoever carries money to a bank account: the bank of the financial account as an approved payout, or an external one. */
export interface PayoutLink {
  /** True when such an account may be paid to: it exists, is not closed, and belongs to this name. */
  accepts(accountNumber: string, accountName: string): Promise<boolean>
  pay(order: PayoutOrder): Promise<PayoutOutcome>
}

/** An external bank that takes every order of a well-formed account number, as a clearing house does. */
export function clearingHouse(onOrder: (order: PayoutOrder) => void = () => undefined): PayoutLink {
  const orders = new Set<string>()
  return {
    accepts: async () => true,
    async pay(order) {
      if (!orders.has(order.key)) onOrder(order)
      orders.add(order.key)
      return "paid"
    },
  }
}
