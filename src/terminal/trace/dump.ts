import type { Dump } from "../../apdu/index.js"
import { type TraceEntry, type TraceOptions, tracer } from "./entry.js"

/**
 * Decodes a recorded session.
 *
 * @example for (const entry of traceDump(parseDump(text))) console.log(formatExchange(entry, "en").join("\n"))
 */
export function traceDump(dump: Dump, options: TraceOptions = {}): TraceEntry[] {
  const { entry } = tracer(options)
  return dump.entries.map((exchange) => entry(exchange))
}
