import { PROCESSING_CODE } from "../../dictionary/index.js"
import type { BankTerminal, PinPad } from "../bank/index.js"
import type { CardTransactionOutcome } from "./card-transaction.js"
import type { FinancialFlowOptions } from "./financial.js"
import type { FinancialRefusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import { moveMoney } from "./move-money.js"

export interface PurchaseOptions extends FinancialFlowOptions {
  /** A merchant's terminal, kind `pos`. */
  readonly terminal: BankTerminal
  readonly pinPad: PinPad
  readonly amountFen: number
}

/** The merchant is paid, or has paid back. */
export interface Purchased {
  readonly ok: true
  readonly amountFen: number
  /** On the receipt: a refund names it. */
  readonly stan: number
  /** MMDD at the terminal, on the receipt as well. */
  readonly date: string
  readonly referenceNumber: string | undefined
  readonly authorisationCode: string | undefined
}

/** Pays a merchant (host-iso8583 §4.1, DE3 000000). @throws {RangeError} when the amount is no whole number of fen */
export function purchase(card: FlowCard, options: PurchaseOptions): Promise<Purchased | FinancialRefusal> {
  const { terminal, amountFen } = options
  return moveMoney(card, {
    ...options,
    kind: "purchase",
    type: 0x00,
    processingCode: PROCESSING_CODE.PURCHASE,
    done: (outcome, stan) => purchasedOf(terminal, amountFen, outcome, stan),
  })
}

export interface RefundOptions extends FinancialFlowOptions {
  readonly terminal: BankTerminal
  readonly amountFen: number
  /** The purchase that is paid back, whole or in part, as its receipt has it; it was made at this terminal. */
  readonly original: { readonly stan: number; readonly date: string; readonly batch?: string }
}

/** Pays a purchase back, without a PIN (host-iso8583 §4.1, DE3 200000; DE61). */
export function refund(card: FlowCard, { original, ...options }: RefundOptions): Promise<Purchased | FinancialRefusal> {
  const { terminal, amountFen } = options
  const { stan, date, batch = "000001" } = original
  return moveMoney(card, {
    ...options,
    kind: "refund",
    type: 0x20,
    processingCode: PROCESSING_CODE.REFUND,
    original: `${batch}${String(stan).padStart(6, "0")}${date}`,
    done: (outcome, own) => purchasedOf(terminal, amountFen, outcome, own),
  })
}

function purchasedOf(
  terminal: BankTerminal,
  amountFen: number,
  { answer }: CardTransactionOutcome,
  stan: number,
): Purchased {
  const fields = answer?.outcome === "answered" ? answer.fields : {}
  const date = terminal.now().monthDay
  return { ok: true, amountFen, stan, date, referenceNumber: fields[37], authorisationCode: fields[38] }
}
