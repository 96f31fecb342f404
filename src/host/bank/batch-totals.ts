import type { BatchTotals } from "../../dictionary/index.js"
import type { MessageRow } from "../store/rows.js"

type Kind = keyof BatchTotals

/** What a message adds to the totals of its terminal (host-iso8583 §19); an advice files what was in hands or stored. */
function shares(row: MessageRow): readonly (readonly [kind: Kind, fen: bigint])[] {
  const { messageClass, flow, state, amountFen, countedFen, suspenseFen, answerCode } = row
  if (messageClass === "0420") return answerCode === "00" || answerCode === "25" ? [["reversals", amountFen]] : []
  if (messageClass === "0220" && answerCode === "00") {
    const moved: Kind = flow === "cashIn" ? "deposits" : "withdrawals"
    return [
      [moved, countedFen],
      ["retracts", suspenseFen],
    ]
  }
  if (messageClass !== "0200" || state !== "final") return []
  if (flow === "counterWithdrawal") return [["withdrawals", amountFen]]
  return flow === "counterDeposit" ? [["deposits", amountFen]] : []
}

/** Adds up what terminals reported. Whatever is zero was not reported. */
export function batchTotals(rows: Iterable<MessageRow>): BatchTotals {
  const nothing = () => ({ count: 0, amountFen: 0 })
  const totals = { withdrawals: nothing(), deposits: nothing(), reversals: nothing(), retracts: nothing() }
  for (const row of rows)
    for (const [kind, fen] of shares(row)) {
      if (fen === 0n) continue
      totals[kind].count++
      totals[kind].amountFen += Number(fen)
    }
  return totals
}

/** True when two sets of totals are the same in every number. */
export function areSameTotals(a: BatchTotals, b: BatchTotals): boolean {
  const kinds = Object.keys(a) as Kind[]
  return kinds.every((kind) => a[kind].count === b[kind].count && a[kind].amountFen === b[kind].amountFen)
}
