import { assertInteger, concat, hex } from "../../apdu/index.js"

/** Structures of PC/SC part 10 v2.02.09 §2.5: packed, numbers with their lowest byte first (terminal-devices §4). */

/** How digits stand in the command. */
export interface PinPlace {
  /** bmFormatString: 0x82 ASCII from the left, 0x89 BCD from byte 1, 0x81 BCD from byte 0. */
  readonly format: number
  /** bmPINBlockString: bits of the length field in the high half, bytes of the PIN block in the low half. */
  readonly block: number
  /** bmPINLengthFormat: where the length field stands. */
  readonly lengthFormat: number
  /** The command with filler in the place of the digits. */
  readonly command: Uint8Array
}

/** What the person may do. */
export interface PinEntryRules {
  readonly minimumDigits: number
  readonly maximumDigits: number
  /** 0: the reader's own. Default 30. */
  readonly timeoutSeconds?: number
  /** wLangId of the reader's messages. Default 0x0804, Chinese. */
  readonly language?: number
}

/** Bits of bEntryValidationCondition: what ends an entry. */
const OK_KEY = 0x02
/** bConfirmPIN: ask for the old PIN, and for the new one twice. */
const CONFIRM_AND_OLD = 0x03
const CHINESE = 0x0804
const SECONDS = 30

const little = (value: number, length: number) =>
  Uint8Array.from({ length }, (_, place) => Math.floor(value / 256 ** place) & 0xff)

function head(rules: PinEntryRules): Uint8Array {
  const { minimumDigits, maximumDigits, timeoutSeconds = SECONDS } = rules
  assertInteger("timeoutSeconds", timeoutSeconds, 0, 255)
  assertInteger("maximumDigits", maximumDigits, 1, 15)
  assertInteger("minimumDigits", minimumDigits, 0, maximumDigits)
  return Uint8Array.of(timeoutSeconds, timeoutSeconds)
}

const digits = ({ minimumDigits, maximumDigits }: PinEntryRules) => little((minimumDigits << 8) | maximumDigits, 2)

function tail(command: Uint8Array): Uint8Array {
  assertInteger("command.length", command.length, 5, 260)
  return concat(0, 0, 0, little(command.length, 4), command)
}

/**
 * PIN_VERIFY_STRUCTURE: the reader asks for a PIN, puts it into the command and sends that to the card.
 *
 * @throws {RangeError} when a number is out of its range
 * @example pinVerifyStructure(FINANCIAL_VERIFY, { minimumDigits: 6, maximumDigits: 6 })
 */
export function pinVerifyStructure(place: PinPlace, rules: PinEntryRules): Uint8Array {
  return concat(
    head(rules),
    place.format,
    place.block,
    place.lengthFormat,
    digits(rules),
    OK_KEY,
    1,
    little(rules.language ?? CHINESE, 2),
    0,
    tail(place.command),
  )
}

/** Where old and new PIN stand, counted from the end of the command's header. */
export interface PinOffsets {
  readonly old: number
  readonly new: number
}

/** PIN_MODIFY_STRUCTURE: the same for the old PIN and a new one, typed twice. @throws {RangeError} as {@link pinVerifyStructure} */
export function pinModifyStructure(place: PinPlace, offsets: PinOffsets, rules: PinEntryRules): Uint8Array {
  return concat(
    head(rules),
    place.format,
    place.block,
    place.lengthFormat,
    offsets.old,
    offsets.new,
    digits(rules),
    CONFIRM_AND_OLD,
    OK_KEY,
    3,
    little(rules.language ?? CHINESE, 2),
    Uint8Array.of(0, 1, 2),
    tail(place.command),
  )
}

/** VERIFY of the social security application: `00 20 00 00 03`, six digits packed. */
export const SOCIAL_SECURITY_VERIFY: PinPlace = {
  format: 0x81,
  block: 0x03,
  lengthFormat: 0x00,
  command: hex("0020000003FFFFFF"),
}

/** CHANGE PIN of the social security application: old PIN, FF, new PIN. */
export const SOCIAL_SECURITY_CHANGE: PinPlace & { readonly offsets: PinOffsets } = {
  format: 0x81,
  block: 0x03,
  lengthFormat: 0x00,
  command: hex("805E010007FFFFFFFFFFFFFF"),
  offsets: { old: 0, new: 4 },
}

/** VERIFY of the financial application: PIN block `2L PIN F..` (EMV Book 3 §6.5.12). */
export const FINANCIAL_VERIFY: PinPlace = {
  format: 0x89,
  block: 0x47,
  lengthFormat: 0x04,
  command: hex("002000800820FFFFFFFFFFFFFF"),
}
