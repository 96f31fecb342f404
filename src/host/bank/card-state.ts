import type { Region } from "../regions/region.js"
import type { CardRow, CardState } from "../store/rows.js"
import type { BankTime } from "./time.js"

const CODES: Readonly<Record<CardState, string | undefined>> = {
  active: undefined,
  notActivated: "21",
  activating: "21",
  pinLocked: "75",
  frozen: "62",
  stopPay: "62",
  dormant: "57",
  tempLost: "41",
  formallyLost: "41",
  reissued: "14",
  closed: "14",
}

/** Answer code of a card that is not simply active; undefined for one that is (domain-rules §4.2). */
export function stateCode(card: CardRow, region: Region): string | undefined {
  if (card.listedCode) return card.listedCode
  if (card.state === "pinLocked" && region.bank.retainOnPinLock) return "38"
  return CODES[card.state]
}

/** True from the first day after the month the card is good for. @param expiry YYMM */
export function isExpired(expiry: string, { day }: BankTime): boolean {
  return expiry < day.slice(2, 6)
}
