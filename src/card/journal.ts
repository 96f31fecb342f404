import type { Region } from "./layout.js"
import type { Pages } from "./pages.js"

/** Bytes of an entry around the old contents: offset 3, length 2, check 1. */
export const ENTRY_OVERHEAD = 6
const HEAD = 5
/** Entries that the counter byte can tell. */
const MAXIMUM_ENTRIES = 255

let scratch = new Uint8Array(1024)

/**
 * The undo journal of one card, inside its own memory: `entries 1 ‖ entry ‖ entry ..`, an entry being
 * `offset 3 ‖ length 2 ‖ old bytes ‖ check 1`.
 *
 * The first byte makes everything atomic: an entry counts only after that byte counted it, and only then may the bytes it
 * saves be overwritten; writing it back to 00 commits. A single byte is programmed or not, whenever the power goes.
 */
export class Journal {
  private readonly pages: Pages
  private readonly region: Region
  private entries = 0
  private tail: number

  constructor(pages: Pages, region: Region) {
    this.pages = pages
    this.region = region
    this.tail = region.offset + 1
  }

  /**
   * Saves the present contents of a stretch.
   *
   * @throws {RangeError} when the journal is full: the layout was compiled for smaller transactions
   */
  save(offset: number, length: number): void {
    const size = length + ENTRY_OVERHEAD
    if (this.tail + size > this.region.offset + this.region.length || this.entries === MAXIMUM_ENTRIES)
      throw new RangeError(`length: the journal of ${this.region.length} bytes has no room for ${length} more`)
    if (scratch.length < size) scratch = new Uint8Array(size)
    scratch[0] = offset >> 16
    scratch[1] = offset >> 8
    scratch[2] = offset
    scratch[3] = length >> 8
    scratch[4] = length
    this.pages.copyTo(offset, length, scratch, HEAD)
    scratch[size - 1] = checkOf(scratch, 0, size - 1)
    this.pages.program(this.tail, scratch, 0, size)
    this.pages.programByte(this.region.offset, ++this.entries)
    this.tail += size
  }

  /** Makes everything since the last commit final, by one atomic byte. */
  commit(): void {
    if (this.entries === 0) return
    this.pages.programByte(this.region.offset, 0)
    this.clear()
  }

  /**
   * Puts the saved contents back, newest first, then clears the journal. May itself be cut at any point and done again.
   *
   * @returns false when an entry does not match its check: the memory is damaged and stays as it is
   */
  rollBack(): boolean {
    const { pages, region } = this
    const saved = readEntries(pages, region)
    if (saved === undefined) return false
    for (let i = saved.length - 1; i >= 0; i--) pages.program(saved[i]!.offset, saved[i]!.bytes)
    if (pages.readByte(region.offset) !== 0) pages.programByte(region.offset, 0)
    this.clear()
    return true
  }

  private clear(): void {
    this.entries = 0
    this.tail = this.region.offset + 1
  }
}

function readEntries(pages: Pages, region: Region): { offset: number; bytes: Uint8Array }[] | undefined {
  const area = new Uint8Array(region.length)
  pages.copyTo(region.offset, region.length, area, 0)
  const saved: { offset: number; bytes: Uint8Array }[] = []
  let at = 1
  for (let left = area[0]!; left > 0; left--) {
    if (at + ENTRY_OVERHEAD > area.length) return undefined
    const offset = (area[at]! << 16) | (area[at + 1]! << 8) | area[at + 2]!
    const end = at + HEAD + ((area[at + 3]! << 8) | area[at + 4]!)
    if (end >= area.length || checkOf(area, at, end) !== area[end]) return undefined
    saved.push({ offset, bytes: area.slice(at + HEAD, end) })
    at = end + 1
  }
  return saved
}

/** A rotating exclusive or: notices a damaged entry; what a torn write leaves is never counted as an entry. */
function checkOf(bytes: Uint8Array, from: number, to: number): number {
  let check = 0x5a
  for (let i = from; i < to; i++) check = (((check << 1) | (check >> 7)) & 0xff) ^ bytes[i]!
  return check
}
