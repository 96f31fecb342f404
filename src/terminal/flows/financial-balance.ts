import { type Balance, decodeBalances, PROCESSING_CODE } from "../../dictionary/index.js"
import type { BankTerminal, PinPad } from "../bank/index.js"
import type { FinancialFlowOptions } from "./financial.js"
import { type FinancialRefusal, refusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import { inquire } from "./inquire.js"

export interface FinancialBalanceOptions extends FinancialFlowOptions {
  readonly terminal: BankTerminal
  readonly pinPad: PinPad
}

/** What is in the account, in fen. */
export interface FinancialBalance {
  readonly ok: true
  readonly ledgerFen: number
  readonly availableFen: number
}

/**
 * Asks the bank for the balance of the financial account (host-iso8583 §11.3). Nothing is posted, nothing ever reversed.
 *
 * @example await financialBalance(card, { terminal, pinPad }) // { ok: true, ledgerFen: 1000000, availableFen: 1000000 }
 */
export function financialBalance(
  card: FlowCard,
  options: FinancialBalanceOptions,
): Promise<FinancialBalance | FinancialRefusal> {
  return inquire(card, {
    ...options,
    type: 0x30,
    processingCode: PROCESSING_CODE.BALANCE_INQUIRY,
    done: ({ answer }) => balancesOf(answer?.outcome === "answered" ? answer.fields[54] : undefined),
  })
}

function balancesOf(text: string | undefined): FinancialBalance | FinancialRefusal {
  let balances: Balance[]
  try {
    balances = decodeBalances(text ?? "")
  } catch {
    balances = []
  }
  const ledger = balances.find(({ kind }) => kind === "ledger")
  const available = balances.find(({ kind }) => kind === "available")
  if (!ledger || !available) return refusal("NO_ANSWER")
  return { ok: true, ledgerFen: ledger.amountFen, availableFen: available.amountFen }
}

/** The available balance of an answer, where it has one. */
export function availableFenOf(text: string | undefined): number | undefined {
  const found = text === undefined ? undefined : balancesOf(text)
  return found?.ok ? found.availableFen : undefined
}
