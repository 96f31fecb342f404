import { equalBytes, isBcd } from "../../apdu/index.js"
import { AUC, type Bit, hasBit, TVR } from "../../dictionary/index.js"
import { CardDataError } from "./card-data-error.js"
import { isAtm } from "./terminal-configuration.js"
import type { TransactionState } from "./transaction-state.js"

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
    verification.set(TVR.versionsDiffer)

  const today = orderOfDate(Number(input.date))
  const effective = data.get(0x5f25)
  if (effective && today < cardDate(effective, 0x5f25)) verification.set(TVR.notYetEffective)
  if (today > cardDate(data.get(0x5f24)!, 0x5f24)) verification.set(TVR.expired)

  if (!usageAllowed(state)) verification.set(TVR.serviceNotAllowed)
}

function usageAllowed({ data, configuration, input }: TransactionState): boolean {
  const bytes = data.get(0x9f07)
  if (!bytes) return true
  if (!hasBit(bytes, isAtm(configuration) ? AUC.atms : AUC.otherTerminals)) return false
  const country = data.get(0x5f28)
  if (!country) return true
  const domestic = equalBytes(country, configuration.constants.get(0x9f1a)!)
  const allowed = (home: Bit, abroad: Bit) => hasBit(bytes, domestic ? home : abroad)
  if (input.type === 0x01) return allowed(AUC.domesticCash, AUC.internationalCash)
  if (input.type === 0x09 && !allowed(AUC.domesticCashback, AUC.internationalCashback)) return false
  // Tag 9C does not tell goods from services, so a purchase passes when either is allowed.
  if (input.type === 0x00 || input.type === 0x09)
    return (
      allowed(AUC.domesticGoods, AUC.internationalGoods) || allowed(AUC.domesticServices, AUC.internationalServices)
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
