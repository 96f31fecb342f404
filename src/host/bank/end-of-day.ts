import { cashInUnknown, dispenseUnknown, suspenseToCustomer, suspenseToMachine } from "../ledger/events.js"
import { postOnce } from "../ledger/post.js"
import type { BankTransaction } from "../store/bank-store.js"
import { cashTransactionOf } from "./settlement.js"
import type { BankTime } from "./time.js"

/**
 * Moves money that still waits for a confirmation of an earlier business day to suspense (host-iso8583 §18 invariant 5,
 * §19): its advice or reversal may still come and is then posted from there.
 *
 * @returns the keys of the transactions
 */
export async function closeDay(rows: BankTransaction, time: BankTime): Promise<string[]> {
  const moved: string[] = []
  for (const message of await rows.list("messages", { state: "pending" })) {
    if (message.businessDate >= time.businessDate) continue
    const card = await rows.get("cards", message.pan!)
    const event = message.flow === "cashIn" ? cashInUnknown : dispenseUnknown
    await postOnce(rows, event(cashTransactionOf(message, card!)), time)
    await rows.put("messages", { ...message, state: "suspense", suspenseFen: message.amountFen })
    moved.push(message.key)
  }
  return moved
}

/**
 * Settles a suspense item by order of staff: `customer` accepts the claim (S1), `machine` takes the notes for gone
 * (S2); for cash taken in, for never received.
 *
 * @returns false when there is no open item of this key
 */
export async function settleSuspense(
  rows: BankTransaction,
  key: string,
  to: "customer" | "machine",
  time: BankTime,
): Promise<boolean> {
  const message = await rows.get("messages", key, "0200")
  if (message?.state !== "suspense") return false
  const card = await rows.get("cards", message.pan!)
  const event = to === "customer" ? suspenseToCustomer : suspenseToMachine
  await postOnce(rows, event(cashTransactionOf(message, card!), message.suspenseFen, "staff"), time)
  await rows.put("messages", { ...message, state: "final", suspenseFen: 0n })
  return true
}
