import { buildDol, commandApdu, encodeTlv, parseDol, parseTlv, responseData, SW, statusWord } from "../../apdu/index.js"
import { CardDataError } from "./card-data-error.js"
import type { TransactionState } from "./transaction-state.js"

/** One line of the application file locator, tag 94. */
export interface FileLocation {
  readonly sfi: number
  readonly first: number
  readonly last: number
  /** How many of the records, from the first on, take part in offline data authentication. */
  readonly authenticated: number
}

/** What a payment application uses; a card that points at more is playing with us. */
const MAXIMUM_RECORDS = 64

/**
 * GET PROCESSING OPTIONS: tells the card what the PDOL asks for, stores 82 and 94 (EMV Book 3 §6.5.8).
 *
 * @returns the files to read; `undefined` when the conditions of use are not satisfied (6985), so that the next
 * application may be tried
 * @throws {CardDataError} when PDOL or answer are malformed
 */
export async function getProcessingOptions(state: TransactionState): Promise<FileLocation[] | undefined> {
  const { card, data } = state
  const pdol = data.get(0x9f38)
  const values = buildDol(pdol ? parseDolOf(pdol, 0x9f38) : [], data.lookup)
  if (values.length > 253) throw new CardDataError(0x9f38, "asks for more than one command can carry")
  const response = await card.transmit(commandApdu(0x80, 0xa8, 0x00, 0x00, encodeTlv(0x83, values), 256))
  state.sent.push(values)
  const answer = statusWord(response)
  if (answer === SW.CONDITIONS_NOT_SATISFIED) return undefined
  if (answer !== SW.OK) throw new CardDataError(undefined, "GET PROCESSING OPTIONS was refused")
  const { aip, afl } = parseAnswer(responseData(response))
  data.set(0x82, aip)
  data.set(0x94, afl)
  return parseAfl(afl)
}

/** @throws {CardDataError} when the list is malformed */
export function parseDolOf(bytes: Uint8Array, tag: number): ReturnType<typeof parseDol> {
  try {
    return parseDol(bytes)
  } catch {
    throw new CardDataError(tag, "expected a data object list")
  }
}

function parseAnswer(bytes: Uint8Array): { aip: Uint8Array; afl: Uint8Array } {
  const [template, ...more] = parseTlv(bytes, { mode: "lenient" })
  if (!template || more.length > 0) throw new CardDataError(undefined, "expected one template 80 or 77")
  if (template.tag === 0x80 && template.value.length >= 6)
    return { aip: template.value.subarray(0, 2), afl: template.value.subarray(2) }
  const aip = template.children?.find((object) => object.tag === 0x82)?.value
  const afl = template.children?.find((object) => object.tag === 0x94)?.value
  if (template.tag !== 0x77 || aip?.length !== 2 || !afl)
    throw new CardDataError(template.tag, "expected an AIP of 2 bytes and an AFL")
  return { aip, afl }
}

/**
 * Reads an application file locator (EMV Book 3 §10.2).
 *
 * @throws {CardDataError} when it is malformed or points at more than 64 records
 */
export function parseAfl(afl: Uint8Array): FileLocation[] {
  if (afl.length === 0 || afl.length % 4 !== 0) throw new CardDataError(0x94, "expected a multiple of 4 bytes")
  const locations: FileLocation[] = []
  let records = 0
  for (let i = 0; i < afl.length; i += 4) {
    const [file, first, last, authenticated] = afl.subarray(i, i + 4) as unknown as [number, number, number, number]
    const sfi = file >> 3
    const wellFormed = (file & 7) === 0 && sfi >= 1 && sfi <= 30 && first >= 1 && last >= first
    if (!wellFormed || authenticated > last - first + 1) throw new CardDataError(0x94, "names no range of records")
    records += last - first + 1
    if (records > MAXIMUM_RECORDS) throw new CardDataError(0x94, `points at more than ${MAXIMUM_RECORDS} records`)
    locations.push({ sfi, first, last, authenticated })
  }
  return locations
}
