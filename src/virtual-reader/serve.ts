import { type CardPort, toHex } from "../apdu/index.js"
import { openVirtualReader, type VirtualReaderEvent, type VirtualReaderOptions, VPCD_PORT } from "./virtual-reader.js"

/** A card to put into pcscd, and how to keep it. */
export interface ServedCard {
  card: CardPort
  /** Port of the driver's slot. Default: that of the first slot, and one more for each further card. */
  port?: number
  /** Called when the card is out and nothing more can change it. */
  save?: () => void | Promise<void>
}

export interface ServeOptions extends Omit<VirtualReaderOptions, "port"> {
  /** Ends the service. Default: SIGINT or SIGTERM; a second signal ends the process at once. */
  until?: AbortSignal
}

/**
 * Keeps cards in pcscd until it is told to end; then takes each out in good order and saves it (cli.md, `serve`).
 *
 * @throws {InputError} field `atr`
 * @example await serveCards([{ card, save: () => writeCard(file, card) }], { onEvent: print })
 */
export async function serveCards(cards: ServedCard[], options: ServeOptions = {}): Promise<void> {
  const { until = signalled(), ...readerOptions } = options
  const served = cards.map(({ card, save, port }, slot) => ({
    reader: openVirtualReader({ ...readerOptions, port: port ?? VPCD_PORT + slot }),
    card,
    save,
  }))
  try {
    await Promise.race([ended(until), failed(served.map(({ reader, card }) => reader.insert(card)))])
  } finally {
    await Promise.all(served.map(({ reader }) => reader.close()))
    for (const { save } of served) await save?.()
  }
}

/**
 * The line that says a card can be used, for programs that wait for it (cli.md, `serve --json`).
 *
 * @returns undefined for any other event
 */
export function readyLine(event: VirtualReaderEvent): { event: "ready"; port: number; atr: string } | undefined {
  return event.type === "ready" ? { event: "ready", port: event.port, atr: toHex(event.atr) } : undefined
}

/** Aborted by SIGINT or SIGTERM. The next signal has its usual effect. */
export function signalled(): AbortSignal {
  const controller = new AbortController()
  const end = () => {
    process.off("SIGINT", end).off("SIGTERM", end)
    controller.abort()
  }
  process.on("SIGINT", end).on("SIGTERM", end)
  return controller.signal
}

const ended = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener("abort", () => resolve(), { once: true })
  })

/** Rejects with the first failure; insertions that succeed end nothing. */
const failed = (insertions: Promise<void>[]) =>
  new Promise<never>((_, reject) => {
    for (const insertion of insertions) insertion.catch(reject)
  })
