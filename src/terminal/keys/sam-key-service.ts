import { assertBytes, concat, notBytes, type StatusWord, type Transport } from "../../apdu/index.js"
import { type Algorithm, blockSizeOf, pad80, padLengthBlock } from "../../crypto/index.js"
import {
  assertSecureHeader,
  type CardKeyService,
  externalAuthenticationData,
  type KeyAnswer,
  keyRefusal,
} from "../../dictionary/index.js"
import type { CardSession } from "../card-session.js"
import type { SamClient } from "../clients/sam.js"
import { samSession } from "./sam-session.js"

const MAC_LENGTH = 4

/**
 * Works with the keys of a SAM in a slot (card-commands §11, §14.2).
 *
 * @param sam a connection that hides 61xx and 6Cxx
 * @example
 * const card = await openCard(memoryReader(createCard({ profile: "employee" })))
 * const sam = await openCard(memoryReader(createCard({ profile: "psam" })))
 * const outcome = await checkGenuine(card, { keys: samKeyService(sam) })
 */
export function samKeyService(sam: Transport | CardSession): CardKeyService {
  const withSessionKey = samSession(sam)
  return {
    internalAuthentication: (request) =>
      withSessionKey(request, request.factor, (client) => proofOf(client, request.algorithm, request.original)),
    externalAuthentication: (request) =>
      withSessionKey(request, request.challenge, async (client) => {
        const answer = await proofOf(client, request.algorithm, request.previous)
        if (!answer.ok) return answer
        return { ok: true, data: externalAuthenticationData(request.algorithm, answer.proof, request.previous) }
      }),
    async secureCommand(request) {
      const { algorithm, header, data, encipher } = request
      assertSecureHeader(header)
      const padded = encipher ? padLengthBlock(data, blockSizeOf(algorithm)) : data
      return withSessionKey(request, request.challenge, async (client) => {
        const field = encipher ? await client.encrypt(padded) : { ok: true as const, data: padded }
        if (!field.ok) return refusalOf(field.statusWord)
        const message = concat(header, field.data.length + MAC_LENGTH, field.data)
        const made = await client.mac(algorithm, pad80(message, blockSizeOf(algorithm)))
        return made.ok ? { ok: true, command: concat(message, made.mac) } : refusalOf(made.statusWord)
      })
    },
  }
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
