import { InputError } from "../apdu/index.js"

/** The largest amount that fits DE4 and tag 9F02: twelve digits of fen. */
const MAXIMUM_FEN = 999_999_999_999

/**
 * Reads an amount that a person wrote in yuan.
 *
 * @param field what to call the amount in an error message
 * @returns a safe integer of fen, 0 or more
 * @throws {InputError} for anything but digits with at most two decimals, or more than 9,999,999,999.99
 * @example parseYuan("500.5") // 50050
 */
export function parseYuan(text: string, field = "amount"): number {
  const match = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (!match)
    throw new InputError(field, `expected an amount in yuan such as 500 or 500.00, got ${JSON.stringify(text)}`, {
      messageZh: `${field}:金额应为元,如 500 或 500.00,收到 ${JSON.stringify(text)}`,
    })
  return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"))
}

/**
 * Reads an amount in yuan as card drivers do: decimals beyond the second are rounded half up, on the digits and
 * never on floating point numbers (card-structure §9.5).
 *
 * @throws {InputError} for anything but digits with an optional decimal part
 * @example roundYuan("12.125") // 1213
 */
export function roundYuan(text: string, field = "amount"): number {
  const match = /^(\d{1,10})(?:\.(\d{1,20}))?$/.exec(text.trim())
  if (!match) throw new InputError(field, `expected an amount in yuan such as 12.12, got ${JSON.stringify(text)}`)
  const decimals = (match[2] ?? "").padEnd(3, "0")
  return Number(match[1]) * 100 + Number(decimals.slice(0, 2)) + (decimals[2]! >= "5" ? 1 : 0)
}

/**
 * Writes fen as yuan with two decimals, without grouping.
 *
 * @param fen an integer; negative for a debt
 * @throws {RangeError} when a number is no safe integer
 * @example formatYuan(50050) // "500.50"
 */
export function formatYuan(fen: number | bigint): string {
  if (typeof fen === "number" && !Number.isSafeInteger(fen))
    throw new RangeError(`fen: expected a safe integer, got ${fen}`)
  const digits = String(fen).replace("-", "").padStart(3, "0")
  return `${fen < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/**
 * Fen as the twelve digits of DE4 and of tags 9F02, 9F03, 9F79.
 *
 * @throws {RangeError} outside 0..999,999,999,999
 */
export function fenDigits(fen: number | bigint): string {
  const value = typeof fen === "bigint" ? fen : Number.isSafeInteger(fen) ? BigInt(fen) : -1n
  if (value < 0n || value > MAXIMUM_FEN)
    throw new RangeError(`fen: expected an integer in 0..${MAXIMUM_FEN}, got ${fen}`)
  return value.toString().padStart(12, "0")
}
