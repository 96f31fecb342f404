import { type BankTerminal, type OpenTransaction, type PinPad, recover } from "../bank/index.js"
import { withoutPin } from "../emv/index.js"
import { type CardTransaction, type CardTransactionOutcome, cardTransaction, isApproved } from "./card-transaction.js"
import { type FinancialFlowOptions, type Report, runFinancialFlow } from "./financial.js"
import { type FinancialRefusal, notReady, refusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import { type Attempt, afterSignOn, afterWrongPin, takeBack } from "./retry.js"

/** A movement of money from account to account: no cash, final with its answer. */
export interface MoneyMovement<T>
  extends FinancialFlowOptions,
    Pick<CardTransaction, "type" | "processingCode" | "payee" | "original"> {
  readonly terminal: BankTerminal
  /** Left out: no PIN is asked for. */
  readonly pinPad?: PinPad
  readonly amountFen: number
  readonly kind: OpenTransaction["kind"]
  /** What an approved one comes to. */
  done(outcome: CardTransactionOutcome, stan: number): T
}

/**
 * Moves money between accounts. A request whose answer is lost, or that the card does not confirm, is taken back.
 *
 * @throws {RangeError} when the amount is no whole number of fen
 * @throws {ShebaoError} when the journal cannot be written; what is open is then settled by the next start
 */
export function moveMoney<T extends { readonly ok: true }>(
  card: FlowCard,
  { onEvent, ...movement }: MoneyMovement<T>,
): Promise<T | FinancialRefusal> {
  const { terminal, amountFen } = movement
  if (!Number.isSafeInteger(amountFen)) throw new RangeError(`amountFen: expected a whole number, got ${amountFen}`)
  return runFinancialFlow(onEvent ? { onEvent } : {}, async (report) => {
    if (amountFen <= 0) return refusal("AMOUNT_ZERO")
    for (const what of await recover(terminal, {})) report?.({ type: "recovered", what })
    return afterWrongPin((triesLeft) => afterSignOn(() => attempt(card, movement, report, triesLeft)))
  })
}

async function attempt<T extends { readonly ok: true }>(
  card: FlowCard,
  { terminal, pinPad, amountFen, kind, done, ...asked }: Omit<MoneyMovement<T>, "onEvent">,
  report: Report,
  triesLeft: number | undefined,
): Promise<Attempt<T>> {
  const readiness = await terminal.prepare()
  if (!readiness.ready) return { refusal: notReady(readiness) }
  const transaction = await terminal.beginMoney(kind, amountFen)
  const outcome = await cardTransaction({
    ...asked,
    card,
    terminal,
    transaction,
    amountFen,
    report,
    ...(pinPad ? { pinPad } : { configuration: withoutPin(terminal.configuration) }),
    ...(triesLeft !== undefined && { triesLeft }),
  })
  const isDone = isApproved(outcome)
  if (isDone) await transaction.close()
  const ended: Attempt<T> = isDone
    ? { done: done(outcome, transaction.stan) }
    : { refusal: await takeBack(transaction, outcome, report), outcome }
  await terminal.forward()
  return ended
}
