import { assertBytes, concat } from "../apdu/index.js"
import {
  type Algorithm,
  authenticationData,
  challengeSessionKey,
  type Sm4MacForm,
  secureCommandApdu,
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
  async function withKey<T extends object>(
    request: CardKeyRequest,
    work: (cardKey: Uint8Array) => T,
  ): Promise<KeyAnswer<T>> {
    const key = cardKeyOf(request)
    return key instanceof Uint8Array ? { ok: true, ...work(key) } : key
  }

  return {
    internalAuthentication: (request) =>
      withKey(request, (key) => {
        const { algorithm, factor, original } = request
        return { proof: authenticationData(algorithm, challengeSessionKey(algorithm, key, factor), original) }
      }),
    externalAuthentication: (request) =>
      withKey(request, (key) => {
        const { algorithm, challenge, previous } = request
        const proof = authenticationData(algorithm, challengeSessionKey(algorithm, key, challenge), previous)
        return { data: externalAuthenticationData(algorithm, proof, previous) }
      }),
    secureCommand: (request) =>
      withKey(request, (key) => {
        const { algorithm, challenge, header, data, encipher } = request
        assertSecureHeader(header)
        return { command: secureCommandApdu(algorithm, key, challenge, header, data, encipher, sm4Mac) }
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

/** @throws {RangeError} when a header is not CLA INS P1 P2 with class nibble 4 (card-commands §7.1) */
export function assertSecureHeader(header: Uint8Array): void {
  assertBytes("header", header, 4)
  if ((header[0]! & 0x0f) !== 4) throw new RangeError("header: expected a class with low nibble 4")
}
