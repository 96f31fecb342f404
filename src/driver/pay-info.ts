import { InputError } from "../apdu/index.js"
import { isCalendarDate, parseYuan } from "../dictionary/index.js"
import { type Answer, fail } from "./codes.js"
import { splitFields } from "./key-string.js"

/** What a medical debit is for (driver-api §4). */
export interface PayInfo {
  /** Part of the personal account. */
  readonly personalFen: number
  /** Part of the pooled fund. */
  readonly pooledFen: number
  /** YYYYMMDDhhmmss */
  readonly dateTime: string
}

const MAXIMUM_FEN = 0xffffffff

/**
 * Reads `amount1|amount2|YYYYMMDDhhmmss|`, amounts in yuan.
 *
 * @returns −14 for another form, −23 for an amount that a card cannot hold or a moment that does not exist
 * @example parsePayInfo("0.1|0.2|20151118185001|")
 */
export function parsePayInfo(text: string): Answer<{ readonly pay: PayInfo }> {
  const parts = splitFields(text, 3)
  if (!parts.ok) return parts
  const [amount1, amount2, dateTime] = parts.fields
  const personalFen = fenOf(amount1!)
  const pooledFen = fenOf(amount2!)
  if (personalFen === undefined || pooledFen === undefined || !/^\d{14}$/.test(dateTime!)) return fail("PARAMETER")
  if (Math.max(personalFen, pooledFen) > MAXIMUM_FEN || !isMoment(dateTime!)) return fail("UNLAWFUL_DATA")
  return { ok: true, pay: { personalFen, pooledFen, dateTime: dateTime! } }
}

function fenOf(text: string): number | undefined {
  try {
    return parseYuan(text)
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

const isMoment = (digits: string): boolean =>
  isCalendarDate(digits.slice(0, 8)) && /^([01]\d|2[0-3])([0-5]\d){2}$/.test(digits.slice(8))
