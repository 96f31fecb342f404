import { type CardPort, ShebaoError } from "../../apdu/index.js"
import { memorySlot } from "./memory-slot.js"
import type { ReaderEvent, ReaderSystem } from "./reader.js"

/** A reader with one slot that exists in memory only: cards go in and out under program control. */
export interface MemoryReader extends ReaderSystem {
  /** Name of the one reader, as `readers()` reports it. */
  readonly reader: string
  /** The card in the slot. */
  readonly card: CardPort | undefined
  /** Puts a card into the slot. @throws {RangeError} when there is one already */
  insert(card: CardPort): void
  /**
   * Pulls the card out, in the middle of an exchange if one is running: its answer is lost then. Connections that were
   * open stay dead even when the card comes back.
   *
   * @returns the card, `undefined` when the slot was empty
   */
  pull(): CardPort | undefined
  /** Waits until a card is in the slot or out of it; resolves at once where that is so already. */
  waitFor(type: "card-inserted" | "card-removed"): Promise<void>
}

export interface MemoryReaderOptions {
  /** Default `Emulated Reader 00 00`. */
  name?: string
}

/**
 * Makes a reader in memory. Sharing, transactions, resets and removals behave as on PC/SC; no daemon, no native code.
 *
 * @param card the card that is in the slot from the start
 * @example
 * const reader = memoryReader(createCard({ profile: "employee" }))
 * const card = await openCard(reader)
 * const answer = await card.transmit(hex("00A40000023F00"))
 * reader.pull()
 */
export function memoryReader(card?: CardPort, options: MemoryReaderOptions = {}): MemoryReader {
  const name = options.name ?? "Emulated Reader 00 00"
  const listeners = new Set<(event: ReaderEvent) => void>()
  const slot = memorySlot(name, (event) => {
    for (const listener of [...listeners]) listener(event)
  })
  const whenClosed = new Set<(error: ShebaoError) => void>()
  let closed = false

  function assertOpen(): void {
    if (closed) throw readerGone(name)
  }

  const reader: MemoryReader = {
    name: "memory",
    reader: name,
    get card() {
      return slot.card()
    },
    insert(next) {
      assertOpen()
      slot.insert(next)
    },
    pull: () => slot.pull(),
    waitFor(type) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(readerGone(name))
        if (slot.snapshot().present === (type === "card-inserted")) return resolve()
        whenClosed.add(reject)
        listeners.add(function settle(event) {
          if (event.type !== type) return
          listeners.delete(settle)
          whenClosed.delete(reject)
          resolve()
        })
      })
    },
    readers: async () => (closed ? [] : [slot.snapshot()]),
    async watch(onEvent) {
      assertOpen()
      onEvent({ type: "reader-added", reader: name })
      const { present, atr } = slot.snapshot()
      if (present) onEvent({ type: "card-inserted", reader: name, atr: atr ?? new Uint8Array(0) })
      // A function of its own, so that one callback can watch twice.
      const listener = (event: ReaderEvent): void => onEvent(event)
      listeners.add(listener)
      return {
        async close() {
          listeners.delete(listener)
        },
      }
    },
    async connect(wanted, connectOptions = {}) {
      assertOpen()
      if (wanted !== name) throw readerGone(wanted)
      return slot.connect(connectOptions)
    },
    async close() {
      closed = true
      for (const refuse of whenClosed) refuse(readerGone(name))
      whenClosed.clear()
      listeners.clear()
      slot.pull()
    },
  }
  if (card) reader.insert(card)
  return reader
}

function readerGone(reader: string): ShebaoError {
  return new ShebaoError("READER_GONE", `There is no reader ${JSON.stringify(reader)}.`, {
    messageZh: `没有读卡器:${reader}。`,
  })
}
