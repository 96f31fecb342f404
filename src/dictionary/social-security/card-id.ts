import { assertBytes, concat, equalBytes, hex, InputError } from "../../apdu/index.js"
import { type Algorithm, desCbcMac, foldKey, pad80, sm4CbcMac } from "../../crypto/index.js"
import { serialBytes } from "./card-keys.js"

/** Registered application provider of the social security card: D1 56 00 00 05. */
const RID = hex("D156000005")
const NOT_PERSONALISED = hex("FFFFFFFF")

/** Parts of a card identification code (card-structure §18.1). */
export interface CardIdParts {
  /** Six digits, GB/T 2260. */
  readonly region: string
  readonly atr: Uint8Array
}

/**
 * Builds the card identification code: region 3, RID 5, the last 4 bytes of the ATR, check 4 (card-structure §18.1).
 *
 * @param irk the card's key IRK, 16 bytes; without it the check bytes are FFFFFFFF, as before personalisation
 * @returns 16 bytes
 */
export function buildCardId(algorithm: Algorithm, parts: CardIdParts, irk?: Uint8Array): Uint8Array {
  if (!/^\d{6}$/.test(parts.region))
    throw new InputError("region", `expected six digits, got ${JSON.stringify(parts.region)}`)
  if (parts.atr.length < 4) throw new InputError("atr", `expected at least 4 bytes, got ${parts.atr.length}`)
  const body = concat(hex(parts.region), RID, serialBytes(parts.atr, 4))
  return concat(body, irk ? cardIdCheck(algorithm, irk, body) : NOT_PERSONALISED)
}

/** What a look at a card identification code finds. */
export type CardIdVerdict = "valid" | "wrongLength" | "wrongProvider" | "notPersonalised" | "wrongCheck"

/** Checks a card identification code. Cards are not refused for a wrong one; tools report it. */
export function checkCardId(algorithm: Algorithm, cardId: Uint8Array, irk: Uint8Array): CardIdVerdict {
  if (cardId.length !== 16) return "wrongLength"
  if (!equalBytes(cardId.subarray(3, 8), RID)) return "wrongProvider"
  const check = cardId.subarray(12)
  if (equalBytes(check, NOT_PERSONALISED)) return "notPersonalised"
  return equalBytes(check, cardIdCheck(algorithm, irk, cardId.subarray(0, 12))) ? "valid" : "wrongCheck"
}

function cardIdCheck(algorithm: Algorithm, irk: Uint8Array, body: Uint8Array): Uint8Array {
  assertBytes("irk", irk, 16)
  const mac = algorithm === "3des" ? desCbcMac(foldKey(irk), pad80(body, 8)) : sm4CbcMac(irk, pad80(body, 16))
  return mac.slice(0, 4)
}
