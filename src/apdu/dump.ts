import { hex, toHex } from "./bytes.js"
import { InputError } from "./errors.js"
import type { Protocol } from "./transport.js"

/** One exchange with a card. */
export interface DumpEntry {
  readonly command: Uint8Array
  readonly response: Uint8Array
  /** How long the answer took. */
  readonly milliseconds?: number
}

/** A recorded session. */
export interface Dump {
  readonly atr?: Uint8Array
  readonly protocol?: Protocol
  readonly entries: readonly DumpEntry[]
}

const PREFIX = { atr: "# ATR: ", protocol: "# PROTOCOL: " } as const

/**
 * Reads a dump file: hex lines, command and response by turns; blank lines and comments (`#`) anywhere. The
 * comments `# ATR: <hex>` and `# PROTOCOL: T=0` tell about the card; `# 12ms` between a command and its response is
 * its time. The format is that of apdu4j, so files of either program are read by the other.
 *
 * @throws {InputError} naming the line: bad hex, a response without status word, a command without response
 */
export function parseDump(text: string): Dump {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)
  const entries: DumpEntry[] = []
  let atr: Uint8Array | undefined
  let protocol: Protocol | undefined
  let open: { command: Uint8Array; line: number; milliseconds?: number } | undefined
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    const field = `dump line ${index + 1}`
    if (line === "") continue
    if (line.startsWith("#")) {
      if (line.startsWith(PREFIX.atr)) atr = hex(line.slice(PREFIX.atr.length), field)
      else if (line.startsWith(PREFIX.protocol)) protocol = readProtocol(line.slice(PREFIX.protocol.length), field)
      else if (open) open.milliseconds = readTime(line) ?? open.milliseconds
      continue
    }
    const bytes = hex(line, field)
    if (!open) {
      open = { command: bytes, line: index + 1 }
      continue
    }
    if (bytes.length < 2) throw new InputError(field, "expected a response of at least 2 bytes, got 1")
    const { command, milliseconds } = open
    entries.push(milliseconds === undefined ? { command, response: bytes } : { command, response: bytes, milliseconds })
    open = undefined
  }
  if (open)
    throw new InputError(`dump line ${open.line}`, "expected a response after this command, got the end of the dump")
  return { ...(atr && { atr }), ...(protocol && { protocol }), entries }
}

function readProtocol(text: string, field: string): Protocol {
  const protocol = text.trim()
  if (protocol === "T=0" || protocol === "T=1") return protocol
  throw new InputError(field, `expected protocol T=0 or T=1, got ${JSON.stringify(protocol)}`)
}

function readTime(comment: string): number | undefined {
  const time = /^# (\d+(?:\.\d+)?)ms$/.exec(comment)
  return time ? Number(time[1]) : undefined
}

/** Writes a dump file that {@link parseDump} and apdu4j read. @throws {RangeError} as {@link formatDumpEntry} */
export function formatDump(dump: Dump): string {
  return formatDumpHeader(dump) + dump.entries.map(formatDumpEntry).join("")
}

/** The first lines of a dump: `# ATR:` and `# PROTOCOL:`, each when it is known. For recorders that write as they go. */
export function formatDumpHeader({ atr, protocol }: Pick<Dump, "atr" | "protocol">): string {
  return (atr ? `${PREFIX.atr}${toHex(atr)}\n` : "") + (protocol ? `${PREFIX.protocol}${protocol}\n` : "")
}

/** The lines of one exchange. @throws {RangeError} when the command is empty or the response has no status word */
export function formatDumpEntry({ command, response, milliseconds }: DumpEntry): string {
  if (command.length === 0) throw new RangeError("command: expected at least 1 byte, got 0")
  if (response.length < 2) throw new RangeError(`response: expected at least 2 bytes, got ${response.length}`)
  return `${toHex(command)}\n${milliseconds === undefined ? "" : `# ${formatTime(milliseconds)}\n`}${toHex(response)}\n`
}

/**
 * A command that got no answer, as one comment: a bare command line would shift all that follows by one.
 *
 * @param reason why, for a person
 */
export function formatFailedExchange(command: Uint8Array, milliseconds: number, reason: string): string {
  return `# ${toHex(command)} failed after ${formatTime(milliseconds)}: ${reason.replace(/\s+/g, " ")}\n`
}

function formatTime(milliseconds: number): string {
  return `${Number(milliseconds.toFixed(3))}ms`
}
