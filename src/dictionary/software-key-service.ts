import { assertBytes, concat } from "../apdu/index.js"
import {
  type Algorithm,
  authenticationData,
  blockSizeOf,
  challengeSessionKey,
  desEncrypt,
  mac4,
  pad80,
  type Sm4MacForm,
  sm4Encrypt,
} from "../crypto/index.js"
import type { CardKeyRequest, CardKeyService, KeyAnswer, KeyRefusal } from "./key-service.js"

export interface SoftwareKeyOptions {
  /** How a 4-byte MAC is made on SM4 cards (card-commands §7.1). Default `xor4`. */
  readonly sm4Mac?: Sm4MacForm
}

/**
 * A key service over card keys that are at hand in this process: published test keys, or the masters of a simulated HSM.
 *
 * @param cardKeyOf the 16-byte key of the card that is asked for, or why there is none
 * @example softwareKeyService(({ key, algorithm, factors }) => deriveTestCardKey(algorithm, key.name, factors))
 */
export function softwareKeyService(
  cardKeyOf: (request: CardKeyRequest) => Uint8Array | KeyRefusal,
  { sm4Mac = "xor4" }: SoftwareKeyOptions = {},
): CardKeyService {
  /** Asynchronous, so that what is wrong with an argument rejects like everything else. */
  async function withSessionKey<T extends object>(
    request: CardKeyRequest,
    challenge: Uint8Array,
    work: (sessionKey: Uint8Array) => T,
  ): Promise<KeyAnswer<T>> {
    const key = cardKeyOf(request)
    if (!(key instanceof Uint8Array)) return key
    return { ok: true, ...work(challengeSessionKey(request.algorithm, key, challenge)) }
  }

  return {
    internalAuthentication: ({ factor, original, ...request }) =>
      withSessionKey(request, factor, (sessionKey) => ({
        proof: authenticationData(request.algorithm, sessionKey, original),
      })),
    externalAuthentication: ({ challenge, previous, ...request }) =>
      withSessionKey(request, challenge, (sessionKey) => {
        const proof = authenticationData(request.algorithm, sessionKey, previous)
        return { data: externalAuthenticationData(request.algorithm, proof, previous) }
      }),
    secureCommand: ({ challenge, header, data, encipher, ...request }) =>
      withSessionKey(request, challenge, (sessionKey) => {
        const body = encipher ? encipherUnder(request.algorithm, sessionKey, data) : data
        const command = secureHeader(header, body)
        return { command: concat(command, mac4(request.algorithm, sessionKey, command, sm4Mac)) }
      }),
  }
}

/**
 * The data field of EXTERNAL AUTHENTICATE: A ‖ X on 3DES cards; A alone on SM4 cards, which know X as the challenge before
 * the last (card-commands §6.3).
 */
export function externalAuthenticationData(algorithm: Algorithm, proof: Uint8Array, previous: Uint8Array): Uint8Array {
  return algorithm === "3des" ? concat(proof, previous) : proof
}

/** What is enciphered of a secure command before it is: padded `80 00 ..` to blocks (card-commands §5.3). */
export function securePadding(algorithm: Algorithm, data: Uint8Array): Uint8Array {
  return pad80(data, blockSizeOf(algorithm))
}

/**
 * What the MAC of a secure command is made over: `CLA INS P1 P2 Lc data`, Lc counting the MAC (card-commands §7.1).
 *
 * @throws {RangeError} when the header is not 4 bytes with class nibble 4, or the data too long for a short command
 */
export function secureHeader(header: Uint8Array, data: Uint8Array): Uint8Array {
  assertBytes("header", header, 4)
  if ((header[0]! & 0x0f) !== 4) throw new RangeError("header: expected a class with low nibble 4")
  if (data.length > 251) throw new RangeError(`data: expected at most 251 bytes, got ${data.length}`)
  return concat(header, Uint8Array.of(data.length + 4), data)
}

function encipherUnder(algorithm: Algorithm, sessionKey: Uint8Array, data: Uint8Array): Uint8Array {
  const padded = securePadding(algorithm, data)
  return algorithm === "3des" ? desEncrypt(sessionKey, padded) : sm4Encrypt(sessionKey, padded)
}
