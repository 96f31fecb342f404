import { assertBytes, assertInteger } from "../apdu/index.js"

/** Bytes of an EEPROM page: the most that one physical write programs. */
export const PAGE_SIZE = 64
const SHIFT = 6
const MASK = PAGE_SIZE - 1

const NOTHING = new Uint8Array(0)
const NO_STAMPS: number[] = []

/** Copying by a loop is faster than `set` with a view up to about this many bytes. */
const LOOP_LIMIT = 48

/** Thrown inside the card when a fault plan cuts its power; the engine turns it into a CardRemovedError. */
export class PowerCut extends Error {
  constructor() {
    super("The power was cut.")
    this.name = "PowerCut"
  }
}

/**
 * The cells of one card: pages copied on their first write over an image that all cards of a profile share.
 *
 * A card that never wrote owns no page and no page map, so that fleets of a hundred thousand cards stay small.
 */
export class Pages {
  /** Grows by one with every physical write: a mark for {@link changed}. */
  generation = 0
  /** True from a power cut to the next power-on; nothing can be written then. */
  dead = false

  private readonly image: Uint8Array
  /** Page number to own page number + 1; 0 = still the image's. */
  private map: Uint16Array | undefined = undefined
  private own: Uint8Array = NOTHING
  private ownCount = 0
  /** Generation of the last write of each own page. */
  private stamps: number[] = NO_STAMPS
  /** Physical writes that still succeed; below zero: no fault plan. */
  private writesLeft = -1
  private torn = false

  /** @param image its length is a multiple of {@link PAGE_SIZE}; never written to */
  constructor(image: Uint8Array) {
    if (image.length % PAGE_SIZE !== 0)
      throw new RangeError(`image: expected a multiple of ${PAGE_SIZE} bytes, got ${image.length}`)
    this.image = image
  }

  get size(): number {
    return this.image.length
  }

  readByte(offset: number): number {
    const map = this.map
    if (map !== undefined) {
      const slot = map[offset >> SHIFT]!
      if (slot !== 0) return this.own[((slot - 1) << SHIFT) | (offset & MASK)]!
    }
    return this.image[offset]!
  }

  /** @throws {RangeError} when the stretch is not inside the memory */
  copyTo(offset: number, length: number, target: Uint8Array, at: number): void {
    const end = offset + length
    if (offset < 0 || length < 0 || end > this.image.length)
      throw new RangeError(`offset: expected ${length} bytes inside 0..${this.image.length}, got offset ${offset}`)
    const map = this.map
    if (map === undefined) {
      copy(this.image, offset, length, target, at)
      return
    }
    let from = offset
    while (from < end) {
      let page = from >> SHIFT
      const slot = map[page]!
      page++
      if (slot === 0) while (page << SHIFT < end && map[page] === 0) page++
      const until = Math.min(page << SHIFT, end)
      if (slot === 0) copy(this.image, from, until - from, target, at + from - offset)
      else copy(this.own, ((slot - 1) << SHIFT) | (from & MASK), until - from, target, at + from - offset)
      from = until
    }
  }

  /** One physical write of one byte. It happens or it does not, even when the power goes. */
  programByte(offset: number, value: number): void {
    if (offset < 0 || offset >= this.image.length)
      throw new RangeError(`offset: expected 0..${this.image.length - 1}, got ${offset}`)
    this.power()
    const base = this.ownPage(offset >> SHIFT)
    this.own[base | (offset & MASK)] = value
  }

  /** Programs a stretch, one physical write for each page it touches. */
  program(offset: number, source: Uint8Array, from = 0, length = source.length): void {
    const end = offset + length
    if (offset < 0 || end > this.image.length)
      throw new RangeError(`offset: expected ${length} bytes inside 0..${this.image.length}, got offset ${offset}`)
    let to = offset
    while (to < end) {
      const pageEnd = ((to >> SHIFT) + 1) << SHIFT
      const until = Math.min(pageEnd, end)
      this.programPage(to, source, from + to - offset, until - to)
      to = until
    }
  }

  private programPage(offset: number, source: Uint8Array, from: number, length: number): void {
    if (this.writesLeft === 0 && this.torn && !this.dead) this.programTorn(offset, source, from, length)
    this.power()
    const base = this.ownPage(offset >> SHIFT) | (offset & MASK)
    copy(source, from, length, this.own, base)
  }

  /** What is left of a write whose power went: every other cell, so that neither head nor tail can be trusted. */
  private programTorn(offset: number, source: Uint8Array, from: number, length: number): void {
    if (length < 2) return
    const base = this.ownPage(offset >> SHIFT) | (offset & MASK)
    for (let i = 0; i < length; i += 2) this.own[base + i] = source[from + i]!
  }

  private power(): void {
    if (this.dead) throw new PowerCut()
    if (this.writesLeft < 0) return
    if (this.writesLeft === 0) {
      this.dead = true
      this.writesLeft = -1
      throw new PowerCut()
    }
    this.writesLeft--
  }

  /** Where the own copy of a page begins in `own`; makes the copy when there is none. */
  private ownPage(page: number): number {
    let map = this.map
    if (map === undefined) {
      map = this.map = new Uint16Array(this.image.length >> SHIFT)
      this.stamps = []
    }
    let slot = map[page]!
    if (slot === 0) {
      slot = ++this.ownCount
      if (slot << SHIFT > this.own.length) {
        const grown = new Uint8Array(slot === 1 ? PAGE_SIZE : this.own.length * 2)
        grown.set(this.own)
        this.own = grown
      }
      copy(this.image, page << SHIFT, PAGE_SIZE, this.own, (slot - 1) << SHIFT)
      map[page] = slot
    }
    this.stamps[slot - 1] = ++this.generation
    return (slot - 1) << SHIFT
  }

  /**
   * Cuts the power at the physical write after the next `writes` ones. `Infinity` takes the plan back.
   *
   * @param torn true: a part of that write's bytes is programmed (a single byte never is)
   */
  cutPowerAfter(writes: number, torn: boolean): void {
    if (writes !== Number.POSITIVE_INFINITY) assertInteger("writes", writes, 0, 0x3fff_ffff)
    this.writesLeft = writes === Number.POSITIVE_INFINITY ? -1 : writes
    this.torn = torn
  }

  /** A copy of all cells. */
  snapshot(): Uint8Array {
    const cells = new Uint8Array(this.image.length)
    this.copyTo(0, cells.length, cells, 0)
    return cells
  }

  /** Makes all cells equal to a snapshot; only pages that differ count as changed. */
  restore(cells: Uint8Array): void {
    assertBytes("cells", cells, this.image.length)
    for (let start = 0; start < cells.length; start += PAGE_SIZE) {
      for (let i = start; i < start + PAGE_SIZE; i++) {
        if (this.readByte(i) === cells[i]) continue
        const base = this.ownPage(start >> SHIFT)
        copy(cells, start, PAGE_SIZE, this.own, base)
        break
      }
    }
  }

  /** Numbers of the pages written after a generation, in ascending order; all pages that ever differed for 0. */
  changed(since: number): number[] {
    const pages: number[] = []
    const map = this.map
    if (map === undefined) return pages
    for (let page = 0; page < map.length; page++) {
      const slot = map[page]!
      if (slot !== 0 && this.stamps[slot - 1]! > since) pages.push(page)
    }
    return pages
  }
}

function copy(source: Uint8Array, from: number, length: number, target: Uint8Array, at: number): void {
  if (length <= LOOP_LIMIT) for (let i = 0; i < length; i++) target[at + i] = source[from + i]!
  else target.set(source.subarray(from, from + length), at)
}
