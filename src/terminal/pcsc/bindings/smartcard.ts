import type { ReaderSnapshot } from "../../readers/reader.js"
import { type PcscBinding, type PcscCard, type PcscContext, snapshot } from "../binding.js"
import { numberOfSmartcardText } from "../codes.js"
import { DISPOSITION, RESPONSE_BUFFER, SHARE } from "../constants.js"
import { bindingError, type PcscError, type PcscOccasion, pcscError } from "../errors.js"
import { localCardsAreQuiet } from "../local-cards.js"

/** What this adapter uses of the npm package `smartcard` 3.7. */
export interface SmartcardModule {
  Context: new () => SmartcardContext
}

interface SmartcardContext {
  /** Synchronous; waits for no card. */
  listReaders(): SmartcardReader[]
  close(): void
}

interface SmartcardReader {
  readonly name: string
  readonly state: number
  readonly atr: Uint8Array | null
  connect(share: number, protocol: number): Promise<SmartcardCard>
}

interface SmartcardCard {
  readonly protocol: number
  transmit(command: Buffer, options: { maxRecvLength: number }): Promise<Uint8Array>
  control(code: number, data: Buffer): Promise<Uint8Array>
  /** Synchronous: with any other disposition than LEAVE it would wait for the card. */
  disconnect(disposition: number): void
  reconnect(share: number, protocol: number, initialization: number): Promise<number>
}

/**
 * Milliseconds between two looks at the readers. The package's own monitor joins its thread in `stop`, which blocks the
 * event loop for up to a second, and its `waitForChange` takes a thread of the pool; a look costs 0.3 ms (readers §6.8).
 */
export const LOOK_INTERVAL = 100

const UNKNOWN = "Unknown PC/SC error"

/** The adapter for `smartcard`. Its errors tell nothing but a text (readers §7.1). */
export function smartcardBinding(module: SmartcardModule): PcscBinding {
  const failure = (error: unknown, occasion: PcscOccasion): PcscError => {
    const text = error instanceof Error ? error.message : String(error)
    const details = { ...occasion, cause: error }
    const number = numberOfSmartcardText(text)
    if (number !== undefined) return pcscError(number, details)
    // Its table lacks 0x8010006A, which is what a refusal by polkit looks like here.
    if (text === UNKNOWN && occasion.operation === "open" && process.platform === "linux")
      return pcscError(0x8010006a, details)
    if (text === "Card is not connected" || text === "Context is not valid")
      return bindingError("CONNECTION_CLOSED", text, details)
    return bindingError("PCSC_ERROR", text, details)
  }
  const attempt = <T>(occasion: PcscOccasion, job: () => T): T => {
    try {
      return job()
    } catch (error) {
      throw failure(error, occasion)
    }
  }
  const attemptAsync = async <T>(occasion: PcscOccasion, job: () => Promise<T>): Promise<T> => {
    try {
      return await job()
    } catch (error) {
      throw failure(error, occasion)
    }
  }
  const newContext = () => attempt({ operation: "open" }, () => new module.Context())

  const connect = async (reader: string, share: number, protocol: number): Promise<PcscCard> => {
    // The library locks a context for the time of each call: one context for each card lets them work side by side.
    const context = newContext()
    try {
      const found = attempt({ operation: "list" }, () => context.listReaders()).find(({ name }) => name === reader)
      if (found === undefined) throw pcscError(0x80100009, { operation: "connect", reader })
      const card = await attemptAsync({ operation: "connect", reader }, () => found.connect(share, protocol))
      return smartcardCard(reader, context, card)
    } catch (error) {
      context.close()
      throw error
    }
  }

  const smartcardCard = (reader: string, context: SmartcardContext, card: SmartcardCard): PcscCard => ({
    get protocol() {
      return card.protocol
    },
    async atr() {
      const readers = attempt({ operation: "list", reader }, () => context.listReaders())
      return new Uint8Array(readers.find(({ name }) => name === reader)?.atr ?? [])
    },
    transmit: (command) =>
      attemptAsync({ operation: "transmit", reader }, async () => {
        const response = await card.transmit(asBuffer(command), { maxRecvLength: RESPONSE_BUFFER })
        return new Uint8Array(response.buffer, response.byteOffset, response.length)
      }),
    control: (code, data) =>
      attemptAsync(
        { operation: "control", reader },
        async () => new Uint8Array(await card.control(code, asBuffer(data))),
      ),
    reconnect: (share, protocol, initialization) =>
      attemptAsync({ operation: "reset", reader }, () => card.reconnect(share, protocol, initialization)),
    async disconnect(disposition) {
      try {
        // The package's disconnect is synchronous, and with a reset it waits for the card: for ever, where the card
        // lives in this event loop (readers §6.8). A reconnect does the same without blocking.
        if (disposition !== DISPOSITION.leave)
          await attemptAsync({ operation: "disconnect", reader }, () => card.reconnect(SHARE.shared, 3, disposition))
      } finally {
        await localCardsAreQuiet()
        try {
          attempt({ operation: "disconnect", reader }, () => card.disconnect(DISPOSITION.leave))
        } finally {
          context.close()
        }
      }
    },
  })

  return {
    name: "smartcard",
    async open(): Promise<PcscContext> {
      const context = newContext()
      const list = (): ReaderSnapshot[] =>
        attempt({ operation: "list" }, () => context.listReaders()).map(({ name, state, atr }) =>
          snapshot(name, state, atr),
        )
      return {
        readers: async () => list(),
        watch(onChange, onError) {
          const look = () => {
            let readers: ReaderSnapshot[]
            try {
              readers = list()
            } catch (error) {
              clearInterval(timer)
              onError(error as PcscError)
              return
            }
            onChange(readers)
          }
          const timer = setInterval(look, LOOK_INTERVAL)
          const first = setImmediate(look)
          return {
            close() {
              clearInterval(timer)
              clearImmediate(first)
            },
          }
        },
        connect,
        close: async () => context.close(),
      }
    },
  }
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
