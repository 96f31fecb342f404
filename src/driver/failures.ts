import { ShebaoError, SW } from "../apdu/index.js"
import type { KeyDefinition, KeyRefusal } from "../dictionary/index.js"
import type { CountedRefusal, NoIdentity } from "../terminal/index.js"
import { type DriverCodeName, type DriverFailure, fail, refusedWith } from "./codes.js"

/** What went wrong below the commands, by the code of the error (driver-api §7). */
const ERRORS: Readonly<Record<string, DriverCodeName>> = {
  NO_READER: "NO_READER",
  NO_SERVICE: "NO_READER",
  READER_NOT_FOUND: "NO_READER",
  READER_AMBIGUOUS: "NO_READER",
  READER_GONE: "NO_READER",
  READER_NOT_READY: "NO_READER",
  NO_CARD: "NO_CARD",
  CARD_MUTE: "NOT_POWERED",
  CARD_REMOVED: "NO_ANSWER",
  CARD_DATA: "NO_ANSWER",
  COMMUNICATION: "NO_ANSWER",
  TIMEOUT: "NO_ANSWER",
  BINDING_MISSING: "LIBRARY",
  BINDING_BROKEN: "LIBRARY",
  ACCESS_DENIED: "NOT_CONNECTED",
  CARD_RESET: "NOT_CONNECTED",
  CONNECTION_CLOSED: "NOT_CONNECTED",
  PCSC_ERROR: "NOT_CONNECTED",
  SHARING_VIOLATION: "NOT_CONNECTED",
  PROTOCOL_MISMATCH: "WRONG_CARD_TYPE",
}

/** The failure that an exception of a reader or connection stands for; any other exception is thrown on. */
export function failureOf(error: unknown): DriverFailure {
  const name = error instanceof ShebaoError ? ERRORS[error.code] : undefined
  if (!name || !(error instanceof ShebaoError)) throw error
  return fail(name, { zh: error.messageZh ?? error.message, en: error.message })
}

/** Answers to SELECT of a card that has no such application. */
const NO_APPLICATION: readonly number[] = [SW.FILE_NOT_FOUND, SW.INS_NOT_SUPPORTED, SW.CLA_NOT_SUPPORTED]

/** Why the keys of a card cannot be found. */
export function identityFailure(refusal: NoIdentity): DriverFailure {
  switch (refusal.why) {
    case "noEnvironment":
      return environmentFailure(refusal.statusWord)
    case "cardIdRefused":
      return refusedWith(refusal.statusWord)
    case "cardIdMalformed":
      return fail("CARD_ID_FORM")
    case "ssf33":
      return fail("SAM_ALGORITHM")
  }
}

/** The card refused SELECT of the SSSE. */
export function environmentFailure(statusWord: number): DriverFailure {
  return NO_APPLICATION.includes(statusWord) ? fail("WRONG_CARD_TYPE") : refusedWith(statusWord)
}

/** Why whoever holds the keys did not work; callers turn to an HSM on the first four (driver-api §2). */
export function keyFailure({ code, message, messageZh, statusWord }: KeyRefusal, key: KeyDefinition): DriverFailure {
  const detail = { zh: messageZh, en: message }
  switch (code) {
    case "NO_SAM":
      return fail("NO_SAM")
    case "ALGORITHM_NOT_SUPPORTED":
      return fail("SAM_ALGORITHM")
    case "KEY_LEVEL":
      return fail("SAM_KEY_LEVEL")
    case "KEY_UNKNOWN":
      if (key.name === "RKssse") return fail("SAM_WITHOUT_RKSSSE")
      return refusedWith(key.role === "debit" ? SW.KEY_INDEX_UNKNOWN : SW.REFERENCED_DATA_NOT_FOUND, detail)
    case "KEY_REFUSED":
      return statusWord === undefined ? fail("NOT_CONNECTED", detail) : refusedWith(statusWord, detail)
    case "KEY_SERVICE_UNREACHABLE":
      return fail("NOT_CONNECTED", detail)
  }
}

/** The card did not take a PIN: −51 with the tries left, −52 when it is locked. */
export function pinFailure({ statusWord, triesLeft }: CountedRefusal): DriverFailure {
  if (statusWord === SW.AUTHENTICATION_METHOD_BLOCKED) return fail("PIN_LOCKED")
  if (triesLeft === undefined) return refusedWith(statusWord)
  return fail("PIN_WRONG", { zh: `剩余机会${triesLeft}次`, en: `${triesLeft} tries left` })
}
