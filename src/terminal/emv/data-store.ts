import type { DolValue } from "../../apdu/index.js"
import { dolFormat } from "../../dictionary/index.js"

/**
 * The data of one transaction by tag; every card object is parsed once, when it arrives.
 *
 * What the terminal knows hides what the card says under the same tag, so a card cannot put its own amount,
 * date or TVR into a DOL.
 */
export interface DataStore {
  get(tag: number): Uint8Array | undefined
  /** Data of the terminal or of the kernel; replaces. */
  set(tag: number, value: Uint8Array): void
  /** Data from a card record. @returns false when a record has given this tag before */
  addFromCard(tag: number, value: Uint8Array): boolean
  /** What records gave, in their order. */
  fromCard(): Iterable<readonly [tag: number, value: Uint8Array]>
  /** The value with its format, as DOLs need it (EMV Book 3 §5.4). */
  lookup(tag: number): DolValue | undefined
}

/** @param constants what the terminal knows for every transaction */
export function dataStore(constants: ReadonlyMap<number, Uint8Array>): DataStore {
  const own = new Map<number, Uint8Array>()
  const card = new Map<number, Uint8Array>()
  const get = (tag: number) => own.get(tag) ?? constants.get(tag) ?? card.get(tag)
  return {
    get,
    set(tag, value) {
      own.set(tag, value)
    },
    addFromCard(tag, value) {
      if (card.has(tag)) return false
      card.set(tag, value)
      return true
    },
    fromCard: () => card.entries(),
    lookup(tag) {
      const value = get(tag)
      return value && { value, format: dolFormat(tag) }
    },
  }
}
