import { buildDol, commandApdu, parseTlv, readUint16, responseData, SW, statusWord } from "../../apdu/index.js"
import { type CryptogramType, cryptogramBits, cryptogramType } from "../../dictionary/index.js"
import { CardDataError } from "./card-data-error.js"
import { parseDolOf } from "./processing-options.js"
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
}

/**
 * GENERATE AC (EMV Book 3 §6.5.5): the first with CDOL1, the second with CDOL2. Stores 9F26, 9F27, 9F36 and 9F10.
 *
 * @param dolTag 0x8C or 0x8D
 * @throws {CardDataError} when the card refuses, answers malformed data, or gives more than it was asked for
 */
export async function generateAc(
  state: TransactionState,
  dolTag: 0x8c | 0x8d,
  ask: CryptogramType,
): Promise<Cryptogram> {
  const { card, data } = state
  const values = buildDol(parseDolOf(data.get(dolTag)!, dolTag), data.lookup)
  if (values.length > 255) throw new CardDataError(dolTag, "asks for more than one command can carry")
  const response = await card.transmit(commandApdu(0x80, 0xae, cryptogramBits(ask), 0x00, values, 256))
  if (statusWord(response) !== SW.OK) throw new CardDataError(undefined, "GENERATE AC was refused")
  const cryptogram = parseAnswer(responseData(response))
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

const RANK = { AAC: 0, ARQC: 1, TC: 2 } as const

function parseAnswer(bytes: Uint8Array): Cryptogram {
  const [template, ...more] = parseTlv(bytes, { mode: "lenient" })
  if (!template || more.length > 0) throw new CardDataError(undefined, "expected one template 80 or 77")
  const { value } = template
  if (template.tag === 0x80 && value.length >= 11)
    return cryptogram(value.subarray(0, 1), value.subarray(1, 3), value.subarray(3, 11), value.subarray(11))
  const get = (tag: number) => template.children?.find((object) => object.tag === tag)?.value
  return cryptogram(get(0x9f27), get(0x9f36), get(0x9f26), get(0x9f10) ?? new Uint8Array(0))
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
  }
}
