import { CardRemovedError } from "../../apdu/index.js"
import { type CardTransactionOutcome, triesLeftOf } from "./card-transaction.js"
import { cardRefusal, type FinancialRefusal, hostRefusal, refusal } from "./financial-refusal.js"

/** What one attempt came to. */
export type Attempt<T> =
  | { readonly done: T | FinancialRefusal }
  | { readonly refusal: FinancialRefusal; readonly outcome?: CardTransactionOutcome }

/** Why a transaction between card and host was not approved. */
export function refusalOf({ answer, emv, interruption }: CardTransactionOutcome): FinancialRefusal {
  const why = emv ? { why: emv.why } : {}
  if (answer?.outcome === "answered" && answer.code !== "00") {
    const triesLeft = triesLeftOf({ ...answer })
    return hostRefusal(answer.code, { ...why, ...(triesLeft !== undefined && { triesLeft }) })
  }
  if (interruption) return refusal(interruption instanceof CardRemovedError ? "CARD_REMOVED" : "CARD_FAILED")
  if (answer?.outcome === "none") return refusal("NO_ANSWER", why)
  return cardRefusal(emv!.outcome, emv!.why)
}

/**
 * Tries once more when the host does not know the terminal's keys (77): the next attempt signs on first, and is a new
 * transaction for the card.
 */
export async function afterSignOn<T>(attempt: () => Promise<Attempt<T>>): Promise<Attempt<T>> {
  const first = await attempt()
  if (!("outcome" in first)) return first
  const answer = first.outcome?.answer
  const code = answer?.outcome === "answered" ? answer.code : answer?.claimed
  if (code !== "77") return first
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
