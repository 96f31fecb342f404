import { purchased, refunded } from "../ledger/events.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { CardRow, MessageRow } from "../store/rows.js"
import { approve } from "./approval.js"
import type { Answer, Decision, TerminalRequest } from "./context.js"
import type { FlowRules } from "./flows.js"
import { fullDate } from "./time.js"

/** DE61: batch, STAN and date of the purchase that a refund pays back (host-iso8583 §3). */
const ORIGINAL = /^\d{6}(\d{6})(\d{4})$/

/** A merchant is paid through clearing. */
export function purchase(
  request: TerminalRequest,
  rules: FlowRules,
  card: CardRow,
  amountFen: bigint,
): Promise<Decision | Answer> {
  return approve(request, rules, card, amountFen, { event: purchased })
}

async function originalOf({ rows, fields, terminal, time }: TerminalRequest): Promise<MessageRow | undefined> {
  const [, stan, monthDay] = ORIGINAL.exec(fields[61] ?? "") ?? []
  if (stan === undefined || monthDay === undefined) return undefined
  return rows.get("messages", `${terminal.acquirer}-${terminal.id}-${stan}-${fullDate(monthDay, time)}`, "0200")
}

/** What is left of a purchase is what can be paid back; together never more than was paid. */
async function changeRefundable(rows: BankTransaction, original: MessageRow, fen: bigint): Promise<void> {
  await rows.put("messages", { ...original, countedFen: original.countedFen + fen })
}

/** Pays a purchase of this card back, whole or in part: 25 when there is none, 64 when it was less. */
export async function refund(
  request: TerminalRequest,
  rules: FlowRules,
  card: CardRow,
  amountFen: bigint,
): Promise<Decision | Answer> {
  const original = await originalOf(request)
  if (original?.flow !== "purchase" || original.state !== "final" || original.pan !== card.pan) return { code: "25" }
  if (amountFen > original.countedFen) return { code: "64" }
  const decision = await approve(request, rules, card, amountFen, { event: refunded })
  if (decision.code === "00") await changeRefundable(request.rows, original, -amountFen)
  return decision
}

/** A refund that is taken back can be made again. */
export async function refundTakenBack(request: TerminalRequest, fen: bigint): Promise<void> {
  const original = await originalOf(request)
  if (original) await changeRefundable(request.rows, original, fen)
}
