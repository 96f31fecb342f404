import { encodePrivateData, type NoteCount, PROCESSING_CODE } from "../../dictionary/index.js"
import { type BankTerminal, type CashAcceptor, type MoneyTransaction, type PinPad, recover } from "../bank/index.js"
import { returnNotes } from "../bank/recovery.js"
import { withoutPin } from "../emv/index.js"
import { type CardTransactionOutcome, cardTransaction, isApproved } from "./card-transaction.js"
import { type CounterService, counterData } from "./counter.js"
import { type FinancialFlowOptions, type Report, runFinancialFlow } from "./financial.js"
import { type FinancialRefusal, notReady, refusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import {
  type Attempt,
  afterSignOn,
  afterWrongPin,
  claimedCode,
  refusalOf,
  reversalReason,
  SIGN_ON_NEEDED,
} from "./retry.js"

export interface DepositOptions extends FinancialFlowOptions {
  readonly terminal: BankTerminal
  /** Takes and counts the notes; at a counter that is the teller. */
  readonly acceptor: CashAcceptor
  /** Asked for at machines; a counter wants none (host-iso8583 §11.8). */
  readonly pinPad?: PinPad
  /** Number of the teller, at a counter. */
  readonly teller?: string
  /** Teller and, from large amounts on, the document of who pays in; instead of `teller`. */
  readonly counter?: CounterService
  /** The customer confirms what was counted. Default: yes. */
  readonly confirm?: (amountFen: number) => Promise<boolean>
}

/** The money is in the account. */
export interface Deposited {
  readonly ok: true
  readonly amountFen: number
  readonly stan: number
  readonly referenceNumber: string | undefined
  readonly authorisationCode: string | undefined
}

interface Counted {
  readonly amountFen: number
  readonly notes: readonly NoteCount[]
}

/**
 * Pays cash in: notes are counted into the escrow, the host is asked, then they are stored and the host is told
 * (host-iso8583 §11.4); at a counter the answer is final (§11.8). Every other end gives the notes back.
 *
 * @throws {ShebaoError} when the journal cannot be written; what is open is then settled by the next start
 */
export function deposit(
  card: FlowCard,
  { onEvent, ...options }: DepositOptions,
): Promise<Deposited | FinancialRefusal> {
  return runFinancialFlow(onEvent ? { onEvent } : {}, async (report) => {
    const { terminal, acceptor, confirm = async () => true } = options
    for (const what of await recover(terminal, { acceptor })) report?.({ type: "recovered", what })
    const counted = await acceptor.count()
    if (!counted) return refusal("NO_CASH")
    const result = (await confirm(counted.amountFen))
      ? await afterWrongPin((triesLeft) => afterSignOn(() => attempt(card, options, counted, report, triesLeft)))
      : refusal("CANCELLED")
    // An attempt that got nowhere near the host leaves the notes where they were.
    if (!result.ok && (await acceptor.status()) === "escrow") await acceptor.giveBack()
    return result
  })
}

async function attempt(
  card: FlowCard,
  { terminal, acceptor, pinPad, teller, counter }: DepositOptions,
  { amountFen, notes }: Counted,
  report: Report,
  triesLeft: number | undefined,
): Promise<Attempt<Deposited>> {
  const readiness = await terminal.prepare()
  if (!readiness.ready) return { refusal: notReady(readiness) }
  const transaction = await terminal.beginMoney("deposit", amountFen)
  const outcome = await cardTransaction({
    card,
    terminal,
    transaction,
    ...(pinPad ? { pinPad } : { configuration: withoutPin(terminal.configuration) }),
    ...(triesLeft !== undefined && { triesLeft }),
    type: 0x21,
    processingCode: PROCESSING_CODE.DEPOSIT,
    amountFen,
    privateData: counter
      ? counterData(counter, notes)
      : encodePrivateData({ ...(teller !== undefined && { teller }), notes }),
    report,
  })
  const ended = isApproved(outcome)
    ? { done: await store(terminal, acceptor, transaction, outcome, report) }
    : { refusal: await takeBack(acceptor, transaction, outcome, report), outcome }
  await terminal.forward()
  return ended
}

async function store(
  terminal: BankTerminal,
  acceptor: CashAcceptor,
  transaction: MoneyTransaction,
  { answer }: CardTransactionOutcome,
  report: Report,
): Promise<Deposited | FinancialRefusal> {
  for (const step of ["answered", "storing"] as const) {
    await transaction.step(step)
    report?.({ type: "step", step })
  }
  const stored = await acceptor.store()
  if (stored === "failed") {
    const ended = await returnNotes(transaction, acceptor, "06")
    if (ended === "reversed") report?.({ type: "reversed", reason: "06" })
    return refusal(ended === "reversed" ? "DEPOSIT_FAILED" : "NOTES_UNKNOWN")
  }
  if (terminal.kind === "teller") await transaction.close(true)
  else if (stored === "unknown") {
    await transaction.advise({ outcome: "unknown" })
    return refusal("NOTES_UNKNOWN")
  } else await transaction.advise({ outcome: "stored" }, "stored")
  report?.({ type: "step", step: "stored" })
  const fields = answer?.outcome === "answered" ? answer.fields : {}
  return {
    ok: true,
    amountFen: transaction.amountFen,
    stan: transaction.stan,
    referenceNumber: fields[37],
    authorisationCode: fields[38],
  }
}

/**
 * Ends a deposit that was not approved. The notes go back before the host is told, so that a power cut in between finds
 * them; after a wrong PIN, or while the terminal signs on, they wait for the next attempt.
 */
async function takeBack(
  acceptor: CashAcceptor,
  transaction: MoneyTransaction,
  outcome: CardTransactionOutcome,
  report: Report,
): Promise<FinancialRefusal> {
  const reason = reversalReason(outcome)
  if (reason === undefined) {
    await transaction.close()
    return refusalOf(outcome)
  }
  if (claimedCode(outcome.answer) === SIGN_ON_NEEDED) await transaction.reverse(reason)
  else if ((await returnNotes(transaction, acceptor, reason)) === "unknown") return refusal("NOTES_UNKNOWN")
  report?.({ type: "reversed", reason })
  return refusalOf(outcome)
}
