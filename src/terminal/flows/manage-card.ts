import { hex, SW } from "../../apdu/index.js"
import type { Algorithm } from "../../crypto/index.js"
import type { CardKeyService } from "../../dictionary/index.js"
import { selectByName } from "../clients/files.js"
import type { KeyFacts } from "../clients/index.js"
import { SSSE_NAME } from "../clients/names.js"
import { type CardEvent, type FlowCard, type Report, runFlow } from "./flow.js"
import { atrOf, type KeyedOptions, meetCard, sendSecurely } from "./keyed.js"
import { type FlowRefusal, noEnvironment } from "./refusal.js"

/** The card did as it was told. */
export interface CardManaged {
  readonly ok: true
}

export interface BlockApplicationOptions extends KeyedOptions {
  /** For ever, instead of until {@link unblockApplication}. */
  readonly permanently?: boolean
}

/** APPLICATION BLOCK of the social security application (card-commands §7.2). */
export function blockApplication(card: FlowCard, options: BlockApplicationOptions): Promise<CardManaged | FlowRefusal> {
  return manage(card, options, options.permanently ? "841E0001" : "841E0000", "application-blocked")
}

/** CARD BLOCK: the whole card, for ever (card-commands §7.2). */
export function blockCard(card: FlowCard, options: KeyedOptions): Promise<CardManaged | FlowRefusal> {
  return manage(card, options, "84160000", "card-blocked")
}

export interface UnblockApplicationOptions extends KeyedOptions {
  /** Six digits; a blocked application does not tell them. */
  readonly region: string
  readonly algorithm: Algorithm
}

/** APPLICATION UNBLOCK: ends a temporary block (card-commands §7.2). */
export async function unblockApplication(
  card: FlowCard,
  { keys, region, algorithm, atr, ...options }: UnblockApplicationOptions,
): Promise<CardManaged | FlowRefusal> {
  return runFlow(card, options, async (report) => {
    const selected = await selectByName(card, SSSE_NAME)
    if (!selected.ok && selected.statusWord !== SW.FUNCTION_NOT_SUPPORTED) return noEnvironment(selected.statusWord)
    const identity = { atr: atr ?? atrOf(card), region, algorithm }
    return sendManaging(card, identity, keys, "84180000", "application-unblocked", report)
  })
}

type Managed = Extract<CardEvent, { type: "card-managed" }>["what"]

async function manage(
  card: FlowCard,
  options: KeyedOptions,
  header: string,
  what: Managed,
): Promise<CardManaged | FlowRefusal> {
  return runFlow(card, options, async (report) => {
    const found = await meetCard(card, options, report)
    if (!found.ok) return found
    return sendManaging(card, found.identity, options.keys, header, what, report)
  })
}

async function sendManaging(
  card: FlowCard,
  identity: KeyFacts,
  keys: CardKeyService,
  header: string,
  what: Managed,
  report: Report,
): Promise<CardManaged | FlowRefusal> {
  const command = { keyName: "STKssse", header: hex(header), data: new Uint8Array(0), encipher: false }
  const sent = await sendSecurely(card, identity, command, keys)
  if (sent.ok) report({ type: "card-managed", what })
  return sent
}
