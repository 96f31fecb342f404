import { mayNotBeOverdrawn } from "../ledger/accounts.js"
import type { CashTransaction } from "../ledger/events.js"
import { takenBack } from "../ledger/events.js"
import { owedFen, postOnce } from "../ledger/post.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { CardRow, MessageRow } from "../store/rows.js"
import type { BankContext } from "./context.js"
import { changeCounters } from "./limits.js"
import type { Effect } from "./outcome.js"
import type { BankTime } from "./time.js"

/** The cash transaction that a request was about. */
export function cashTransactionOf(original: MessageRow, card: CardRow): CashTransaction {
  return { key: original.key, accountNumber: card.accountNumber, terminal: original.terminal, fen: original.amountFen }
}

/** Posts an effect under the business date of its original, gives limits of the original day back, files the new state. */
export async function apply(
  { rows, bank, time }: { rows: BankTransaction; bank: BankContext; time: BankTime },
  original: MessageRow,
  card: CardRow,
  { postings, state, suspenseFen, restored }: Effect,
): Promise<void> {
  for (const posting of postings) await postOnce(rows, posting, { businessDate: original.businessDate, at: time.at })
  if (restored.fen > 0n) {
    const change = { fen: -restored.fen, count: -restored.count }
    await changeCounters(rows, { flow: original.flow!, card, day: original.day }, change, bank.region)
  }
  const countedFen = original.countedFen - restored.fen
  await rows.put("messages", { ...original, state, suspenseFen, countedFen })
}

/**
 * Takes a transfer, purchase or refund back leg by leg, with the counters of its day (T3, B2).
 *
 * @returns false, with nothing posted, when whoever got the money has spent it
 */
export async function reverseEntry(
  settlement: { rows: BankTransaction; bank: BankContext; time: BankTime },
  original: MessageRow,
): Promise<boolean> {
  const { rows, time } = settlement
  const legs = await rows.list("legs", { entry: original.entry! })
  for (const { account, fen } of legs)
    if (fen < 0n && mayNotBeOverdrawn(account) && (await owedFen(rows, account)) < -fen) return false
  const waiting = await rows.get("transfers", original.key)
  if (waiting) await rows.put("transfers", { ...waiting, state: "cancelled" })
  const card = await rows.get("cards", original.pan!)
  const restored = { fen: original.amountFen, count: 1 } as const
  const kind = original.flow === "transfer" ? "T3" : "B2"
  const posting = takenBack(original.key, kind, original.entry!, legs)
  await apply({ ...settlement, time }, original, card!, {
    postings: [posting],
    state: "reversed",
    suspenseFen: 0n,
    restored,
  })
  return true
}
