import { PROCESSING_CODE, type StatementLine } from "../../dictionary/index.js"
import type { BankTerminal, PinPad } from "../bank/index.js"
import { privateDataOf } from "./card-transaction.js"
import type { FinancialFlowOptions } from "./financial.js"
import { type FinancialRefusal, refusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import { inquire } from "./inquire.js"

export interface FinancialStatementOptions extends FinancialFlowOptions {
  readonly terminal: BankTerminal
  readonly pinPad: PinPad
}

/** The last movements of the account, newest first. */
export interface FinancialStatement {
  readonly ok: true
  readonly lines: readonly StatementLine[]
}

/** Asks the bank for the last movements of the financial account. Nothing is posted, nothing ever reversed. */
export function financialStatement(
  card: FlowCard,
  options: FinancialStatementOptions,
): Promise<FinancialStatement | FinancialRefusal> {
  return inquire(card, {
    ...options,
    type: 0x38,
    processingCode: PROCESSING_CODE.STATEMENT,
    done({ answer }) {
      const lines = privateDataOf(answer)?.statement
      return lines ? { ok: true, lines } : refusal("NO_ANSWER")
    },
  })
}
