import { readUint32, ShebaoError, type StatusWord, statusWord } from "../../apdu/index.js"
import type { OfflinePinEntry } from "../emv/index.js"
import { controlCode } from "./constants.js"
import { FINANCIAL_VERIFY, type PinEntryRules, type PinPlace, pinVerifyStructure } from "./pin-structures.js"

/** A connection to a reader that takes control codes, such as a {@link PcscConnection}. */
export interface ControlledReader {
  control(code: number, data?: Uint8Array): Promise<Uint8Array>
}

/** What readers with keys can do, by the tag of PC/SC part 10 §2.3. */
export const PIN_FEATURE = { verifyDirect: 0x06, modifyDirect: 0x07, pinProperties: 0x0a, tlvProperties: 0x12 } as const

/** CM_IOCTL_GET_FEATURE_REQUEST. */
const GET_FEATURES = 3400
const FEATURE_LENGTH = 6

/**
 * Asks a reader what it can do.
 *
 * @returns control codes by tag; empty for a reader that knows nothing of part 10
 * @throws {ShebaoError} when the connection is broken
 */
export async function readerFeatures(reader: ControlledReader): Promise<ReadonlyMap<number, number>> {
  try {
    return parseFeatures(await reader.control(controlCode(GET_FEATURES)))
  } catch (error) {
    if (error instanceof ShebaoError && UNKNOWN_CODE.has(error.code)) return new Map()
    throw error
  }
}

/** How drivers refuse a control code that they do not know (terminal-devices §4). */
const UNKNOWN_CODE: ReadonlySet<string> = new Set(["NOT_SUPPORTED", "COMMUNICATION", "PCSC_ERROR"])

/** Takes the answer of GET_FEATURE apart: tag, 04, control code with its highest byte first. Broken parts are left out. */
export function parseFeatures(bytes: Uint8Array): ReadonlyMap<number, number> {
  const features = new Map<number, number>()
  for (let at = 0; at + FEATURE_LENGTH <= bytes.length && bytes[at + 1] === 4; at += FEATURE_LENGTH)
    features.set(bytes[at]!, readUint32(bytes, at + 2))
  return features
}

/** What the reader says instead of the card (PC/SC part 10 §2.5.2). */
const READER_STATUS = { TIMEOUT: 0x6400, CANCELLED: 0x6401, LENGTH: 0x6403, STRUCTURE: 0x6b80 } as const

/** How often an entry of a wrong length may be repeated. */
const ENTRIES = 3

/** A reader on whose own keys a PIN is typed, so that no program sees it. */
export interface SecurePinEntry {
  /** Lets the person type, and sends the PIN in that command. @returns the card's answer */
  verify(place: PinPlace, rules: PinEntryRules): Promise<OfflinePinEntry>
}

/**
 * Secure PIN entry by FEATURE_VERIFY_PIN_DIRECT.
 *
 * @returns undefined when the reader has no keys; then a PIN is typed where the program runs
 * @throws {ShebaoError} when the connection is broken
 * @example
 * const pad = await securePinEntry(connection)
 * const holder = pad ? { offlinePin: offlinePinOnReader(pad) } : {}
 */
export async function securePinEntry(reader: ControlledReader): Promise<SecurePinEntry | undefined> {
  const code = (await readerFeatures(reader)).get(PIN_FEATURE.verifyDirect)
  if (code === undefined) return undefined
  return {
    async verify(place, rules) {
      const structure = pinVerifyStructure(place, rules)
      for (let entry = 0; entry < ENTRIES; entry++) {
        const answer = await reader.control(code, structure)
        if (answer.length < 2) return { outcome: "unavailable" }
        const status = statusWord(answer)
        if (status !== READER_STATUS.LENGTH) return entryOf(status)
      }
      return { outcome: "cancelled" }
    },
  }
}

function entryOf(status: StatusWord): OfflinePinEntry {
  if (status === READER_STATUS.TIMEOUT || status === READER_STATUS.CANCELLED) return { outcome: "cancelled" }
  return status === READER_STATUS.STRUCTURE ? { outcome: "unavailable" } : { outcome: "verified", statusWord: status }
}

/** The offline PIN of the kernel, typed at the reader. @param rules default: 4 to 12 digits */
export function offlinePinOnReader(
  pad: SecurePinEntry,
  rules: PinEntryRules = { minimumDigits: 4, maximumDigits: 12 },
): () => Promise<OfflinePinEntry> {
  return () => pad.verify(FINANCIAL_VERIFY, rules)
}
