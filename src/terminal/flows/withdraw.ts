import { PROCESSING_CODE } from "../../dictionary/index.js"
import {
  type BankTerminal,
  type CashDispenser,
  type MoneyTransaction,
  type PinPad,
  recover,
  type Step,
  type StepDetails,
} from "../bank/index.js"
import { resultIcData } from "../bank/messages.js"
import type { EmvResult } from "../emv/index.js"
import { type CardTransactionOutcome, cardTransaction, isApproved } from "./card-transaction.js"
import { type CounterService, counterData } from "./counter.js"
import { dispense, type PayOut } from "./dispense.js"
import { type FinancialFlowOptions, type Report, runFinancialFlow } from "./financial.js"
import { availableFenOf } from "./financial-balance.js"
import { type FinancialRefusal, notReady, refusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import { type Attempt, afterSignOn, afterWrongPin, takeBack } from "./retry.js"

export interface WithdrawOptions extends FinancialFlowOptions {
  readonly terminal: BankTerminal
  readonly pinPad: PinPad
  readonly amountFen: number
  /** Teller and, from large amounts on, document and second person. */
  readonly counter?: CounterService
  /** Pays out. Left out at a counter, where the teller does when the flow is done. */
  readonly dispenser?: CashDispenser
  /** Gives the card back and waits for it to be taken. Default: it is taken at once. */
  readonly returnCard?: () => Promise<"taken" | "notTaken">
  /** Card or cash first; default the card, so that nobody forgets it (terminal-devices §6). */
  readonly order?: "cardFirst" | "cashFirst"
  /** What to do when the machine can pay only a part; default nothing at all (terminal-devices §9.2 case 4). */
  readonly partial?: "reject" | "present"
}

/** The cash is in the customer's hands. */
export interface Withdrawn {
  readonly ok: true
  /** What was paid: less than asked for only when `partial` allows it. */
  readonly amountFen: number
  readonly stan: number
  /** DE37 and DE38 of the answer. */
  readonly referenceNumber: string | undefined
  readonly authorisationCode: string | undefined
  /** Balance after the withdrawal, where the host tells. */
  readonly availableFen: number | undefined
}

/**
 * Withdraws cash: at a machine (host-iso8583 §11.2), or at a counter when the terminal is a teller's (§11.8).
 *
 * Cash moves only when the host approved and the card agreed; after the request every other end is told to the host by a
 * message that survives power cuts (terminal-devices §9).
 *
 * @throws {ShebaoError} when the journal cannot be written; what is open is then settled by the next start
 * @example await withdraw(card, { terminal, pinPad, dispenser, amountFen: 50_000 })
 */
export function withdraw(
  card: FlowCard,
  { onEvent, ...options }: WithdrawOptions,
): Promise<Withdrawn | FinancialRefusal> {
  return runFinancialFlow(onEvent ? { onEvent } : {}, async (report) => {
    const { terminal, dispenser, amountFen } = options
    const impossible = checkAmount(terminal, dispenser, amountFen)
    if (impossible) return impossible
    if (dispenser) for (const what of await recover(terminal, { dispenser })) report?.({ type: "recovered", what })
    return afterWrongPin((triesLeft) => afterSignOn(() => attempt(card, options, report, triesLeft)))
  })
}

/** Asked before anything else, so that nobody is charged for what cannot be paid (terminal-devices §8.1). */
function checkAmount(
  terminal: BankTerminal,
  dispenser: CashDispenser | undefined,
  amountFen: number,
): FinancialRefusal | undefined {
  if (!Number.isSafeInteger(amountFen)) throw new RangeError(`amountFen: expected a whole number, got ${amountFen}`)
  if (!dispenser) {
    if (terminal.kind !== "teller") throw new TypeError("dispenser: expected one, since this is no teller's terminal")
    return amountFen > 0 ? undefined : refusal("AMOUNT_ZERO")
  }
  const check = dispenser.check(amountFen)
  if (check.possible) return undefined
  return refusal(
    (
      {
        zero: "AMOUNT_ZERO",
        notMultiple: "AMOUNT_NOT_MULTIPLE",
        overLimit: "AMOUNT_OVER_LIMIT",
        cassettesEmpty: "MACHINE_EMPTY",
      } as const
    )[check.reason],
  )
}

async function attempt(
  card: FlowCard,
  options: WithdrawOptions,
  report: Report,
  triesLeft: number | undefined,
): Promise<Attempt<Withdrawn>> {
  const { terminal, pinPad, amountFen, counter } = options
  const readiness = await terminal.prepare()
  if (!readiness.ready) return { refusal: notReady(readiness) }
  const transaction = await terminal.beginMoney("withdrawal", amountFen)
  const outcome = await cardTransaction({
    card,
    terminal,
    pinPad,
    transaction,
    type: 0x01,
    processingCode: PROCESSING_CODE.WITHDRAWAL,
    amountFen,
    report,
    ...(counter && { privateData: counterData(counter) }),
    ...(triesLeft !== undefined && { triesLeft }),
  })
  const ended = isApproved(outcome)
    ? { done: await payOut(options, transaction, outcome, report) }
    : { refusal: await takeBack(transaction, outcome, report), outcome }
  // What stays undelivered now is delivered before the next customer.
  await terminal.forward()
  return ended
}

async function payOut(
  { terminal, dispenser, amountFen, returnCard = async () => "taken", order, partial }: WithdrawOptions,
  transaction: MoneyTransaction,
  { answer, emv }: CardTransactionOutcome,
  report: Report,
): Promise<Withdrawn | FinancialRefusal> {
  const step = async (name: Step, details?: StepDetails) => {
    await transaction.step(name, details)
    report?.({ type: "step", step: name })
  }
  await step("answered")
  const fields = answer?.outcome === "answered" ? answer.fields : {}
  const withdrawn: Withdrawn = {
    ok: true,
    amountFen,
    stan: transaction.stan,
    referenceNumber: fields[37],
    authorisationCode: fields[38],
    availableFen: availableFenOf(fields[54]),
  }
  if (terminal.kind === "teller" || !dispenser) {
    // Final at once: the teller pays when the books are closed, never before (host-iso8583 §11.8).
    await transaction.close(true)
    await returnCard()
    return withdrawn
  }
  const paid: PayOut = await dispense({
    dispenser,
    transaction,
    returnCard,
    order: order ?? "cardFirst",
    partial: partial ?? "reject",
    icData: confirmation(emv),
    step,
    report,
  })
  return "refusal" in paid ? paid.refusal : { ...withdrawn, amountFen: paid.paidFen }
}

/** The advice of a withdrawal carries the TC. */
function confirmation(emv: EmvResult | undefined): Uint8Array {
  return resultIcData(emv!.data!)
}
