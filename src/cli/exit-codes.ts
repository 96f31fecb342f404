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
  "BINDING_BROKEN",
  "BINDING_MISSING",
  "BUSY",
  "CANCELLED",
  "CARD_DATA",
  "CARD_MUTE",
  "CARD_REMOVED",
  "CARD_RESET",
  "COMMUNICATION",
  "CONNECTION_CLOSED",
  "EJECTED",
  "HOST_UNREACHABLE",
  "NO_CARD",
  "NO_READER",
  "NO_SAM",
  "NO_SERVICE",
  "NOT_SUPPORTED",
  "PCSC_ERROR",
  "PROTOCOL_MISMATCH",
  "READER_BLOCKED",
  "READER_GONE",
  "READER_NOT_READY",
  "SHARING_VIOLATION",
  "T0_LENGTH",
  "T0_NO_PROGRESS",
  "TIMEOUT",
])
/** Files, ports and commands that somebody named and that cannot be used. */
const USAGE_CODES = new Set([
  "CANNOT_LISTEN",
  "CARD_FILE_LOCKED",
  "COMMAND_LENGTH",
  "JOURNAL_DAMAGED",
  "JOURNAL_IN_USE",
  "JOURNAL_WRITE",
  "REPLAY_MISMATCH",
  "SQLITE_MISSING",
  "STORE_FAILED",
  "STORE_TOO_NEW",
  "STORE_UNUSABLE",
])
/** Refusals of a flow that nobody gave: card or host were not there any more. */
const BROKEN_FLOWS = new Set(["CARD_REMOVED", "CARD_FAILED", "KEY_SERVICE_UNREACHABLE", "NO_ANSWER", "NO_SAM"])

/** The exit code of a flow that ended without doing what it was asked to. */
export function exitCodeOfRefusal({ code }: { readonly code: string }): number {
  return BROKEN_FLOWS.has(code) ? EXIT.NO_CONNECTION : EXIT.REFUSED
}

/** The exit code that an error ends the process with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof InputError) return EXIT.USAGE
  if (error instanceof ShebaoError) {
    if (CONNECTION_CODES.has(error.code)) return EXIT.NO_CONNECTION
    if (USAGE_CODES.has(error.code)) return EXIT.USAGE
  }
  return EXIT.BUG
}
