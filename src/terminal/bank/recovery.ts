import type { BankTerminal } from "./bank-terminal.js"
import type { CashAcceptor } from "./cash-acceptor.js"
import type { CashDispenser } from "./cash-dispenser.js"
import type { OpenTransaction } from "./journal.js"
import type { Advice } from "./messages.js"
import type { MoneyTransaction } from "./transaction.js"

/** The devices that know where the cash is. */
export interface CashDevices {
  readonly dispenser?: CashDispenser
  readonly acceptor?: CashAcceptor
}

/** What a power cut left open, and what was made of it. */
export interface Recovered {
  readonly id: string
  readonly step: OpenTransaction["step"]
  readonly decision: "nothing" | "reversed" | "taken" | "retracted" | "stored" | "unknown"
}

/**
 * Ends what the journal has open (terminal-devices §9.3); the messages go into the queue. A movement whose device is not
 * given stays open.
 */
export async function recover(terminal: BankTerminal, devices: CashDevices): Promise<Recovered[]> {
  const recovered: Recovered[] = []
  for (const open of terminal.journal.state.open) {
    const transaction = terminal.resumeMoney(open)
    const { kind, id, step } = open
    if (kind !== "withdrawal" && kind !== "deposit")
      recovered.push({ id, step, decision: await endMovement(open, transaction) })
    if (kind === "withdrawal" && devices.dispenser)
      recovered.push({ id, step, decision: await endWithdrawal(open, transaction, devices.dispenser) })
    if (kind === "deposit" && devices.acceptor)
      recovered.push({ id, step, decision: await endDeposit(terminal, open, transaction, devices.acceptor) })
  }
  // Notes that were counted before anything was written still lie there.
  if ((await devices.acceptor?.status()) === "escrow") await devices.acceptor!.giveBack()
  return recovered
}

/** What was done without cash is closed at once; what was sent may or may not be at the bank. */
async function endMovement({ step }: OpenTransaction, transaction: MoneyTransaction): Promise<Recovered["decision"]> {
  if (step === "intent") {
    await transaction.close()
    return "nothing"
  }
  await transaction.reverse("98")
  return "reversed"
}

async function endWithdrawal(
  open: OpenTransaction,
  transaction: MoneyTransaction,
  dispenser: CashDispenser,
): Promise<Recovered["decision"]> {
  switch (open.step) {
    case "intent":
      await transaction.close()
      return "nothing"
    case "sent":
      await transaction.reverse("98")
      return "reversed"
    case "taken":
      await transaction.advise(takenAdvice(open))
      return "taken"
    case "retracted":
      await transaction.advise({ outcome: "retracted", actualFen: open.amountFen - (open.countedFen ?? 0) })
      return "retracted"
    case "presenting":
    case "presented":
      return settlePresented(open, transaction, dispenser)
    default:
      await dispenser.reject()
      await transaction.reverse("96")
      return "reversed"
  }
}

/** Confirms what the customer took: all of it, or the part that the machine could stack. */
export function takenAdvice({
  amountFen,
  stackedFen = amountFen,
}: Pick<OpenTransaction, "amountFen" | "stackedFen">): Advice {
  return stackedFen < amountFen ? { outcome: "partial", actualFen: stackedFen } : { outcome: "taken" }
}

/**
 * Decides by what the dispenser knows once notes may have been within reach (terminal-devices §9.2): never shown is
 * reversed, gone is taken, still there is pulled back in, unknown is for the bank to find out.
 */
async function settlePresented(
  open: OpenTransaction,
  transaction: MoneyTransaction,
  dispenser: CashDispenser,
): Promise<Recovered["decision"]> {
  switch (await dispenser.status()) {
    case "notPresented":
      await dispenser.reject()
      await transaction.reverse("96")
      return "reversed"
    case "taken":
      await transaction.advise(takenAdvice(open), "taken")
      return "taken"
    case "atExit":
    case "retracted":
      return retractNotes(transaction, dispenser, open.amountFen - (open.stackedFen ?? open.amountFen))
    default:
      await transaction.advise({ outcome: "unknown" })
      return "unknown"
  }
}

/**
 * Pulls notes back in: cases 3 and 3b, or 5 when they cannot be counted.
 *
 * @param neverShownFen part of the amount that never left the machine
 */
export async function retractNotes(
  transaction: MoneyTransaction,
  dispenser: CashDispenser,
  neverShownFen = 0,
): Promise<"retracted" | "unknown"> {
  const result = await dispenser.retract()
  if (result.outcome === "unknown") {
    await transaction.advise({ outcome: "unknown" })
    return "unknown"
  }
  const countedFen = result.fen + neverShownFen
  await transaction.step("retracted", { countedFen })
  await transaction.advise({ outcome: "retracted", actualFen: transaction.amountFen - countedFen })
  return "retracted"
}

async function endDeposit(
  terminal: BankTerminal,
  open: OpenTransaction,
  transaction: MoneyTransaction,
  acceptor: CashAcceptor,
): Promise<Recovered["decision"]> {
  const position = open.step === "stored" ? "stored" : open.step === "returned" ? "returned" : await acceptor.status()
  if (open.step === "intent") {
    if (position === "escrow") await acceptor.giveBack()
    await transaction.close()
    return "nothing"
  }
  if (position === "stored") {
    // A counter's deposit was final with its answer (host-iso8583 §11.8).
    await (terminal.kind === "teller" ? transaction.close(true) : transaction.advise({ outcome: "stored" }))
    return "stored"
  }
  if (position === "unknown") {
    await transaction.advise({ outcome: "unknown" })
    return "unknown"
  }
  return returnNotes(transaction, acceptor, open.step === "sent" ? "98" : "96", position === "returned")
}

/** Gives the escrow back and takes the deposit back; notes that nobody can find are for the bank to find out. */
export async function returnNotes(
  transaction: MoneyTransaction,
  acceptor: CashAcceptor,
  reason: "98" | "A0" | "06" | "96",
  alreadyReturned = false,
): Promise<"reversed" | "unknown"> {
  if (!alreadyReturned) {
    await transaction.step("returning")
    if ((await acceptor.giveBack()) === "unknown") {
      await transaction.advise({ outcome: "unknown" })
      return "unknown"
    }
  }
  await transaction.reverse(reason)
  return "reversed"
}
