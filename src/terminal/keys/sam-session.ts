import { assertBytes, CardRemovedError, SW, TimeoutError, type Transport } from "../../apdu/index.js"
import {
  type CardKeyRequest,
  cardFactor,
  cityFactor,
  type KeyAnswer,
  type KeyRefusal,
  keyRefusal,
  provinceFactor,
  usageLevels,
} from "../../dictionary/index.js"
import type { CardSession } from "../card-session.js"
import { lowerUsages, type SamClient, samClient } from "../clients/sam.js"

/** Runs work with a session key that the SAM makes and keeps; the work gets the SAM for itself. */
export type WithSessionKey = <T extends object>(
  request: CardKeyRequest,
  random: Uint8Array,
  work: (client: SamClient) => Promise<KeyAnswer<T>>,
) => Promise<KeyAnswer<T>>

/** Who waits for a SAM: all services over one connection stand in one line. */
const lines = new WeakMap<Transport, Promise<unknown>>()

/**
 * A SAM whose session keys last from the request that asks for one to its end. Requests run one after the other, each in a
 * transaction where the connection has them, and begin with selecting: nothing is taken from what went before. What breaks
 * a connection becomes an answer.
 */
export function samSession(sam: Transport | CardSession): WithSessionKey {
  const client = samClient(sam)
  return async (request, random, work) => {
    assertBytes("challenge", random, 8)
    const whole = async () =>
      (await selectFor(client, request)) ?? (await initialise(client, request, random)) ?? work(client)
    const turn = (lines.get(sam) ?? Promise.resolve())
      .then(() => ("transaction" in sam ? sam.transaction(whole) : whole()))
      .catch(refusalOfError)
    lines.set(
      sam,
      turn.catch(() => undefined),
    )
    return turn
  }
}

/** Makes the environment of the card's algorithm current. @returns why that is not possible */
async function selectFor(client: SamClient, { algorithm }: CardKeyRequest): Promise<KeyRefusal | undefined> {
  const selected = await client.selectApplication(algorithm)
  if (selected.ok) return undefined
  const other = await client.selectApplication(algorithm === "3des" ? "sm4" : "3des")
  return other.ok
    ? keyRefusal("ALGORITHM_NOT_SUPPORTED", algorithm.toUpperCase())
    : keyRefusal("NO_SAM", undefined, selected.statusWord)
}

/**
 * Makes the session key. A SAM may hold a key on a lower level than its master, as the city's own: fewer factors then
 * (card-commands §11.2).
 */
async function initialise(
  client: SamClient,
  { key, factors: { atr, region, form } }: CardKeyRequest,
  random: Uint8Array,
): Promise<KeyRefusal | undefined> {
  const { name, psamUsage, psamId } = key
  // Keys of the centre, and master keys, are in no SAM of a terminal.
  if (psamUsage === undefined || psamId === undefined) return keyRefusal("KEY_UNKNOWN", name)
  const factors = [cardFactor(atr, form), cityFactor(region), provinceFactor(region)]
  let isHeld = false
  let statusWord: number = SW.REFERENCED_DATA_NOT_FOUND
  for (const usage of lowerUsages(psamUsage)) {
    const outcome = await client.initialiseKey(usage, psamId, factors.slice(0, usageLevels(usage)), random)
    if (outcome.ok) return undefined
    statusWord = outcome.statusWord
    if (statusWord === SW.CONDITIONS_NOT_SATISFIED) isHeld = true
    else if (statusWord !== SW.REFERENCED_DATA_NOT_FOUND) return keyRefusal("KEY_REFUSED", name, statusWord)
  }
  return keyRefusal(isHeld ? "KEY_LEVEL" : "KEY_UNKNOWN", name, statusWord)
}

function refusalOfError(error: unknown): KeyRefusal {
  if (error instanceof CardRemovedError) return keyRefusal("NO_SAM")
  if (error instanceof TimeoutError) return keyRefusal("KEY_SERVICE_UNREACHABLE", "SAM")
  throw error
}
