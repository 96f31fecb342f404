import { concat, InputError, lengthBytes, parseTlv, type Tlv, tagBytes } from "../../apdu/index.js"

/** Tags of DE55 in a request, in the order of a fielded terminal (host-iso8583 §5). */
export const REQUEST_TAGS: readonly number[] = [
  0x9f26, 0x9f27, 0x9f10, 0x9f37, 0x9f36, 0x95, 0x9a, 0x9c, 0x9f02, 0x5f2a, 0x82, 0x9f1a, 0x9f03, 0x9f33, 0x9f34,
  0x9f35, 0x9f1e, 0x84, 0x9f09, 0x9f41, 0x9f63, 0x9f74,
]

/** Tags without which the host cannot check the cryptogram; a missing one is answered 30. */
export const CRYPTOGRAM_TAGS: readonly number[] = [
  0x9f26, 0x9f02, 0x9f03, 0x9f1a, 0x95, 0x5f2a, 0x9a, 0x9c, 0x9f37, 0x82, 0x9f36, 0x9f10,
]

/** Tags of DE55 in a reversal; DF31 when scripts ran. */
export const REVERSAL_TAGS: readonly number[] = [0x95, 0x9f1e, 0x9f10, 0x9f36, 0xdf31]

/** Tags of DE55 in a script result advice. */
export const SCRIPT_RESULT_TAGS: readonly number[] = [
  0x9f33, 0x95, 0x9f37, 0x9f1e, 0x9f10, 0x9f26, 0x9f36, 0x82, 0xdf31, 0x9f1a, 0x9a,
]

const MAXIMUM_LENGTH = 255
const MAXIMUM_HEADS = 1_000

/**
 * Writes DE55: the values that are there, in the order of the list.
 *
 * @param lookup value of a tag, `undefined` leaves it out
 * @throws {InputError} naming DE55 when they take more than 255 bytes
 * @example encodeIcData(REQUEST_TAGS, (tag) => store.get(tag))
 */
export function encodeIcData(tags: readonly number[], lookup: (tag: number) => Uint8Array | undefined): Uint8Array {
  let length = 0
  for (const tag of tags) {
    const value = lookup(tag)
    if (!value) continue
    const head = headOf(tag, value.length)
    length = append(length, head)
    length = append(length, value)
  }
  if (length > MAXIMUM_LENGTH) throw new InputError("DE55", `expected at most ${MAXIMUM_LENGTH} bytes, got ${length}`)
  return scratch.slice(0, length)
}

/** Objects are written here and cut out: their length is known only at the end. */
const scratch = new Uint8Array(MAXIMUM_LENGTH)

/** What goes beyond the end is counted, not written. */
function append(at: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) scratch[at + i] = bytes[i]!
  return at + bytes.length
}

/** Tag and length of an object by both: the same few stand in every message. */
const heads = new Map<number, Uint8Array>()

function headOf(tag: number, length: number): Uint8Array {
  const key = tag * 0x100 + length
  const known = length <= MAXIMUM_LENGTH ? heads.get(key) : undefined
  if (known) return known
  const head = concat(tagBytes(tag), lengthBytes(length))
  if (length <= MAXIMUM_LENGTH && heads.size < MAXIMUM_HEADS) heads.set(key, head)
  return head
}

/** Reads DE55. @throws {InputError} naming DE55 when it is no BER-TLV */
export function decodeIcData(bytes: Uint8Array): Tlv[] {
  try {
    return parseTlv(bytes)
  } catch (cause) {
    throw new InputError("DE55", "expected well-formed BER-TLV", { cause })
  }
}
