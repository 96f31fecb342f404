import { assertBytes, concat, InputError } from "../../apdu/index.js"
import { fenDigits } from "../money.js"

/** A balance, DE54 (host-iso8583 §4.3). */
export interface Balance {
  /** 10 saving, 20 cheque, 30 credit, 00 default. */
  readonly accountType: string
  readonly kind: "ledger" | "available"
  /** 3 digits, "156". */
  readonly currency: string
  /** Negative for a debt. */
  readonly amountFen: number
}

const BALANCE_LENGTH = 20

/** Writes DE54: 20 characters for each balance. */
export function encodeBalances(balances: readonly Balance[]): string {
  return balances
    .map(({ accountType, kind, currency, amountFen }) => {
      const text = `${accountType}${kind === "ledger" ? "01" : "02"}${currency}${amountFen < 0 ? "D" : "C"}${fenDigits(Math.abs(amountFen))}`
      if (text.length !== BALANCE_LENGTH)
        throw new RangeError("balances: expected an account type of 2 and a currency of 3 digits")
      return text
    })
    .join("")
}

/** Reads DE54. @throws {InputError} naming DE54 */
export function decodeBalances(text: string): Balance[] {
  if (text.length % BALANCE_LENGTH !== 0)
    throw new InputError("DE54", `expected ${BALANCE_LENGTH} characters for each balance, got ${text.length}`)
  const balances: Balance[] = []
  for (let at = 0; at < text.length; at += BALANCE_LENGTH) {
    const match = /^(\d\d)(0[12])(\d{3})([CD])(\d{12})$/.exec(text.slice(at, at + BALANCE_LENGTH))
    if (!match) throw new InputError("DE54", "expected account type, amount type, currency, C or D, amount")
    const amount = Number(match[5])
    balances.push({
      accountType: match[1]!,
      kind: match[2] === "01" ? "ledger" : "available",
      currency: match[3]!,
      amountFen: match[4] === "D" && amount > 0 ? -amount : amount,
    })
  }
  return balances
}

/** Private digits, DE60 (host-iso8583 §4.5). Trailing parts may be missing. */
export interface PrivateDigits {
  /** 00 network, 01 ATM or kiosk, 02 counter, 22 POS purchase. */
  readonly type: string
  /** 6 digits. */
  readonly batch: string
  /** See `NETWORK_CODE`. */
  readonly networkCode: string
  /** 5 contact IC, 6 both, 2 magnetic stripe. */
  readonly capability?: string
  /** 0, or 1 when the last reading of a chip failed. */
  readonly iccCondition?: string
}

/** Third part of DE60: what a network message asks for; 000 in financial messages. */
export const NETWORK_CODE = {
  FINANCIAL: "000",
  SIGN_ON_SINGLE: "001",
  SIGN_OFF: "002",
  SIGN_ON: "003",
  SIGN_ON_WITH_TRACK_KEY: "004",
  CUTOVER_BEGIN: "201",
  CUTOVER_END: "202",
  ECHO: "301",
} as const

/** Writes DE60. */
export function encodePrivateDigits({ type, batch, networkCode, capability, iccCondition }: PrivateDigits): string {
  const digits = type + batch + networkCode + (capability ?? "") + (iccCondition ?? "")
  decodePrivateDigits(digits)
  return digits
}

/** Reads DE60. @throws {InputError} naming DE60 */
export function decodePrivateDigits(digits: string): PrivateDigits {
  const match = /^(\d\d)(\d{6})(\d{3})(\d)?(\d)?$/.exec(digits)
  if (!match) throw new InputError("DE60", `expected 11 to 13 digits, got ${digits.length} characters`)
  const [, type, batch, networkCode, capability, iccCondition] = match
  return {
    type: type!,
    batch: batch!,
    networkCode: networkCode!,
    ...(capability !== undefined && { capability }),
    ...(iccCondition !== undefined && { iccCondition }),
  }
}

/** The message that a reversal, advice or script result is about, DE90 (host-iso8583 §4.5). */
export interface OriginalData {
  readonly messageType: string
  /** DE11, 6 digits. */
  readonly stan: string
  /** DE7, 10 digits. */
  readonly transmissionTime: string
  /** DE32; leading zeros do not count. */
  readonly acquirer: string
  /** DE33; leading zeros do not count. */
  readonly forwarder?: string
}

/** Writes DE90: institutions right aligned with zeros in front. */
export function encodeOriginalData(original: OriginalData): string {
  const digits =
    original.messageType +
    original.stan +
    original.transmissionTime +
    original.acquirer.padStart(11, "0") +
    (original.forwarder ?? "").padStart(11, "0")
  checkOriginalData(digits)
  return digits
}

/** Reads DE90; institutions keep their 11 digits. @throws {InputError} naming DE90 */
export function decodeOriginalData(digits: string): Required<OriginalData> {
  checkOriginalData(digits)
  return {
    messageType: digits.slice(0, 4),
    stan: digits.slice(4, 10),
    transmissionTime: digits.slice(10, 20),
    acquirer: digits.slice(20, 31),
    forwarder: digits.slice(31, 42),
  }
}

function checkOriginalData(digits: string): void {
  if (!/^\d{42}$/.test(digits)) throw new InputError("DE90", `expected 42 digits, got ${digits.length} characters`)
}

/** Writes DE95: the amount that was really paid, and 30 zeros. */
export function encodeReplacementAmount(fen: number): string {
  return fenDigits(fen).padEnd(42, "0")
}

/** Reads the actual amount in fen from DE95. @throws {InputError} naming DE95 */
export function decodeReplacementAmount(text: string): number {
  if (!/^\d{12}0{30}$/.test(text)) throw new InputError("DE95", "expected an amount of 12 digits and 30 zeros")
  return Number(text.slice(0, 12))
}

/** A working key as it travels: wrapped by the terminal master key, with the check value of the clear key. */
export interface WrappedKey {
  /** 16 bytes; a single-length key is followed by 8 zero bytes. */
  readonly wrapped: Uint8Array
  /** 4 bytes. */
  readonly checkValue: Uint8Array
}

/** The keys of a sign-on answer, DE62 (host-iso8583 §7). */
export interface WorkingKeys {
  readonly pinKey: WrappedKey
  readonly macKey: WrappedKey
  readonly trackKey?: WrappedKey
}

const WRAPPED_LENGTH = 20

/** Writes DE62. */
export function encodeWorkingKeys({ pinKey, macKey, trackKey }: WorkingKeys): Uint8Array {
  const keys = trackKey ? [pinKey, macKey, trackKey] : [pinKey, macKey]
  for (const { wrapped, checkValue } of keys) {
    assertBytes("wrapped", wrapped, 16)
    assertBytes("checkValue", checkValue, 4)
  }
  return concat(...keys.flatMap(({ wrapped, checkValue }) => [wrapped, checkValue]))
}

/** Reads DE62. @throws {InputError} naming DE62 when it holds neither two nor three keys */
export function decodeWorkingKeys(bytes: Uint8Array): WorkingKeys {
  if (bytes.length !== 2 * WRAPPED_LENGTH && bytes.length !== 3 * WRAPPED_LENGTH)
    throw new InputError("DE62", `expected ${2 * WRAPPED_LENGTH} or ${3 * WRAPPED_LENGTH} bytes, got ${bytes.length}`)
  const keyAt = (at: number): WrappedKey => ({
    wrapped: bytes.slice(at, at + 16),
    checkValue: bytes.slice(at + 16, at + WRAPPED_LENGTH),
  })
  const keys = { pinKey: keyAt(0), macKey: keyAt(WRAPPED_LENGTH) }
  return bytes.length === 3 * WRAPPED_LENGTH ? { ...keys, trackKey: keyAt(2 * WRAPPED_LENGTH) } : keys
}
