import {
  bcdDigits,
  commandApdu,
  isPaddedBcd,
  parseTlv,
  responseData,
  SW,
  statusWord,
  type Tlv,
} from "../../apdu/index.js"
import { emvTag } from "../../dictionary/index.js"
import { CardDataError } from "./card-data-error.js"
import type { FileLocation } from "./processing-options.js"
import type { TransactionState } from "./transaction-state.js"

/** Data without which a transaction ends (EMV Book 3 §7.2). */
const MANDATORY = [0x5f24, 0x5a, 0x8c, 0x8d]

/** Card data that the steps rely on to have the length of their definition. */
const CHECKED: ReadonlySet<number> = new Set([
  0x57, 0x5a, 0x5f24, 0x5f25, 0x5f28, 0x5f34, 0x9f07, 0x9f08, 0x9f0d, 0x9f0e, 0x9f0f, 0x8f, 0x9f14, 0x9f23, 0x9f32,
  0x9f42, 0x9f47,
])

/**
 * A record that takes part in offline data authentication, as its input needs it (financial-emv §15); undefined for one
 * that is no template 70, which makes the authentication fail (EMV Book 3 §10.3).
 */
export type AuthenticatedRecord = Uint8Array | undefined

/**
 * Reads the records that the AFL names into the data store (EMV Book 3 §10.2).
 *
 * @returns the input of offline data authentication: of SFI 1 to 10 the value of template 70, else the whole record
 * @throws {CardDataError} when a record cannot be read, is malformed, repeats a tag, or mandatory data are missing
 */
export async function readApplicationData(
  state: TransactionState,
  locations: readonly FileLocation[],
): Promise<AuthenticatedRecord[]> {
  const authenticated: AuthenticatedRecord[] = []
  for (const { sfi, first, last, authenticated: count } of locations) {
    for (let record = first; record <= last; record++) {
      const response = await state.card.transmit(commandApdu(0x00, 0xb2, record, (sfi << 3) | 4, undefined, 256))
      if (statusWord(response) !== SW.OK) throw new CardDataError(0x94, `record ${record} of file ${sfi} not readable`)
      const bytes = responseData(response)
      // Files above 10 belong to the card's own applications; their records need not be templates.
      const template = sfi <= 10 ? readRecord(bytes) : undefined
      for (const object of template?.children ?? []) store(state, object)
      if (record - first < count) authenticated.push(template?.value ?? (bytes[0] === 0x70 ? bytes : undefined))
    }
  }
  for (const tag of MANDATORY) if (!state.data.get(tag)) throw new CardDataError(tag, "mandatory data is missing")
  return authenticated
}

/** Padding 00 between objects is allowed (EMV Book 3 annex B1), anything else that does not parse is not. */
function readRecord(bytes: Uint8Array): Tlv {
  const objects = parseTlv(bytes, { mode: "lenient" })
  const [template] = objects
  const wellFormed = objects.length === 1 && template?.tag === 0x70 && isComplete(bytes, objects)
  if (!wellFormed || !isComplete(template.value, template.children ?? []))
    throw new CardDataError(0x70, "expected one well-formed record template")
  return template
}

function isComplete(bytes: Uint8Array, objects: readonly Tlv[]): boolean {
  const last = objects.at(-1)?.value
  const end = last ? last.byteOffset + last.length - bytes.byteOffset : 0
  return bytes.subarray(end).every((byte) => byte === 0)
}

function store({ data }: TransactionState, { tag, value, children }: Tlv): void {
  // A template that this terminal does not know is the issuer's own affair (EMV Book 3 §7.1).
  if (children) return
  const definition = CHECKED.has(tag) ? emvTag(tag) : undefined
  if (definition && (value.length < definition.minimum || value.length > definition.maximum))
    throw new CardDataError(tag, `has ${value.length} bytes`)
  // PIN block and messages need a PAN of 13 to 19 digits (host-iso8583 §3, §8).
  if (tag === 0x5a && !(isPaddedBcd(value) && /^\d{13,19}$/.test(bcdDigits(value))))
    throw new CardDataError(tag, "expected 13 to 19 digits")
  if (!data.addFromCard(tag, value)) throw new CardDataError(tag, "stands in more than one record")
}
