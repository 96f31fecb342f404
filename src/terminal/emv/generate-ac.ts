import {
  buildDol,
  commandApdu,
  parseTlv,
  readUint16,
  responseData,
  SW,
  statusWord,
  type Tlv,
} from "../../apdu/index.js"
import type { EmvPublicKey } from "../../crypto/index.js"
import { type CryptogramType, cryptogramBits, cryptogramType } from "../../dictionary/index.js"
import { CardDataError } from "./card-data-error.js"
import { checkCombined } from "./combined-authentication.js"
import { parseDolOf } from "./processing-options.js"
import { hashTransaction } from "./transaction-hash.js"
import type { TransactionState } from "./transaction-state.js"

/** What GENERATE AC answered. */
export interface Cryptogram {
  readonly type: CryptogramType
  /** Tag 9F27. */
  readonly informationData: number
  /** Application transaction counter, tag 9F36. */
  readonly counter: number
  /** Tag 9F26, 8 bytes. */
  readonly value: Uint8Array
  /** Tag 9F10, at most 32 bytes; empty when the card gave none. */
  readonly issuerApplicationData: Uint8Array
  /** CDA was asked for and the signature is not to be believed; `value` counts for nothing then. */
  readonly signatureFailed: boolean
}

/**
 * GENERATE AC (EMV Book 3 §6.5.5): the first with CDOL1, the second with CDOL2. Stores 9F26, 9F27, 9F36 and 9F10.
 *
 * @param dolTag 0x8C or 0x8D
 * @param combinedKey asks for CDA and checks the signature with it (EMV Book 2 §6.6)
 * @throws {CardDataError} when the card refuses, answers malformed data, or gives more than it was asked for
 */
export async function generateAc(
  state: TransactionState,
  dolTag: 0x8c | 0x8d,
  ask: CryptogramType,
  combinedKey?: EmvPublicKey,
): Promise<Cryptogram> {
  const { card, data } = state
  const list = parseDolOf(data.get(dolTag)!, dolTag)
  hashTransaction(state, list)
  const values = buildDol(list, data.lookup)
  if (values.length > 255) throw new CardDataError(dolTag, "asks for more than one command can carry")
  const response = await card.transmit(
    commandApdu(0x80, 0xae, cryptogramBits(ask) | (combinedKey ? COMBINED : 0), 0x00, values, 256),
  )
  if (statusWord(response) !== SW.OK) throw new CardDataError(undefined, "GENERATE AC was refused")
  state.sent.push(values)
  const cryptogram = parseAnswer(state, responseData(response), combinedKey)
  // A card may give less than asked for (TC, then ARQC, then AAC), never more (EMV Book 3 §6.5.5.4).
  const isSecond = dolTag === 0x8d
  if (RANK[cryptogram.type] > RANK[ask] || (isSecond && cryptogram.type === "ARQC"))
    throw new CardDataError(0x9f27, "answers a cryptogram that was not asked for")
  data.set(0x9f27, Uint8Array.of(cryptogram.informationData))
  data.set(0x9f36, Uint8Array.of(cryptogram.counter >> 8, cryptogram.counter & 0xff))
  data.set(0x9f26, cryptogram.value)
  data.set(0x9f10, cryptogram.issuerApplicationData)
  return cryptogram
}

/** P1 bit 5: with a signature. */
const COMBINED = 0x10

const RANK = { AAC: 0, ARQC: 1, TC: 2 } as const

function parseAnswer(state: TransactionState, bytes: Uint8Array, combinedKey: EmvPublicKey | undefined): Cryptogram {
  const [template, ...more] = parseTlv(bytes, { mode: "lenient" })
  if (!template || more.length > 0) throw new CardDataError(undefined, "expected one template 80 or 77")
  const { value } = template
  if (template.tag === 0x80 && value.length >= 11) {
    const plain = cryptogram(value.subarray(0, 1), value.subarray(1, 3), value.subarray(3, 11), value.subarray(11))
    return combinedKey && plain.type !== "AAC" ? signed(state, plain, template, combinedKey) : plain
  }
  if (template.tag !== 0x77) throw new CardDataError(undefined, "expected one template 80 or 77")
  const get = (tag: number) => template.children?.find((object) => object.tag === tag)?.value
  const issuerData = get(0x9f10) ?? new Uint8Array(0)
  const isSigned = combinedKey !== undefined && cryptogramType(get(0x9f27)?.[0] ?? 0) !== "AAC"
  if (!isSigned) return cryptogram(get(0x9f27), get(0x9f36), get(0x9f26), issuerData)
  const plain = cryptogram(get(0x9f27), get(0x9f36), get(0x9f26) ?? NO_CRYPTOGRAM, issuerData)
  return signed(state, plain, template, combinedKey)
}

/** Stands in for a cryptogram that only the signature holds. */
const NO_CRYPTOGRAM = new Uint8Array(8)

function signed(state: TransactionState, plain: Cryptogram, template: Tlv, key: EmvPublicKey): Cryptogram {
  const found = checkCombined(state, key, template, state.sent)
  return found ? { ...plain, value: found.value } : { ...plain, signatureFailed: true }
}

function cryptogram(
  informationData: Uint8Array | undefined,
  counter: Uint8Array | undefined,
  value: Uint8Array | undefined,
  issuerApplicationData: Uint8Array,
): Cryptogram {
  if (informationData?.length !== 1 || counter?.length !== 2 || value?.length !== 8)
    throw new CardDataError(0x9f27, "expected 9F27 of 1, 9F36 of 2 and 9F26 of 8 bytes")
  if (issuerApplicationData.length > 32) throw new CardDataError(0x9f10, "has more than 32 bytes")
  const type = cryptogramType(informationData[0]!)
  if (!type) throw new CardDataError(0x9f27, "names no kind of cryptogram")
  return {
    type,
    informationData: informationData[0]!,
    counter: readUint16(counter),
    value,
    issuerApplicationData,
    signatureFailed: false,
  }
}
