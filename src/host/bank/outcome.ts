import type { DispenseOutcome } from "../../dictionary/index.js"
import {
  type CashTransaction,
  cashInUnknown,
  cashReturned,
  cashStored,
  counterDepositReversed,
  counterWithdrawalReversed,
  dispenseUnknown,
  notesRetracted,
  notesTaken,
  type Posting,
  partlyTaken,
  suspenseToCustomer,
  suspenseToMachine,
  withdrawalReversed,
} from "../ledger/events.js"
import type { MessageRow, MessageState } from "../store/rows.js"
import type { BankPolicies } from "./context.js"

/** What an outcome does to the books: entries, the new state, what of the day's limit is given back. */
export interface Effect {
  readonly postings: readonly Posting[]
  readonly state: MessageState
  /** What stays on the suspense account of the transaction. */
  readonly suspenseFen: bigint
  /** What the counters of the original day are lowered by; `count` 1 when the whole transaction never was. */
  readonly restored: { readonly fen: bigint; readonly count: 0 | 1 }
}

const NOTHING_RESTORED = { fen: 0n, count: 0 } as const

function effect(state: MessageState, postings: readonly Posting[], more: Partial<Effect> = {}): Effect {
  return { postings, state, suspenseFen: 0n, restored: NOTHING_RESTORED, ...more }
}

/** Money that waits on 2241, or lies on 2242 since the end of its day: where it goes is the same, the entries differ. */
interface Open {
  readonly cash: CashTransaction
  readonly isSuspended: boolean
  /** The entry of its approval. */
  readonly entry: number
}

/** Suspense money is split between customer and machine; either part may be nothing. */
function fromSuspense(cash: CashTransaction, toCustomerFen: bigint): Posting[] {
  const postings = [
    suspenseToCustomer(cash, toCustomerFen, "message"),
    suspenseToMachine(cash, cash.fen - toCustomerFen, "message"),
  ]
  return postings.filter((posting) => posting.legs.length > 0)
}

function partial({ cash, isSuspended }: Open, takenFen: bigint): Effect | undefined {
  if (takenFen <= 0n || takenFen >= cash.fen) return undefined
  const rest = cash.fen - takenFen
  const postings = isSuspended ? fromSuspense(cash, rest) : [partlyTaken(cash, takenFen)]
  return effect("final", postings, { restored: { fen: rest, count: 0 } })
}

function retracted({ cash, isSuspended, entry }: Open, takenFen: bigint, policies: BankPolicies): Effect | undefined {
  if (takenFen < 0n || takenFen >= cash.fen) return undefined
  const rest = cash.fen - takenFen
  if (isSuspended) {
    const postings = takenFen > 0n ? [suspenseToMachine(cash, takenFen, "message")] : []
    return effect("suspense", postings, { suspenseFen: rest })
  }
  // Retraction never restores the day's limit (domain-rules §4.4).
  if (policies.retracted === "reverse" && takenFen === 0n) return effect("final", [withdrawalReversed(cash, entry)])
  return effect("suspense", [notesRetracted(cash, rest)], { suspenseFen: rest })
}

function withdrawalOutcome(
  open: Open,
  outcome: DispenseOutcome,
  takenFen: bigint,
  policies: BankPolicies,
): Effect | undefined {
  const { cash, isSuspended } = open
  switch (outcome) {
    case "taken":
      if (takenFen !== cash.fen) return undefined
      return effect("final", isSuspended ? fromSuspense(cash, 0n) : [notesTaken(cash)])
    case "partial":
      return partial(open, takenFen)
    case "retracted":
      return retracted(open, takenFen, policies)
    case "unknown":
      return effect("suspense", isSuspended ? [] : [dispenseUnknown(cash)], { suspenseFen: cash.fen })
    default:
      return undefined
  }
}

function cashInOutcome(
  { cash, isSuspended, entry }: Open,
  outcome: DispenseOutcome,
  storedFen: bigint,
): Effect | undefined {
  const all = { fen: cash.fen, count: 1 } as const
  switch (outcome) {
    case "stored":
      if (storedFen <= 0n || storedFen > cash.fen) return undefined
      return effect("final", isSuspended ? fromSuspense(cash, storedFen) : [cashStored(cash, storedFen)], {
        restored: { fen: cash.fen - storedFen, count: 0 },
      })
    case "returned":
      return effect("reversed", isSuspended ? fromSuspense(cash, 0n) : [cashReturned(cash, entry)], { restored: all })
    case "unknown":
      return effect("suspense", isSuspended ? [] : [cashInUnknown(cash)], { suspenseFen: cash.fen })
    default:
      return undefined
  }
}

/**
 * What an advice about the notes does (host-iso8583 §11.2, §11.4, §17).
 *
 * @param actualFen what was paid out, or stored: DE95, the whole amount without it
 * @returns undefined when the advice contradicts the book
 */
export function effectOfOutcome(
  original: MessageRow,
  cash: CashTransaction,
  outcome: DispenseOutcome,
  actualFen: bigint,
  policies: BankPolicies,
): Effect | undefined {
  if (original.entry === null || (original.state !== "pending" && original.state !== "suspense")) return undefined
  const open = { cash, isSuspended: original.state === "suspense", entry: original.entry }
  if (original.flow === "withdrawal") return withdrawalOutcome(open, outcome, actualFen, policies)
  return original.flow === "cashIn" ? cashInOutcome(open, outcome, actualFen) : undefined
}

/** What a reversal does (host-iso8583 §12); undefined when there is nothing left that could be taken back. */
export function effectOfReversal(original: MessageRow, cash: CashTransaction): Effect | undefined {
  const { entry, state, flow } = original
  if (entry === null) return undefined
  const restored = { fen: cash.fen, count: 1 } as const
  const reversed = (...postings: Posting[]) => effect("reversed", postings, { restored })
  if (state === "pending")
    return reversed(flow === "cashIn" ? cashReturned(cash, entry) : withdrawalReversed(cash, entry))
  if (state === "suspense") return reversed(...fromSuspense(cash, flow === "cashIn" ? 0n : cash.fen))
  if (state !== "final") return undefined
  if (flow === "counterWithdrawal") return reversed(counterWithdrawalReversed(cash, entry))
  return flow === "counterDeposit" ? reversed(counterDepositReversed(cash, entry)) : undefined
}
