import { concat, encodeTlv } from "../../../apdu/index.js"
import { combinedData, sha1, signDynamicData, sm3 } from "../../../crypto/index.js"
import type { Context } from "../../context.js"
import { transactionCounter } from "./cryptogram.js"
import type { Cryptogram } from "./decision.js"
import { rulesOf } from "./rules.js"
import { stateOf } from "./state.js"
import type { TransactionData } from "./transaction-data.js"

const UNPREDICTABLE_NUMBER = 0x9f37
const DYNAMIC_NUMBER_LENGTH = 8

/**
 * The answer of GENERATE AC with CDA: `77 { 9F27, 9F36, 9F10, 9F4B }`. The cryptogram itself is inside the signature, with a
 * hash over what the terminal sent since GET PROCESSING OPTIONS and over the answer (financial-emv §19, EMV Book 2 §6.6.1).
 */
export function combinedAnswer(
  context: Context,
  data: TransactionData,
  given: Cryptogram,
  cryptogram: Uint8Array,
  issuerData: Uint8Array,
): Uint8Array {
  const key = rulesOf(context).signingKey!
  const plain = concat(
    encodeTlv(0x9f27, Uint8Array.of(given)),
    encodeTlv(0x9f36, transactionCounter(context)),
    encodeTlv(0x9f10, issuerData),
  )
  const hash = (key.algorithm === "rsa" ? sha1 : sm3)(concat(...stateOf(context).sent, plain))
  const dynamicNumber = context.random(DYNAMIC_NUMBER_LENGTH)
  const inside = combinedData({ dynamicNumber, informationData: given, cryptogram, hash })
  const signature = signDynamicData(key, inside, data.value(UNPREDICTABLE_NUMBER))
  return encodeTlv(0x77, concat(plain, encodeTlv(0x9f4b, signature)))
}
