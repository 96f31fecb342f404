import { type Answer, fail } from "./codes.js"

/** The card that the caller means: what is not empty must be the card's own (driver-api §3.1). */
export interface CardInfo {
  /** Card identification code, 32 hexadecimal digits in upper case; empty: any. */
  readonly cardId: string
  /** Card number, 9 characters; empty: any. */
  readonly cardNumber: string
}

/**
 * Reads `卡识别码|卡号|`.
 *
 * @returns −20 for an identification code of another form, −14 for anything else that is wrong
 */
export function parseCardInfo(text: string): Answer<{ readonly info: CardInfo }> {
  const match = /^([^|]*)\|([^|]*)\|?$/.exec(text)
  if (!match) return fail("PARAMETER")
  const cardId = match[1]!.toUpperCase()
  const cardNumber = match[2]!.toUpperCase()
  if (cardId !== "" && !/^[0-9A-F]{32}$/.test(cardId)) return fail("CARD_ID_FORM")
  if (cardNumber !== "" && !/^[0-9A-Z]{9}$/.test(cardNumber)) return fail("PARAMETER")
  return { ok: true, info: { cardId, cardNumber } }
}
