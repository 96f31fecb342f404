import type { SocialCardIdentity } from "../clients/index.js"
import { type FlowCard, runFlow } from "./flow.js"
import { identify, type KeyedOptions, proveGenuine } from "./keyed.js"
import type { FlowRefusal } from "./refusal.js"

/** The card knows its key. */
export interface GenuineCard {
  readonly ok: true
  readonly identity: SocialCardIdentity
}

/**
 * Makes the card prove with INTERNAL AUTHENTICATE that it knows its key IRK (card-commands §14.2); a card that does not is
 * `NOT_GENUINE`. Costs no try of any key.
 */
export async function checkGenuine(card: FlowCard, options: KeyedOptions): Promise<GenuineCard | FlowRefusal> {
  return runFlow(card, options, async (report) => {
    const found = await identify(card, options, report)
    if (!found.ok) return found
    const proven = await proveGenuine(card, found.identity, options.keys, report)
    return proven.ok ? found : proven
  })
}
