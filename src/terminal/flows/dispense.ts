import type { CashDispenser, MoneyTransaction, ReversalReason, Step, StepDetails } from "../bank/index.js"
import { retractNotes, takenAdvice } from "../bank/recovery.js"
import type { Report } from "./financial.js"
import { type FinancialRefusal, refusal } from "./financial-refusal.js"

/** What paying out needs. */
export interface Dispensing {
  readonly dispenser: CashDispenser
  readonly transaction: MoneyTransaction
  readonly returnCard: () => Promise<"taken" | "notTaken">
  readonly order: "cardFirst" | "cashFirst"
  readonly partial: "reject" | "present"
  /** DE55 of the advice, with the TC. */
  readonly icData: Uint8Array
  /** Writes a step before what it announces is done. */
  readonly step: (name: Step, details?: StepDetails) => Promise<void>
  readonly report: Report
}

export type PayOut = { readonly paidFen: number } | { readonly refusal: FinancialRefusal }

/**
 * Moves the notes, and tells the host where they went: every case of terminal-devices §9.2. Until notes are presented the
 * whole amount can be given back; from then on it never is.
 */
export async function dispense(dispensing: Dispensing): Promise<PayOut> {
  const { dispenser, transaction, returnCard, order, partial, step } = dispensing
  await step("stacking")
  const stacked = await dispenser.stack(transaction.amountFen)
  const presentPart = stacked.outcome === "partial" && partial === "present" && stacked.stackedFen > 0
  if (stacked.outcome !== "stacked" && !presentPart) return giveUp(dispensing, "DISPENSE_FAILED")
  const paidFen = stacked.outcome === "partial" ? stacked.stackedFen : transaction.amountFen
  await step("stacked", paidFen < transaction.amountFen ? { stackedFen: paidFen } : {})
  if (order === "cardFirst") {
    await step("cardOut")
    if ((await returnCard()) === "notTaken") return giveUp(dispensing, "CARD_NOT_TAKEN")
  }
  const result = await present(dispensing, paidFen)
  if (order === "cashFirst") await returnCard()
  return result
}

/** Nothing was within reach: cases 1 and 4. */
async function giveUp(
  { dispenser, transaction, report }: Dispensing,
  code: "DISPENSE_FAILED" | "CARD_NOT_TAKEN",
): Promise<PayOut> {
  await dispenser.reject()
  const reason: ReversalReason = "06"
  await transaction.reverse(reason)
  report?.({ type: "reversed", reason })
  return { refusal: refusal(code) }
}

async function present(dispensing: Dispensing, paidFen: number): Promise<PayOut> {
  const { dispenser, step } = dispensing
  await step("presenting")
  switch (await dispenser.present()) {
    case "presented":
      await step("presented")
      return (await dispenser.waitTaken()) === "taken" ? taken(dispensing, paidFen) : notTaken(dispensing, paidFen)
    case "notPresented":
      return giveUp(dispensing, "DISPENSE_FAILED")
    case "exposed":
      return exposed(dispensing, paidFen)
    default:
      return unknown(dispensing)
  }
}

/** Case 8: the notes were within reach when something failed; where they are now decides. */
async function exposed(dispensing: Dispensing, paidFen: number): Promise<PayOut> {
  switch (await dispensing.dispenser.status()) {
    case "taken":
      return taken(dispensing, paidFen)
    case "atExit":
    case "retracted":
      return notTaken(dispensing, paidFen)
    default:
      return unknown(dispensing)
  }
}

/** Case 2, and the paid part of case 4: told until the host has heard it. */
async function taken({ transaction, icData, report }: Dispensing, paidFen: number): Promise<PayOut> {
  const { amountFen } = transaction
  await transaction.advise({ ...takenAdvice({ amountFen, stackedFen: paidFen }), icData }, "taken")
  report?.({ type: "step", step: "taken" })
  return { paidFen }
}

/** Cases 3 and 3b. */
async function notTaken({ dispenser, transaction, report }: Dispensing, paidFen: number): Promise<PayOut> {
  const missingFen = transaction.amountFen - paidFen
  const result = await retractNotes(transaction, dispenser, missingFen)
  if (result === "unknown") return { refusal: refusal("NOTES_UNKNOWN") }
  report?.({ type: "step", step: "retracted" })
  return { refusal: refusal("NOTES_RETRACTED") }
}

/** Case 5. */
async function unknown({ transaction }: Dispensing): Promise<PayOut> {
  await transaction.advise({ outcome: "unknown" })
  return { refusal: refusal("NOTES_UNKNOWN") }
}
