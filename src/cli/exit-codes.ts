import { InputError, ShebaoError } from "../apdu/index.js"

/** Exit codes of every command. */
export const EXIT = {
  DONE: 0,
  /** The card or the host refused; the outcome is printed. */
  REFUSED: 1,
  /** Wrong usage or a wrong input file. */
  USAGE: 2,
  /** No reader, no card, or the connection broke. */
  NO_CONNECTION: 3,
  /** A bug in shebao. */
  BUG: 70,
} as const

const CONNECTION_CODES = new Set([
  "ACCESS_DENIED",
  "BINDING_MISSING",
  "BUSY",
  "CANCELLED",
  "CARD_MUTE",
  "CARD_REMOVED",
  "CARD_RESET",
  "COMMUNICATION",
  "CONNECTION_CLOSED",
  "HOST_UNREACHABLE",
  "NO_CARD",
  "NO_READER",
  "NO_SERVICE",
  "NOT_SUPPORTED",
  "PCSC_ERROR",
  "PROTOCOL_MISMATCH",
  "READER_GONE",
  "READER_NOT_READY",
  "SHARING_VIOLATION",
  "T0_NO_PROGRESS",
  "TIMEOUT",
])
const USAGE_CODES = new Set(["SQLITE_MISSING", "CARD_FILE_LOCKED", "ADDRESS_IN_USE"])

/** The exit code that an error ends the process with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof InputError) return EXIT.USAGE
  if (error instanceof ShebaoError) {
    if (CONNECTION_CODES.has(error.code)) return EXIT.NO_CONNECTION
    if (USAGE_CODES.has(error.code)) return EXIT.USAGE
  }
  return EXIT.BUG
}
