import { type Balance, decodeBalances, PROCESSING_CODE } from "../../dictionary/index.js"
import type { BankTerminal, PinPad } from "../bank/index.js"
import { cardTransaction, isApproved } from "./card-transaction.js"
import { type FinancialFlowOptions, runFinancialFlow } from "./financial.js"
import { type FinancialRefusal, notReady, refusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import { type Attempt, afterSignOn, afterWrongPin, refusalOf } from "./retry.js"

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
  { terminal, pinPad, ...options }: FinancialBalanceOptions,
): Promise<FinancialBalance | FinancialRefusal> {
  return runFinancialFlow(options, async (report) => {
    const ask = async (triesLeft: number | undefined): Promise<Attempt<FinancialBalance>> => {
      const readiness = await terminal.prepare()
      if (!readiness.ready) return { refusal: notReady(readiness) }
      const outcome = await cardTransaction({
        card,
        terminal,
        pinPad,
        transaction: await terminal.beginInquiry(),
        type: 0x30,
        processingCode: PROCESSING_CODE.BALANCE_INQUIRY,
        report,
        ...(triesLeft !== undefined && { triesLeft }),
      })
      await terminal.forward()
      if (!isApproved(outcome)) return { refusal: refusalOf(outcome), outcome }
      const balances = outcome.answer?.outcome === "answered" ? outcome.answer.fields[54] : undefined
      return { done: balancesOf(balances) }
    }
    return afterWrongPin((triesLeft) => afterSignOn(() => ask(triesLeft)))
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
