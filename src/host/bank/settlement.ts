import type { CashTransaction } from "../ledger/events.js"
import { postOnce } from "../ledger/post.js"
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
