import { CardRemovedError } from "../../apdu/index.js"
import { answerCode } from "../../dictionary/index.js"
import type { HostAnswer, MoneyTransaction, ReversalReason } from "../bank/index.js"
import { type CardTransactionOutcome, privateDataOf } from "./card-transaction.js"
import type { Report } from "./financial.js"
import { cardRefusal, type FinancialRefusal, hostRefusal, refusal } from "./financial-refusal.js"

/** The host does not know the terminal's keys. */
export const SIGN_ON_NEEDED = "77"

/** What one attempt came to. */
export type Attempt<T> =
  | { readonly done: T | FinancialRefusal }
  | { readonly refusal: FinancialRefusal; readonly outcome?: CardTransactionOutcome }

/** Why a transaction between card and host was not approved. */
export function refusalOf({ answer, emv, interruption }: CardTransactionOutcome): FinancialRefusal {
  const why = emv ? { why: emv.why } : {}
  if (answer?.outcome === "answered" && answer.code !== "00") {
    const triesLeft = privateDataOf(answer)?.pinTriesLeft
    return hostRefusal(answer.code, { ...why, ...(triesLeft !== undefined && { triesLeft }) })
  }
  if (interruption) return refusal(interruption instanceof CardRemovedError ? "CARD_REMOVED" : "CARD_FAILED")
  if (answer?.outcome === "none") return refusal("NO_ANSWER", why)
  return cardRefusal(emv!.outcome, emv!.why)
}

/**
 * Why a transaction that must not move money has to be taken back; undefined when the host said no and means it
 * (host-iso8583 §6, §12).
 */
export function reversalReason({ answer }: CardTransactionOutcome): ReversalReason | undefined {
  if (answer === undefined) return undefined
  if (answer.outcome === "none") return answer.reason
  if (answer.code === "00") return "06"
  // An answer that leaves open what the host has done: 68, 96, 98.
  if (answerCode(answer.code).action !== "reversal") return undefined
  return answer.code === "96" ? "96" : "98"
}

/** Ends a transaction that must not pay: reversed when the host approved or may have (host-iso8583 §12). */
export async function takeBack(
  transaction: MoneyTransaction,
  outcome: CardTransactionOutcome,
  report: Report,
): Promise<FinancialRefusal> {
  const reason = reversalReason(outcome)
  if (reason === undefined) await transaction.close()
  else {
    await transaction.reverse(reason)
    report?.({ type: "reversed", reason })
  }
  return refusalOf(outcome)
}

/** The code that stands in an answer, believed or not: enough to decide whether to sign on again. */
export function claimedCode(answer: HostAnswer | undefined): string | undefined {
  return answer?.outcome === "answered" ? answer.code : answer?.claimed
}

/**
 * Tries once more when the host does not know the terminal's keys (77): the next attempt signs on first, and is a new
 * transaction for the card.
 */
export async function afterSignOn<T>(attempt: () => Promise<Attempt<T>>): Promise<Attempt<T>> {
  const first = await attempt()
  if (!("outcome" in first)) return first
  if (claimedCode(first.outcome?.answer) !== SIGN_ON_NEEDED) return first
  const second = await attempt()
  // Somebody who does not type the PIN again wants to know why it was asked twice.
  return "refusal" in second && second.refusal.code === "CANCELLED" ? first : second
}

/**
 * Asks for the PIN again as long as it is wrong and tries are left; each time is a new transaction for the card
 * (host-iso8583 §11.2). Somebody who gives up gets the last refusal.
 */
export async function afterWrongPin<T>(
  attempt: (triesLeft: number | undefined) => Promise<Attempt<T>>,
): Promise<T | FinancialRefusal> {
  let last: FinancialRefusal | undefined
  for (;;) {
    const result = await attempt(last?.triesLeft)
    if ("done" in result) return result.done
    if (last && result.refusal.code === "CANCELLED") return last
    // Without a count that goes down this would be the host's to keep up for ever.
    const mayRetry = result.refusal.code === "55" && (result.refusal.triesLeft ?? 0) > 0
    if (!mayRetry || (last?.triesLeft ?? Number.POSITIVE_INFINITY) <= result.refusal.triesLeft!) return result.refusal
    last = result.refusal
  }
}
