import type { PayoutLink, PayoutOrder } from "../../../dictionary/index.js"

/** An external bank that takes every order, as a clearing house does. */
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

/** What a bank has to say whether an account is its own. */
export interface BankOfAccounts {
  hasAccount(accountNumber: string): Promise<boolean>
  payouts(): PayoutLink
}

/** Pays into the financial accounts of a bank where they are its own, and through another way everywhere else. */
export function bankPayouts(bank: BankOfAccounts, others: PayoutLink = clearingHouse()): PayoutLink {
  const link = async (accountNumber: string) => ((await bank.hasAccount(accountNumber)) ? bank.payouts() : others)
  return {
    accepts: async (accountNumber, name) => (await link(accountNumber)).accepts(accountNumber, name),
    pay: async (order) => (await link(order.accountNumber)).pay(order),
  }
}
