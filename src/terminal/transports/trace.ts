import type { Transport } from "../../apdu/index.js"
import { type TraceEntry, type TraceOptions, tracer } from "../trace/index.js"

/** A transport that is being traced. */
export interface TracedTransport extends Transport {
  /** The card was reset: the trace knows of no selection any more. */
  forget(): void
}

/**
 * Reports every exchange, also those that fail. What is reported is masked and not yet formatted: that is left to
 * whoever reads it. A transport that is not decorated costs nothing.
 *
 * @example traceTransport(card, (entry) => console.error(formatExchange(entry, "zh").join("\n")))
 */
export function traceTransport(
  transport: Transport,
  onExchange: (entry: TraceEntry) => void,
  options: TraceOptions = {},
): TracedTransport {
  const { entry, forget } = tracer(options)
  return {
    async transmit(sent) {
      // The caller may reuse its buffers before anybody reads the trace.
      const command = sent.slice()
      const start = performance.now()
      let response: Uint8Array
      try {
        response = await transport.transmit(sent)
      } catch (error) {
        onExchange(entry({ command, error, milliseconds: performance.now() - start }))
        throw error
      }
      onExchange(entry({ command, response: response.slice(), milliseconds: performance.now() - start }))
      return response
    },
    close: () => transport.close(),
    forget,
  }
}
