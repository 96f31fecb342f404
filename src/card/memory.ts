import { readUint16, readUint32 } from "../apdu/index.js"
import { Journal } from "./journal.js"
import type { Region } from "./layout.js"
import { Pages, PowerCut } from "./pages.js"

/**
 * The card's EEPROM: pages copied on write over the profile's shared image, with an undo journal inside it.
 *
 * The interface that handlers use; contract of architecture.md §2.3.
 */
export interface Memory {
  readByte(offset: number): number
  /** Copies a stretch out. */
  read(region: Region): Uint8Array
  /** Copies `length` bytes from `offset` into `target` at `at`. */
  copyTo(offset: number, length: number, target: Uint8Array, at: number): void
  readUint16(region: Region): number
  readUint32(region: Region): number
  /** One byte, atomic by itself: a single physical write outside a transaction (retry counters, state bytes). */
  writeByte(offset: number, value: number): void
  /** Writes a stretch. Outside a transaction it is one of its own, unless it is a single byte. */
  write(offset: number, bytes: Uint8Array): void
  /** Everything written inside happens or nothing does, power cuts included. Nesting joins the outer transaction. */
  transaction(body: () => void): void
}

const scratch = new Uint8Array(4)

/** The memory of one card: see {@link Memory}; its cells, for tools, are {@link Pages}. */
export class CardMemory implements Memory {
  readonly pages: Pages
  /** True when the journal found at power-on could not be read: the card answers 6581 to everything. */
  damaged = false
  private readonly journalRegion: Region
  private journal: Journal | undefined = undefined
  private depth = 0

  constructor(image: Uint8Array, journal: Region) {
    this.pages = new Pages(image)
    this.journalRegion = journal
  }

  readByte(offset: number): number {
    return this.pages.readByte(offset)
  }

  read(region: Region): Uint8Array {
    const bytes = new Uint8Array(region.length)
    this.pages.copyTo(region.offset, region.length, bytes, 0)
    return bytes
  }

  copyTo(offset: number, length: number, target: Uint8Array, at: number): void {
    this.pages.copyTo(offset, length, target, at)
  }

  readUint16(region: Region): number {
    this.pages.copyTo(region.offset, 2, scratch, 0)
    return readUint16(scratch)
  }

  readUint32(region: Region): number {
    this.pages.copyTo(region.offset, 4, scratch, 0)
    return readUint32(scratch)
  }

  writeByte(offset: number, value: number): void {
    if (this.depth > 0) this.openJournal().save(offset, 1)
    this.pages.programByte(offset, value)
  }

  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    if (this.depth > 0) {
      this.openJournal().save(offset, bytes.length)
      this.pages.program(offset, bytes)
    } else if (bytes.length === 1) this.pages.programByte(offset, bytes[0]!)
    else {
      const journal = this.openJournal()
      journal.save(offset, bytes.length)
      this.pages.program(offset, bytes)
      journal.commit()
    }
  }

  transaction(body: () => void): void {
    const outermost = this.depth === 0
    this.depth++
    try {
      body()
      if (outermost) this.journal?.commit()
    } catch (error) {
      if (outermost && !this.pages.dead) this.journal?.rollBack()
      throw error
    } finally {
      this.depth--
    }
  }

  /**
   * What the card does first when power comes: an unfinished transaction is undone.
   *
   * @throws {PowerCut} when a fault plan cuts the power in the middle of that
   */
  powerOn(): void {
    this.pages.dead = false
    this.journal = undefined
    if (this.pages.readByte(this.journalRegion.offset) === 0) this.damaged = false
    else this.damaged = !this.openJournal().rollBack()
  }

  private openJournal(): Journal {
    if (this.pages.dead) throw new PowerCut()
    this.journal ??= new Journal(this.pages, this.journalRegion)
    return this.journal
  }
}
