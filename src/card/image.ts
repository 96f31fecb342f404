import { ENTRY_OVERHEAD } from "./journal.js"
import type { Region } from "./layout.js"
import { PAGE_SIZE } from "./pages.js"

/** Room in the journal for what any transaction writes besides its file and the elements: PIN, counters, states. */
const JOURNAL_SLACK = 256

/** Lays out the memory image of a profile: contents one behind the other, the journal last. */
export class ImageBuilder {
  private cells = new Uint8Array(4096)
  private used = 0

  /** Takes room for `contents`, or more when `room` is longer; the rest is zero. */
  place(contents: Uint8Array, room = contents.length): Region {
    const region = { offset: this.used, length: room }
    this.used += room
    if (this.used > this.cells.length) this.cells = resized(this.cells, 2 * this.used)
    this.cells.set(contents, region.offset)
    return region
  }

  /** Writes contents into room taken before. */
  fill(offset: number, contents: Uint8Array): void {
    this.cells.set(contents, offset)
  }

  /** Ends the image with a journal for transactions that save so many bytes in so many entries. */
  finish(bytes: number, entries: number): { image: Uint8Array; journal: Region } {
    this.place(new Uint8Array(0), -this.used & (PAGE_SIZE - 1))
    const wanted = 1 + bytes + entries * ENTRY_OVERHEAD + JOURNAL_SLACK
    const journal = this.place(new Uint8Array(0), Math.ceil(wanted / PAGE_SIZE) * PAGE_SIZE)
    return { image: resized(this.cells, this.used), journal }
  }
}

function resized(cells: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(length)
  copy.set(cells.subarray(0, length))
  return copy
}
