import type { BankTransaction } from "../store/bank-store.js"
import type { InsuredRow } from "../store/medical-rows.js"
import { cardAccount, personalAccount } from "./ledger/accounts.js"
import { heldFor } from "./ledger/post.js"

/** Whether the insurance was in force on a day. */
export function isInsuredOn({ state, insuredFrom, stoppedOn }: InsuredRow, date: string): boolean {
  if (state === "0" || insuredFrom > date) return false
  return stoppedOn === null || date < stoppedOn
}

/** What a personal account holds: at the centre, and on the card. */
export async function accountOf(rows: BankTransaction, number: string) {
  const centreFen = await heldFor(rows, personalAccount(number))
  const cardFen = await heldFor(rows, cardAccount(number))
  return { centreFen, cardFen, totalFen: centreFen + cardFen }
}
