import {
  type DumpEntry,
  formatDumpEntry,
  formatFailedExchange,
  secretsOfCommand,
  type Transport,
} from "../../apdu/index.js"

/** One line of a recording: an exchange, or a command that got no answer. */
export type DumpEvent =
  | DumpEntry
  | { readonly command: Uint8Array; readonly milliseconds: number; readonly failure: string }

/**
 * Records every exchange as it goes over the line, so that a replay reader can present the session as a card.
 *
 * PINs, keys and PIN blocks in commands are overwritten with FF before they reach the sink. What the card answers is
 * kept, personal data included: a recording is as confidential as the card itself.
 *
 * @example dumpTransport(connection, (event) => file.write(formatDumpEvent(event)))
 */
export function dumpTransport(transport: Transport, sink: (event: DumpEvent) => void): Transport {
  return {
    async transmit(sent) {
      const command = withoutSecrets(sent)
      const start = performance.now()
      const elapsed = () => Math.round((performance.now() - start) * 1000) / 1000
      try {
        const response = await transport.transmit(sent)
        sink({ command, response: response.slice(), milliseconds: elapsed() })
        return response
      } catch (error) {
        sink({ command, milliseconds: elapsed(), failure: error instanceof Error ? error.message : String(error) })
        throw error
      }
    },
    close: () => transport.close(),
  }
}

/** The lines of one event in a dump file; a command without answer becomes a comment. */
export function formatDumpEvent(event: DumpEvent): string {
  return "failure" in event
    ? formatFailedExchange(event.command, event.milliseconds, event.failure)
    : formatDumpEntry(event)
}

/** A copy of a command with its PIN, key or PIN block overwritten with FF. */
export function withoutSecrets(command: Uint8Array): Uint8Array {
  const copy = command.slice()
  const secret = secretsOfCommand(command)
  return secret ? copy.fill(0xff, secret.start, secret.end) : copy
}
