import type { StatusWord } from "../apdu/index.js"
import type { Algorithm } from "../crypto/index.js"
import type { CardFactors } from "./social-security/card-keys.js"
import type { KeyDefinition } from "./social-security/keys.js"

/** Which key of which card somebody is asked to work with; nobody outside a key service sees the key itself. */
export interface CardKeyRequest {
  readonly key: KeyDefinition
  readonly algorithm: Algorithm
  readonly factors: CardFactors
}

/**
 * Why a key service did not work: no SAM in its slot; the card's algorithm is not the service's; it has no such key; it
 * holds the key on too low a level to reach this card; it refused with a status word; it cannot be reached.
 */
export type KeyRefusalCode =
  | "NO_SAM"
  | "ALGORITHM_NOT_SUPPORTED"
  | "KEY_UNKNOWN"
  | "KEY_LEVEL"
  | "KEY_REFUSED"
  | "KEY_SERVICE_UNREACHABLE"

export interface KeyRefusal {
  readonly ok: false
  readonly code: KeyRefusalCode
  readonly message: string
  readonly messageZh: string
  /** What a SAM answered. */
  readonly statusWord?: StatusWord
}

export type KeyAnswer<T> = ({ readonly ok: true } & T) | KeyRefusal

/**
 * Works with the keys of cards: a SAM in a slot, the HSM of the back office, or published test keys in software. The
 * flows of a terminal take any of them. Refusals are answers, never exceptions.
 */
export interface CardKeyService {
  /**
   * What the card must answer to INTERNAL AUTHENTICATE with these 8-byte values (card-commands §6.2).
   *
   * @returns proof: 8 bytes on 3DES cards, 16 on SM4 cards
   */
  internalAuthentication(
    request: CardKeyRequest & { readonly factor: Uint8Array; readonly original: Uint8Array },
  ): Promise<KeyAnswer<{ readonly proof: Uint8Array }>>

  /**
   * The data field of EXTERNAL AUTHENTICATE for the last challenge of the card and the one before it (card-commands §6.3).
   */
  externalAuthentication(
    request: CardKeyRequest & { readonly challenge: Uint8Array; readonly previous: Uint8Array },
  ): Promise<KeyAnswer<{ readonly data: Uint8Array }>>

  /**
   * A whole command with its MAC (card-commands §7.1).
   *
   * @param request.header CLA INS P1 P2, the class with low nibble 4
   * @param request.challenge the last challenge of the card, 8 bytes
   * @param request.encipher true: `data` is enciphered under the session key first (PIN reload, card-commands §5.3); it
   *   comes here without padding and with its length byte
   */
  secureCommand(
    request: CardKeyRequest & {
      readonly challenge: Uint8Array
      readonly header: Uint8Array
      readonly data: Uint8Array
      readonly encipher: boolean
    },
  ): Promise<KeyAnswer<{ readonly command: Uint8Array }>>
}
