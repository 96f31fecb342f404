import type { Command } from "./application.js"

/** Le or Lc fields of zero stand for the maximum. */
const SHORT_MAXIMUM = 256
const EXTENDED_MAXIMUM = 65_536

/** The one command object: parsing allocates nothing. */
export class ParsedCommand implements Command {
  bytes: Uint8Array = new Uint8Array(4)
  cla = 0
  ins = 0
  p1 = 0
  p2 = 0
  lc = 0
  dataOffset = 0
  le = -1
  /** True when Lc or Le came in extended form. */
  extended = false

  /**
   * Takes a command APDU apart: cases 1 to 4, short and extended (ISO 7816-4 §5.1).
   *
   * @returns false when the bytes are no command APDU: fewer than 4, or Lc and Le that do not fit their number
   */
  parse(bytes: Uint8Array): boolean {
    const length = bytes.length
    if (length < 4) return false
    this.bytes = bytes
    this.cla = bytes[0]!
    this.ins = bytes[1]!
    this.p1 = bytes[2]!
    this.p2 = bytes[3]!
    this.lc = 0
    this.dataOffset = 5
    this.le = -1
    this.extended = false
    if (length === 4) return true
    const third = bytes[4]!
    if (length === 5) {
      this.le = third === 0 ? SHORT_MAXIMUM : third
      return true
    }
    if (third === 0) return this.parseExtended(bytes, length)
    this.lc = third
    if (length === 5 + third) return true
    if (length !== 6 + third) return false
    const last = bytes[length - 1]!
    this.le = last === 0 ? SHORT_MAXIMUM : last
    return true
  }

  private parseExtended(bytes: Uint8Array, length: number): boolean {
    if (length < 7) return false
    this.extended = true
    const field = (bytes[5]! << 8) | bytes[6]!
    if (length === 7) {
      this.le = field === 0 ? EXTENDED_MAXIMUM : field
      return true
    }
    if (field === 0) return false
    this.lc = field
    this.dataOffset = 7
    if (length === 7 + field) return true
    if (length !== 9 + field) return false
    const le = (bytes[length - 2]! << 8) | bytes[length - 1]!
    this.le = le === 0 ? EXTENDED_MAXIMUM : le
    return true
  }

  data(): Uint8Array {
    return this.bytes.subarray(this.dataOffset, this.dataOffset + this.lc)
  }
}
