import { ShebaoError } from "../apdu/index.js"
import { chooseReader, type ReaderSnapshot, type ReaderSystem } from "../terminal/index.js"
import { type Answer, fail } from "./codes.js"
import type { DriverSlot } from "./options.js"

/** The reader that a function works with, and the card in it at this moment. */
export interface ChosenReader {
  readonly readers: ReaderSystem
  readonly reader: string
  /** Counter of insertions and removals, where the reader keeps one. */
  readonly events: number | undefined
}

type SlotKind = "contact" | "contactless"

/** iType (driver-api §2): 1 contact, 2 contactless, 3 and 4 both, in this order. */
const ORDER: Readonly<Record<number, readonly SlotKind[]>> = {
  1: ["contact"],
  2: ["contactless"],
  3: ["contact", "contactless"],
  4: ["contactless", "contact"],
}

/** Finds the reader of a call. */
export type ReaderFinder = (iType: number) => Promise<Answer<ChosenReader>>

/**
 * Makes what finds the reader that an iType means: the first of its slots with a card.
 *
 * −14 for an iType that does not exist, −11 when none of its slots has a reader, −2 when none has a card.
 */
export function readerFinder(slots: Readonly<Partial<Record<SlotKind, DriverSlot>>>): ReaderFinder {
  const opened = new Map<SlotKind, ReaderSystem>()

  async function systemOf(kind: SlotKind, { readers }: DriverSlot): Promise<ReaderSystem> {
    const system = opened.get(kind) ?? (typeof readers === "function" ? await readers() : readers)
    opened.set(kind, system)
    return system
  }

  async function look(kind: SlotKind, slot: DriverSlot): Promise<{ readers: ReaderSystem; found: ReaderSnapshot }> {
    const readers = await systemOf(kind, slot)
    return { readers, found: chooseReader(await readers.readers(), slot.reader) }
  }

  return async (iType) => {
    const order = ORDER[iType]
    if (!order) return fail("PARAMETER")
    let failure: unknown
    let isEmpty = false
    for (const kind of order) {
      const slot = slots[kind]
      if (!slot) continue
      try {
        const { readers, found } = await look(kind, slot)
        if (found.present) return { ok: true, readers, reader: found.name, events: found.events }
        isEmpty = true
      } catch (error) {
        // The other slot may have a card.
        if (!(error instanceof ShebaoError)) throw error
        failure ??= error
      }
    }
    if (isEmpty) return fail("NO_CARD")
    if (failure) throw failure
    return fail("NO_READER")
  }
}

/** True while the card that was there is in the reader still. */
export async function isStillThere({ readers, reader, events }: ChosenReader): Promise<boolean> {
  const now = (await readers.readers()).find(({ name }) => name === reader)
  return now?.present === true && now.events === events
}
