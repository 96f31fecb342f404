import { InputError, type Transport, toHex } from "../../apdu/index.js"
import { constantTimeEqual } from "../../crypto/index.js"
import { type CardKeyRequest, keyNamed } from "../../dictionary/index.js"
import { drawChallenges, getChallenge, internalAuthenticate, presentAuthentication } from "./authentication.js"
import type { SocialCardIdentity } from "./card-identity.js"
import { type CountedOutcome, counted, type Outcome, send } from "./outcome.js"

/*
 * Work with a key in two steps, so that whoever holds the key may sit behind a line, a page or a back office: the first
 * step draws from the card what the key holder needs, the second brings the answer to the card (card-commands §14.3 to
 * §14.5). The steps of one pair belong to one card session, with nothing else in between.
 */

/** The part of a card's identity that its keys are derived from. */
export type KeyFacts = Pick<SocialCardIdentity, "atr" | "region" | "algorithm">

/** What INTERNAL AUTHENTICATE will be sent: the key holder must know the card's answer. */
export interface GenuineStep extends CardKeyRequest {
  /** R1, factor of the session key, 8 bytes. */
  readonly factor: Uint8Array
  /** R2, original information, 8 bytes. */
  readonly original: Uint8Array
}

/** What the data of EXTERNAL AUTHENTICATE must be made of. */
export interface AuthenticationStep extends CardKeyRequest {
  /** The last challenge drawn: the factor. */
  readonly challenge: Uint8Array
  /** The challenge before it: the original information. */
  readonly previous: Uint8Array
}

/** What a command with secure messaging must be made of. */
export interface SecureCommandStep extends CardKeyRequest {
  readonly challenge: Uint8Array
  /** CLA INS P1 P2 of the command. */
  readonly header: Uint8Array
}

const keyRequest = ({ atr, region, algorithm }: KeyFacts, keyName: string): CardKeyRequest => ({
  key: keyNamed(keyName),
  algorithm,
  factors: { atr, region },
})

/** Draws the values for INTERNAL AUTHENTICATE: first challenge the factor, second the original information. */
export async function beginGenuineCheck(card: Transport, identity: KeyFacts): Promise<Outcome<GenuineStep>> {
  const factor = await getChallenge(card)
  if (!factor.ok) return factor
  const original = await getChallenge(card)
  if (!original.ok) return original
  return { ok: true, ...keyRequest(identity, "IRK"), factor: factor.challenge, original: original.challenge }
}

/**
 * INTERNAL AUTHENTICATE, compared with what the key holder says the card must answer (card-commands §14.2).
 *
 * @param proof 8 bytes of a 3DES card, 16 of an SM4 card; what is behind them does not count
 */
export async function finishGenuineCheck(
  card: Transport,
  { factor, original }: Pick<GenuineStep, "factor" | "original">,
  proof: Uint8Array,
): Promise<Outcome<{ readonly genuine: boolean }>> {
  const answered = await internalAuthenticate(card, factor, original)
  if (!answered.ok) return answered
  const expected = proof.subarray(0, answered.proof.length)
  return { ok: true, genuine: answered.proof.length >= 8 && constantTimeEqual(answered.proof, expected) }
}

/** Draws the two challenges for EXTERNAL AUTHENTICATE with a key. The directory of the key must be current. */
export async function beginAuthentication(
  card: Transport,
  identity: KeyFacts,
  keyName: string,
): Promise<Outcome<AuthenticationStep>> {
  const drawn = await drawChallenges(card)
  return drawn.ok ? { ...keyRequest(identity, keyName), ...drawn } : drawn
}

/** EXTERNAL AUTHENTICATE with the key holder's data. */
export function finishAuthentication(
  card: Transport,
  { key }: Pick<AuthenticationStep, "key">,
  data: Uint8Array,
): Promise<CountedOutcome> {
  return presentAuthentication(card, key.cardId, data)
}

/**
 * Draws the challenge for a command with secure messaging (card-commands §7.1).
 *
 * @param header CLA INS P1 P2, the class with low nibble 4
 */
export async function beginSecureCommand(
  card: Transport,
  identity: KeyFacts,
  keyName: string,
  header: Uint8Array,
): Promise<Outcome<SecureCommandStep>> {
  const drawn = await getChallenge(card)
  return drawn.ok ? { ok: true, ...keyRequest(identity, keyName), challenge: drawn.challenge, header } : drawn
}

/**
 * Sends the command that the key holder made.
 *
 * @throws {InputError} for a command with another header than was asked for; nothing is sent then
 */
export async function finishSecureCommand(
  card: Transport,
  { header }: Pick<SecureCommandStep, "header">,
  command: Uint8Array,
): Promise<CountedOutcome> {
  if (command.length < 5 || header.some((byte, at) => byte !== command[at]))
    throw new InputError("command", `expected a command that begins with ${toHex(header)}`)
  return counted(await send(card, command))
}
