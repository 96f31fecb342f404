import { assertBytes, assertInteger, readUint16 } from "./bytes.js"

/** A command APDU in its parts (ISO 7816-3 §12.1). */
export interface CommandApdu {
  readonly cla: number
  readonly ins: number
  readonly p1: number
  readonly p2: number
  /** Empty in cases 1 and 2. A view of the bytes that were parsed. */
  readonly data: Uint8Array
  /** How many bytes may come back, 1..65536 (00 reads as 256, 0000 as 65536); `undefined` in cases 1 and 3. */
  readonly le: number | undefined
  /** True when the length fields are extended. */
  readonly extended: boolean
  readonly case: 1 | 2 | 3 | 4
}

const NO_DATA = new Uint8Array(0)

/**
 * Writes a command APDU: short when 255 bytes of data and Le 256 are enough, else extended.
 *
 * @param data at most 65535 bytes; none or empty for cases 1 and 2
 * @param le how many bytes may come back: 1..65536, where 256 is written 00; `undefined` for none
 * @throws {RangeError} when a part is out of range
 * @example commandApdu(0x00, 0xb2, 1, 0x2c, undefined, 256) // 00B2012C00
 */
export function commandApdu(
  cla: number,
  ins: number,
  p1: number,
  p2: number,
  data: Uint8Array = NO_DATA,
  le?: number,
): Uint8Array {
  assertInteger("cla", cla, 0, 255)
  assertInteger("ins", ins, 0, 255)
  assertInteger("p1", p1, 0, 255)
  assertInteger("p2", p2, 0, 255)
  assertBytes("data", data)
  assertInteger("data.length", data.length, 0, 0xffff)
  if (le !== undefined) assertInteger("le", le, 1, 0x10000)
  const extended = data.length > 255 || (le !== undefined && le > 256)
  const lengths = lengthFields(data.length, le, extended)
  const command = new Uint8Array(4 + lengths.lc.length + data.length + lengths.le.length)
  command.set([cla, ins, p1, p2, ...lengths.lc])
  command.set(data, 4 + lengths.lc.length)
  command.set(lengths.le, command.length - lengths.le.length)
  return command
}

function lengthFields(length: number, le: number | undefined, extended: boolean): { lc: number[]; le: number[] } {
  if (!extended) return { lc: length > 0 ? [length] : [], le: le === undefined ? [] : [le & 0xff] }
  // The zero byte that marks an extended command stands once, before the first length field.
  const lc = length > 0 ? [0, length >> 8, length & 0xff] : []
  if (le === undefined) return { lc, le: [] }
  return { lc, le: [...(length > 0 ? [] : [0]), (le >> 8) & 0xff, le & 0xff] }
}

/**
 * Reads a command APDU: cases 1, 2S, 3S, 4S, 2E, 3E, 4E (ISO 7816-3 §12.1.3).
 *
 * @returns `undefined` when the length fields and the number of bytes do not agree
 * @example parseCommand(hex("00A40000023F00"))?.data // 3F00
 */
export function parseCommand(bytes: Uint8Array): CommandApdu | undefined {
  const length = bytes.length
  if (length < 4) return undefined
  if (length === 4) return part(bytes, 1, false, NO_DATA, undefined)
  const lc = bytes[4]!
  if (length === 5) return part(bytes, 2, false, NO_DATA, lc || 256)
  if (lc !== 0) {
    if (length === 5 + lc) return part(bytes, 3, false, bytes.subarray(5), undefined)
    if (length === 6 + lc) return part(bytes, 4, false, bytes.subarray(5, 5 + lc), bytes[5 + lc]! || 256)
    return undefined
  }
  if (length < 7) return undefined
  const extendedLength = readUint16(bytes, 5)
  if (length === 7) return part(bytes, 2, true, NO_DATA, extendedLength || 0x10000)
  if (extendedLength === 0) return undefined
  const end = 7 + extendedLength
  if (length === end) return part(bytes, 3, true, bytes.subarray(7), undefined)
  if (length === end + 2) return part(bytes, 4, true, bytes.subarray(7, end), readUint16(bytes, end) || 0x10000)
  return undefined
}

function part(
  bytes: Uint8Array,
  commandCase: 1 | 2 | 3 | 4,
  extended: boolean,
  data: Uint8Array,
  le: number | undefined,
): CommandApdu {
  return { cla: bytes[0]!, ins: bytes[1]!, p1: bytes[2]!, p2: bytes[3]!, data, le, extended, case: commandCase }
}
