import { readUint16 } from "../../apdu/index.js"
import { type Algorithm, type PreparedKey, pbocSessionKey, prepareKey, udkOptionA } from "../../crypto/index.js"

/** One set of issuer master keys, named by the key index (DKI) and the algorithm in the card's IAD. */
export interface IssuerMasterKeys {
  readonly keyIndex: number
  readonly algorithm: Algorithm
  readonly ac: Uint8Array
  readonly mac: Uint8Array
  readonly enc: Uint8Array
}

/** Which card, and which of its key sets. */
export interface CardKeyReference {
  readonly pan: string
  /** Two digits. */
  readonly sequenceNumber: string
  /** DKI: second byte of the IAD. */
  readonly keyIndex: number
  readonly algorithm: Algorithm
}

export type CardKeyUse = "ac" | "mac" | "enc"

/** Cards whose derived keys are kept: deriving takes longer than all the rest of checking a cryptogram. */
const CACHED_CARDS = 20_000

interface CardKey {
  readonly bytes: Uint8Array
  readonly prepared: PreparedKey
}

/** Derives card keys from issuer master keys and remembers those of the cards seen last. */
export function cardKeys(masterKeys: readonly IssuerMasterKeys[]) {
  const cache = new Map<string, CardKey>()

  function masterKey({ keyIndex, algorithm }: CardKeyReference, use: CardKeyUse): Uint8Array | undefined {
    return masterKeys.find((set) => set.keyIndex === keyIndex && set.algorithm === algorithm)?.[use]
  }

  function cardKey(card: CardKeyReference, use: CardKeyUse): CardKey | undefined {
    const name = `${card.pan}/${card.sequenceNumber}/${card.keyIndex}/${card.algorithm}/${use}`
    const known = cache.get(name)
    if (known) return known
    const master = masterKey(card, use)
    if (!master) return undefined
    const bytes = udkOptionA(card.algorithm, master, card.pan, card.sequenceNumber)
    const key = { bytes, prepared: prepareKey(card.algorithm, bytes) }
    if (cache.size >= CACHED_CARDS) cache.delete(cache.keys().next().value!)
    cache.set(name, key)
    return key
  }

  /** The card's own key (UDK), or undefined when there is no such key set. */
  const udk = (card: CardKeyReference, use: CardKeyUse): Uint8Array | undefined => cardKey(card, use)?.bytes

  let last: { of: CardKey; atc: number; key: PreparedKey } | undefined

  /** The key of one transaction. The last one is remembered: a request and its answer need the same. @param atc 2 bytes */
  function sessionKey(card: CardKeyReference, use: CardKeyUse, atc: Uint8Array): PreparedKey | undefined {
    const of = cardKey(card, use)
    if (!of) return undefined
    const counter = readUint16(atc)
    if (last?.of !== of || last.atc !== counter) {
      const key = pbocSessionKey(card.algorithm, of.prepared, atc)
      last = { of, atc: counter, key: prepareKey(card.algorithm, key) }
    }
    return last.key
  }

  return { udk, sessionKey }
}
