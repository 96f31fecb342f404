import type { Transport } from "../../apdu/index.js"
import type { Algorithm } from "../../crypto/index.js"
import type { CardKeyService } from "../../dictionary/index.js"
import {
  beginAuthentication,
  beginGenuineCheck,
  beginSecureCommand,
  finishAuthentication,
  finishGenuineCheck,
  finishSecureCommand,
  type KeyFacts,
  readIdentity,
  type SocialCardIdentity,
} from "../clients/index.js"
import type { FlowCard, FlowOptions, Report } from "./flow.js"
import { cardRefused, type FlowRefusal, keyRefused, keyServiceRefused, noIdentity, notGenuine } from "./refusal.js"

/** What a flow needs to find the keys of a card. */
export interface IdentityOptions extends FlowOptions {
  /** Answer to reset; a card session knows it itself. */
  readonly atr?: Uint8Array
  /** Algorithm of the card, where it does not tell it or tells it wrongly. */
  readonly algorithm?: Algorithm
}

/** A flow that works with keys of the card takes these. */
export interface KeyedOptions extends IdentityOptions {
  /** A SAM, the back office's HSM, or test keys. */
  readonly keys: CardKeyService
}

type Done = { readonly ok: true } | FlowRefusal

/**
 * Selects the SSSE and learns what the card's keys are found by.
 *
 * @throws {TypeError} for a card that does not tell its ATR, where none is given
 */
export async function identify(
  card: FlowCard,
  { atr, algorithm }: IdentityOptions,
  report: Report,
): Promise<{ readonly ok: true; readonly identity: SocialCardIdentity } | FlowRefusal> {
  const found = await readIdentity(card, atr ?? atrOf(card), algorithm)
  if (!found.ok) return noIdentity(found)
  report({ type: "selected", directory: "SSSE" })
  return found
}

/** @throws {TypeError} for a card that does not tell its ATR */
export function atrOf(card: FlowCard): Uint8Array {
  if ("atr" in card) return card.atr
  throw new TypeError("atr: expected the answer to reset of a card that is no card session")
}

/** Both steps of a genuine-card check with a key service (card-commands §14.2). */
export async function proveGenuine(
  card: Transport,
  identity: KeyFacts,
  keys: CardKeyService,
  report: Report,
): Promise<Done> {
  const step = await beginGenuineCheck(card, identity)
  if (!step.ok) return cardRefused(step.statusWord)
  const answer = await keys.internalAuthentication(step)
  if (!answer.ok) return keyServiceRefused(answer)
  const checked = await finishGenuineCheck(card, step, answer.proof)
  if (!checked.ok) return cardRefused(checked.statusWord)
  if (!checked.genuine) return notGenuine()
  report({ type: "genuine" })
  return { ok: true }
}

/**
 * Identifies a card and has it prove that the keys are its own, before any of them is used on it: a wrong one would cost
 * it a try. A service that has no IRK goes on without the proof.
 */
export async function meetCard(
  card: FlowCard,
  options: KeyedOptions,
  report: Report,
): Promise<{ readonly ok: true; readonly identity: SocialCardIdentity } | FlowRefusal> {
  const found = await identify(card, options, report)
  if (!found.ok) return found
  const proven = await proveGenuine(card, found.identity, options.keys, report)
  return !proven.ok && proven.code === "NOT_GENUINE" ? proven : found
}

/** Both steps of an external authentication with a key service. The directory of the key must be current. */
export async function authenticate(
  card: Transport,
  identity: KeyFacts,
  keyName: string,
  keys: CardKeyService,
  report: Report,
): Promise<Done> {
  const step = await beginAuthentication(card, identity, keyName)
  if (!step.ok) return cardRefused(step.statusWord)
  const answer = await keys.externalAuthentication(step)
  if (!answer.ok) return keyServiceRefused(answer)
  const done = await finishAuthentication(card, step, answer.data)
  if (!done.ok) return keyRefused(step.key, done)
  report({ type: "authenticated", key: keyName })
  return { ok: true }
}

/** A command with secure messaging: what it carries, and under which key. */
export interface SecureCommand {
  readonly keyName: string
  /** CLA INS P1 P2. */
  readonly header: Uint8Array
  readonly data: Uint8Array
  readonly encipher: boolean
}

/** Both steps of a command with secure messaging (card-commands §7.1). */
export async function sendSecurely(
  card: Transport,
  identity: KeyFacts,
  { keyName, header, data, encipher }: SecureCommand,
  keys: CardKeyService,
): Promise<Done> {
  const step = await beginSecureCommand(card, identity, keyName, header)
  if (!step.ok) return cardRefused(step.statusWord)
  const answer = await keys.secureCommand({ ...step, data, encipher })
  if (!answer.ok) return keyServiceRefused(answer)
  const done = await finishSecureCommand(card, step, answer.command)
  return done.ok ? done : keyRefused(step.key, done)
}
