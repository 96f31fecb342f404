import { InputError } from "../../apdu/index.js"
import type { BureauCard, BureauCardOutcome, BureauCardWrite } from "../../dictionary/index.js"
import type { FlowCard } from "./flow.js"
import type { KeyedOptions } from "./keyed.js"
import { NO_NUMBER } from "./personal-account-card.js"
import { readCard } from "./read-card.js"
import { cardRefused, type FlowRefusal } from "./refusal.js"
import { writeCard } from "./write-card.js"

/** What the bureau's card needs. */
export interface BureauCardOptions extends KeyedOptions {
  /** The holder's PIN: checked once, here. */
  readonly pin: string
}

/**
 * Presents a card at the bureau: checks the PIN, reads the card's number, and writes its files under their keys when the
 * bureau asks (card-commands §4.2, §14.4). What the card took in part is `unknown`: the same is written again later.
 */
export async function bureauCard(
  card: FlowCard,
  options: BureauCardOptions,
): Promise<{ readonly ok: true; readonly card: BureauCard } | FlowRefusal> {
  const reading = await readCard(card, options)
  if (!reading.ok) return reading
  if (reading.pin) return reading.pin
  const { cardNumber } = reading.person.values
  if (typeof cardNumber !== "string") {
    const refused = reading.person.missing.find(({ field }) => field?.id === "cardNumber")
    return refused?.statusWord === undefined ? NO_NUMBER : cardRefused(refused.statusWord)
  }
  const { pin: _, ...keyed } = options
  return { ok: true, card: { cardNumber, write: (writes) => write(card, keyed, writes) } }
}

async function write(
  card: FlowCard,
  options: KeyedOptions,
  writes: readonly BureauCardWrite[],
): Promise<BureauCardOutcome> {
  try {
    const outcome = await writeCard(card, { ...options, writes })
    if (outcome.ok) return { outcome: "done" }
    const isCut = outcome.code === "CARD_REMOVED" || outcome.code === "CARD_FAILED"
    return isCut || outcome.written.length > 0 ? { outcome: "unknown" } : { outcome: "refused", reason: outcome.reason }
  } catch (error) {
    // A card whose tables have no such file or field: nothing was sent.
    if (error instanceof InputError)
      return { outcome: "refused", reason: { en: error.message, zh: error.messageZh ?? error.message } }
    return { outcome: "unknown" }
  }
}
