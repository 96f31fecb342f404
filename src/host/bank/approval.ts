import { encodeBalances } from "../../dictionary/index.js"
import { customerAccount } from "../ledger/accounts.js"
import {
  type CashTransaction,
  cashInApproved,
  counterDeposit,
  counterWithdrawal,
  type Posting,
  withdrawalApproved,
} from "../ledger/events.js"
import { owedFen, postOnce } from "../ledger/post.js"
import type { CardRow, Flow, MessageState } from "../store/rows.js"
import type { Answer, Decision, TerminalRequest } from "./context.js"
import type { FlowRules } from "./flows.js"
import { changeCounters, checkLimits } from "./limits.js"
import { isReserved } from "./reservations.js"

/** Step 17's entry of each flow; an inquiry has none. */
const POSTINGS: Readonly<Partial<Record<Flow, typeof withdrawalApproved>>> = {
  withdrawal: withdrawalApproved,
  cashIn: cashInApproved,
  counterWithdrawal,
  counterDeposit,
}

/** Flows that take money from the account. */
const DEBITS: ReadonlySet<Flow> = new Set<Flow>(["withdrawal", "counterWithdrawal", "transfer", "purchase"])
/** Flows whose money waits for a confirmation. */
const PENDING: ReadonlySet<Flow> = new Set<Flow>(["withdrawal", "cashIn"])

function mayCredit(request: TerminalRequest, flow: Flow): boolean {
  const isCredit = flow === "cashIn" || flow === "counterDeposit"
  return !isCredit || request.bank.region.bank.creditSources.includes("ownDeposit")
}

/** DE54: nothing is ever held, so that book and available balance are the same. */
function balancesOf(fen: bigint): string {
  const balance = { accountType: "10", currency: "156", amountFen: Number(fen) }
  return encodeBalances([
    { ...balance, kind: "ledger" },
    { ...balance, kind: "available" },
  ])
}

/** What a transaction posts, where that depends on more than its kind, and how it stands after it. */
export interface Posted {
  readonly event: (cash: CashTransaction) => Posting
  readonly state?: MessageState
}

/** Steps 15 to 17: limits, balance, posting (host-iso8583 §14, §16). */
export async function approve(
  request: TerminalRequest,
  { flow }: FlowRules,
  card: CardRow,
  amountFen: bigint,
  posted?: Posted,
): Promise<Decision | Answer> {
  const { bank, rows, key, terminal, time } = request
  const account = customerAccount(card.accountNumber)
  const balanceFen = await owedFen(rows, account)
  if (!mayCredit(request, flow)) return { code: "57" }
  const overLimit = await checkLimits(rows, { flow, card, amountFen, balanceFen }, bank.region, time)
  if (overLimit) return { code: overLimit }
  if (flow === "counterWithdrawal" && !(await isReserved(request, card, amountFen))) return { code: "61" }
  if (DEBITS.has(flow) && balanceFen < amountFen) return { code: "51" }
  const event = posted?.event ?? POSTINGS[flow]
  const cash = { key, accountNumber: card.accountNumber, terminal: terminal.id, fen: amountFen }
  const entry = event ? await postOnce(rows, event(cash), time) : null
  if (entry !== null)
    await changeCounters(rows, { flow, card, day: time.day }, { fen: amountFen, count: 1 }, bank.region)
  const balances = balancesOf(await owedFen(rows, account))
  const state = posted?.state ?? (entry === null ? "approved" : PENDING.has(flow) ? "pending" : "final")
  return { code: "00", fields: { 54: balances }, state, flow, amountFen, entry }
}
