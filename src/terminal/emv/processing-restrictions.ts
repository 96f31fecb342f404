import { equalBytes, isBcd, readUint16 } from "../../apdu/index.js"
import { CardDataError } from "./card-data-error.js"
import { isAtm } from "./terminal-configuration.js"
import type { TransactionState } from "./transaction-state.js"
import { TVR } from "./verification-results.js"

/** Application usage control, tag 9F07, both bytes as one number (EMV Book 3 annex C2). */
const USAGE = {
  DOMESTIC_CASH: 0x8000,
  INTERNATIONAL_CASH: 0x4000,
  DOMESTIC_GOODS: 0x2000,
  INTERNATIONAL_GOODS: 0x1000,
  DOMESTIC_SERVICES: 0x0800,
  INTERNATIONAL_SERVICES: 0x0400,
  AT_ATMS: 0x0200,
  ELSEWHERE: 0x0100,
  DOMESTIC_CASHBACK: 0x0080,
  INTERNATIONAL_CASHBACK: 0x0040,
} as const

/**
 * Processing restrictions: versions, dates and usage control set their TVR bits and decide nothing
 * (EMV Book 3 §10.4).
 *
 * @throws {CardDataError} when a date of the card is no date
 */
export function processingRestrictions(state: TransactionState): void {
  const { data, configuration, input, verification } = state
  const cardVersion = data.get(0x9f08)
  if (cardVersion && !equalBytes(cardVersion, configuration.constants.get(0x9f09)!))
    verification.set(TVR.VERSIONS_DIFFER)

  const today = orderOfDate(Number(input.date))
  const effective = data.get(0x5f25)
  if (effective && today < cardDate(effective, 0x5f25)) verification.set(TVR.NOT_YET_EFFECTIVE)
  if (today > cardDate(data.get(0x5f24)!, 0x5f24)) verification.set(TVR.EXPIRED)

  if (!usageAllowed(state)) verification.set(TVR.SERVICE_NOT_ALLOWED)
}

function usageAllowed({ data, configuration, input }: TransactionState): boolean {
  const bytes = data.get(0x9f07)
  if (!bytes) return true
  if (bytes.length !== 2) throw new CardDataError(0x9f07, "expected 2 bytes")
  const usage = readUint16(bytes)
  if ((usage & (isAtm(configuration) ? USAGE.AT_ATMS : USAGE.ELSEWHERE)) === 0) return false
  const country = data.get(0x5f28)
  if (!country) return true
  const domestic = equalBytes(country, configuration.constants.get(0x9f1a)!)
  const allowed = (home: number, abroad: number) => (usage & (domestic ? home : abroad)) !== 0
  if (input.type === 0x01) return allowed(USAGE.DOMESTIC_CASH, USAGE.INTERNATIONAL_CASH)
  if (input.type === 0x09 && !allowed(USAGE.DOMESTIC_CASHBACK, USAGE.INTERNATIONAL_CASHBACK)) return false
  // Tag 9C does not tell goods from services, so a purchase passes when either is allowed.
  if (input.type === 0x00 || input.type === 0x09)
    return allowed(
      USAGE.DOMESTIC_GOODS | USAGE.DOMESTIC_SERVICES,
      USAGE.INTERNATIONAL_GOODS | USAGE.INTERNATIONAL_SERVICES,
    )
  return true
}

function cardDate(value: Uint8Array, tag: number): number {
  if (value.length !== 3 || !isBcd(value)) throw new CardDataError(tag, "expected a date YYMMDD")
  const [year, month, day] = value.map((byte) => (byte >> 4) * 10 + (byte & 15)) as unknown as [number, number, number]
  if (month < 1 || month > 12 || day < 1 || day > 31) throw new CardDataError(tag, "expected a date YYMMDD")
  return orderOfDate(year * 10_000 + month * 100 + day)
}

/** Years 50 to 99 belong to the last century (EMV Book 4 §6.7.3). */
function orderOfDate(yymmdd: number): number {
  return yymmdd >= 500_000 ? yymmdd : yymmdd + 1_000_000
}
