import {
  assertBytes,
  CardRemovedError,
  concat,
  notBytes,
  type StatusWord,
  SW,
  TimeoutError,
  type Transport,
} from "../../apdu/index.js"
import { type Algorithm, blockSizeOf, pad80, padLengthBlock } from "../../crypto/index.js"
import {
  assertSecureHeader,
  type CardKeyRequest,
  type CardKeyService,
  cardFactor,
  cityFactor,
  externalAuthenticationData,
  type KeyAnswer,
  type KeyRefusal,
  keyRefusal,
  provinceFactor,
  usageLevels,
} from "../../dictionary/index.js"
import type { CardSession } from "../card-session.js"
import type { Outcome } from "../clients/outcome.js"
import { lowerUsages, type SamClient, samClient } from "../clients/sam.js"

const MAC_LENGTH = 4

/**
 * Works with the keys of a SAM in a slot (card-commands §11, §14.2). Requests run one after the other, each in a
 * transaction where the connection has them, and begin with selecting: nothing is taken from what went before.
 *
 * @param sam a connection that hides 61xx and 6Cxx
 * @example samKeyService(await openCard(memoryReader(createCard({ profile: "psam" }))))
 */
export function samKeyService(sam: Transport | CardSession): CardKeyService {
  const client = samClient(sam)
  let last: Promise<unknown> = Promise.resolve()

  /** Runs one after the other; the connection's failures become answers. */
  function inTurn<T extends object>(work: () => Promise<KeyAnswer<T>>): Promise<KeyAnswer<T>> {
    const turn = last.then(() => ("transaction" in sam ? sam.transaction(work) : work())).catch(refusalOfError)
    last = turn.catch(() => undefined)
    return turn
  }

  async function withSessionKey<T extends object>(
    request: CardKeyRequest,
    random: Uint8Array,
    work: () => Promise<KeyAnswer<T>>,
  ): Promise<KeyAnswer<T>> {
    assertBytes("challenge", random, 8)
    return inTurn(
      async () => (await selectFor(client, request)) ?? (await initialise(client, request, random)) ?? work(),
    )
  }

  return {
    internalAuthentication: (request) =>
      withSessionKey(request, request.factor, () => proofOf(client, request.algorithm, request.original)),
    externalAuthentication: (request) =>
      withSessionKey(request, request.challenge, async () => {
        const answer = await proofOf(client, request.algorithm, request.previous)
        if (!answer.ok) return answer
        return { ok: true, data: externalAuthenticationData(request.algorithm, answer.proof, request.previous) }
      }),
    async secureCommand(request) {
      const { algorithm, header, data, encipher } = request
      assertSecureHeader(header)
      const padded = encipher ? padLengthBlock(data, blockSizeOf(algorithm)) : data
      return withSessionKey(request, request.challenge, async () => {
        const field = encipher ? await client.encrypt(padded) : { ok: true as const, data: padded }
        if (!field.ok) return refusalOf(field.statusWord)
        const message = concat(header, field.data.length + MAC_LENGTH, field.data)
        const made = await client.mac(algorithm, pad80(message, blockSizeOf(algorithm)))
        return made.ok ? { ok: true, command: concat(message, made.mac) } : refusalOf(made.statusWord)
      })
    },
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
  { key, factors: { atr, region } }: CardKeyRequest,
  random: Uint8Array,
): Promise<KeyRefusal | undefined> {
  const { name, psamUsage, psamId } = key
  // Keys of the centre, and master keys, are in no SAM of a terminal.
  if (psamUsage === undefined || psamId === undefined) return keyRefusal("KEY_UNKNOWN", name)
  const factors = [cardFactor(atr), cityFactor(region), provinceFactor(region)]
  let isHeld = false
  let refused: Outcome = { ok: true }
  for (const usage of lowerUsages(psamUsage)) {
    refused = await client.initialiseKey(usage, psamId, factors.slice(0, usageLevels(usage)), random)
    if (refused.ok) return undefined
    if (refused.statusWord === SW.CONDITIONS_NOT_SATISFIED) isHeld = true
    else if (refused.statusWord !== SW.REFERENCED_DATA_NOT_FOUND)
      return keyRefusal("KEY_REFUSED", name, refused.statusWord)
  }
  return keyRefusal(isHeld ? "KEY_LEVEL" : "KEY_UNKNOWN", name, refused.ok ? undefined : refused.statusWord)
}

async function proofOf(
  client: SamClient,
  algorithm: Algorithm,
  original: Uint8Array,
): Promise<KeyAnswer<{ readonly proof: Uint8Array }>> {
  assertBytes("original", original, 8)
  const outcome = await client.encrypt(algorithm === "3des" ? original : concat(original, notBytes(original)))
  return outcome.ok ? { ok: true, proof: outcome.data } : refusalOf(outcome.statusWord)
}

const refusalOf = (statusWord: StatusWord) => keyRefusal("KEY_REFUSED", undefined, statusWord)

function refusalOfError(error: unknown): KeyRefusal {
  if (error instanceof CardRemovedError) return keyRefusal("NO_SAM")
  if (error instanceof TimeoutError) return keyRefusal("KEY_SERVICE_UNREACHABLE", "SAM")
  throw error
}
