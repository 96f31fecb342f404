import type { PayoutOrder, PayoutOutcome } from "../../dictionary/index.js"
import { payoutReceived } from "../ledger/events.js"
import { post } from "../ledger/post.js"
import type { Region } from "../regions/region.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { CardRow, CardState } from "../store/rows.js"
import { toFen } from "./fen.js"
import type { BankTime } from "./time.js"

/** States in which an account takes an approved payout: blocked for paying is not blocked for getting (domain-rules R2, §4.2). */
const TAKING: readonly CardState[] = ["active", "pinLocked", "tempLost", "formallyLost", "dormant"]

/** The card of an account, by the number of either. */
export async function cardOfAccount(rows: BankTransaction, number: string): Promise<CardRow | undefined> {
  return (await rows.get("cards", number)) ?? (await rows.list("cards", { accountNumber: number }))[0]
}

/** Whether an account takes approved payouts in this name (domain-rules R3, `bank.creditSources`). */
export function acceptsPayout(card: CardRow | undefined, name: string, { bank }: Region): boolean {
  return (
    card !== undefined &&
    card.holderName === name &&
    TAKING.includes(card.state) &&
    bank.creditSources.includes("approvedPayout")
  )
}

/** Credits an approved payout once under its key (host-iso8583 §18, P1). */
export async function takePayout(
  rows: BankTransaction,
  { key, accountNumber, accountName, amountFen }: PayoutOrder,
  region: Region,
  time: BankTime,
): Promise<PayoutOutcome> {
  const card = await cardOfAccount(rows, accountNumber)
  if (!card || !acceptsPayout(card, accountName, region)) return "refused"
  const businessKey = `PAYOUT-${key}`
  // Looked up first: a posting that is refused would leave a gap in the numbers of the journal.
  if ((await rows.list("entries", { key: businessKey })).length > 0) return "paid"
  await post(rows, payoutReceived(businessKey, card.accountNumber, toFen("amountFen", amountFen)), time)
  return "paid"
}
