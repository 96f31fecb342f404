import { decodeFrame, decodeMessage, describeMessage, type HostLink, type Language } from "../dictionary/index.js"
import { tableLines } from "./output.js"

/** Shows every message on a link, decoded and masked; changes nothing. */
export function traceLink(link: HostLink, language: Language, write: (lines: readonly string[]) => void): HostLink {
  return {
    async exchange(frame) {
      write(messageLines(">>", frame, language))
      try {
        const answer = await link.exchange(frame)
        write(messageLines("<<", answer, language))
        return answer
      } catch (error) {
        write([`     << ${error instanceof Error ? error.message : "-"}`])
        throw error
      }
    },
    close: () => link.close(),
  }
}

function messageLines(sign: string, frame: Uint8Array, language: Language): string[] {
  try {
    const message = decodeMessage(decodeFrame(frame).message)
    const rows = describeMessage(message, language).map(({ id, name, value }) => [id, name, value])
    return [`     ${sign} ${message.messageType}`, ...tableLines(rows, "        ")]
  } catch (error) {
    return [`     ${sign} ${error instanceof Error ? error.message : "-"}`]
  }
}
