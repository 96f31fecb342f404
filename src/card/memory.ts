import type { Region } from "./layout.js"

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
  /** One physical write of one byte; atomic by itself (retry counters, state bytes). */
  writeByte(offset: number, value: number): void
  /** Writes a stretch. Outside a transaction it is made one when it needs more than one physical write. */
  write(offset: number, bytes: Uint8Array): void
  /** Everything written inside happens or nothing does, power cuts included. Nesting joins the outer transaction. */
  transaction(body: () => void): void
}
