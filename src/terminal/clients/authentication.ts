import { commandApdu, concat, type Transport } from "../../apdu/index.js"
import { type Algorithm, authenticationData, challengeSessionKey } from "../../crypto/index.js"
import { type CountedOutcome, counted, type Outcome, send } from "./outcome.js"

/** What a holder of a key must prove with. */
export interface Challenge {
  /** The last challenge of the card: factor of the session key. */
  readonly challenge: Uint8Array
  /** The challenge before it: the original information that SM4 cards expect. */
  readonly previous: Uint8Array
}

/** Gives the data field of EXTERNAL AUTHENTICATE: a key in software, a SAM or an HSM behind a line. */
export type Authenticator = (challenge: Challenge) => Uint8Array | Promise<Uint8Array>

/** GET CHALLENGE, `00 84 00 00` (card-commands §6.1). @param length 4, 8 or 16 bytes */
export async function getChallenge(card: Transport, length = 8): Promise<Outcome<{ readonly challenge: Uint8Array }>> {
  const outcome = await send(card, commandApdu(0x00, 0x84, 0x00, 0x00, undefined, length))
  return outcome.ok ? { ok: true, challenge: outcome.data } : outcome
}

/** Two GET CHALLENGE, as whoever authenticates to a card needs them (card-commands §14.3). */
export async function drawChallenges(card: Transport): Promise<Outcome<Challenge>> {
  const previous = await getChallenge(card)
  if (!previous.ok) return previous
  const last = await getChallenge(card)
  return last.ok ? { ok: true, challenge: last.challenge, previous: previous.challenge } : last
}

/**
 * INTERNAL AUTHENTICATE, `00 88 00 00` (card-commands §6.2): the card proves its IRK.
 *
 * @param factor 8 bytes, factor of the session key
 * @param original 8 bytes, what is enciphered
 * @returns proof: 8 bytes on 3DES cards, 16 on SM4 cards
 */
export async function internalAuthenticate(
  card: Transport,
  factor: Uint8Array,
  original: Uint8Array,
): Promise<Outcome<{ readonly proof: Uint8Array }>> {
  const outcome = await send(card, commandApdu(0x00, 0x88, 0x00, 0x00, concat(factor, original), 256))
  return outcome.ok ? { ok: true, proof: outcome.data } : outcome
}

/** EXTERNAL AUTHENTICATE, `00 82 00 keyId`, with data that somebody made of the card's challenges (card-commands §6.3). */
export async function presentAuthentication(card: Transport, keyId: number, data: Uint8Array): Promise<CountedOutcome> {
  return counted(await send(card, commandApdu(0x00, 0x82, 0x00, keyId, data)))
}

/**
 * EXTERNAL AUTHENTICATE with the two challenges that it needs drawn before.
 *
 * @param keyId card key identifier (card-structure §16.4)
 */
export async function externalAuthenticate(
  card: Transport,
  keyId: number,
  authenticator: Authenticator,
): Promise<CountedOutcome> {
  const drawn = await drawChallenges(card)
  return drawn.ok ? presentAuthentication(card, keyId, await authenticator(drawn)) : counted(drawn)
}

/**
 * An authenticator that holds the card's key in software: A ‖ X on 3DES cards, A(16) over the previous challenge on
 * SM4 cards (card-commands §6.3).
 *
 * @param cardKey 16 bytes, diversified for this card
 * @example externalAuthenticate(card, 0x0a, keyAuthenticator("3des", deriveCardKey("3des", masterKey, factors)))
 */
export function keyAuthenticator(algorithm: Algorithm, cardKey: Uint8Array): Authenticator {
  return ({ challenge, previous }) => {
    const proof = authenticationData(algorithm, challengeSessionKey(algorithm, cardKey, challenge), previous)
    return algorithm === "3des" ? concat(proof, previous) : proof
  }
}
