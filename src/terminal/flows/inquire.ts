import type { BankTerminal, PinPad } from "../bank/index.js"
import { type CardTransaction, type CardTransactionOutcome, cardTransaction, isApproved } from "./card-transaction.js"
import { type FinancialFlowOptions, runFinancialFlow } from "./financial.js"
import { type FinancialRefusal, notReady, refusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import { type Attempt, afterSignOn, afterWrongPin, refusalOf } from "./retry.js"

/** A transaction that moves no money: nothing is ever reversed. */
export interface Inquiring<T> extends FinancialFlowOptions {
  readonly terminal: BankTerminal
  readonly pinPad: PinPad
  /** Tag 9C. */
  readonly type: number
  /** DE3. */
  readonly processingCode: string
  /** DE48, made when the card is known; undefined when the person gives up. */
  readonly privateData?: Exclude<CardTransaction["privateData"], Uint8Array | undefined>
  /** What an approved transaction comes to, when what there was to say has been sent. */
  done(outcome: CardTransactionOutcome): T | FinancialRefusal
}

/** Asks the bank something, with a wrong PIN asked for again. */
export function inquire<T extends { readonly ok: true }>(
  card: FlowCard,
  { terminal, pinPad, type, processingCode, privateData, done, ...options }: Inquiring<T>,
): Promise<T | FinancialRefusal> {
  return runFinancialFlow(options, async (report) => {
    const ask = async (triesLeft: number | undefined): Promise<Attempt<T>> => {
      const readiness = await terminal.prepare()
      if (!readiness.ready) return { refusal: notReady(readiness) }
      let isCancelled = false
      const outcome = await cardTransaction({
        card,
        terminal,
        pinPad,
        transaction: await terminal.beginInquiry(),
        type,
        processingCode,
        report,
        ...(privateData && {
          async privateData(pan: string) {
            const data = await privateData(pan)
            isCancelled = data === undefined
            return data
          },
        }),
        ...(triesLeft !== undefined && { triesLeft }),
      })
      await terminal.forward()
      if (isCancelled) return { refusal: refusal("CANCELLED") }
      return isApproved(outcome) ? { done: done(outcome) } : { refusal: refusalOf(outcome), outcome }
    }
    return afterWrongPin((triesLeft) => afterSignOn(() => ask(triesLeft)))
  })
}
