import type { ElementaryFile, RecordSlot } from "./layout.js"
import type { Memory } from "./memory.js"

/** Number of record places that may hold a record: written ones of a cyclic file, all slots otherwise. */
export function recordCount(memory: Memory, file: ElementaryFile): number {
  return file.structure === "cyclic" ? memory.readByte(file.region.offset + 1) : file.records.length
}

/**
 * The slot behind a record number; in a cyclic file number 1 is the newest record (card-structure §9.3).
 *
 * @param number 1 to {@link recordCount}
 */
export function recordSlot(memory: Memory, file: ElementaryFile, number: number): RecordSlot {
  if (file.structure !== "cyclic") return file.records[number - 1]!
  const slots = file.records.length
  return file.records[(memory.readByte(file.region.offset) + slots - number + 1) % slots]!
}

/** Bytes used in a slot; 0 for a spare one that was never filled. */
export function usedLength(memory: Memory, file: ElementaryFile, slot: RecordSlot): number {
  if (file.structure !== "variable") return slot.length
  return (memory.readByte(slot.offset - 2) << 8) | memory.readByte(slot.offset - 1)
}

/** The plain tag of the record in a slot, -1 when it has none. */
export function recordTag(memory: Memory, file: ElementaryFile, slot: RecordSlot): number {
  if (slot.tag >= 0 || file.structure !== "variable") return slot.tag
  const used = usedLength(memory, file, slot)
  return used >= 2 && memory.readByte(slot.offset + 1) === used - 2 ? memory.readByte(slot.offset) : -1
}

/** True when a record holds nothing but padding behind its tag and length: it was never written (card-structure §1.1). */
export function isBlank(memory: Memory, file: ElementaryFile, slot: RecordSlot): boolean {
  const end = slot.offset + usedLength(memory, file, slot)
  const start = slot.offset + (recordTag(memory, file, slot) >= 0 ? 2 : 0)
  const pad = memory.readByte(start)
  if (pad !== 0x00 && pad !== 0xff) return false
  for (let at = start + 1; at < end; at++) if (memory.readByte(at) !== pad) return false
  return true
}

/** Writes a record of a file of equal or variable records, whole: two bytes of length go with a variable one. */
export function writeRecord(memory: Memory, file: ElementaryFile, slot: RecordSlot, content: Uint8Array): void {
  if (file.structure !== "variable") {
    memory.write(slot.offset, content)
    return
  }
  const bytes = new Uint8Array(2 + content.length)
  bytes[0] = content.length >> 8
  bytes[1] = content.length
  bytes.set(content, 2)
  memory.write(slot.offset - 2, bytes)
}

/**
 * Adds a record to a cyclic file: it becomes record 1, the oldest one falls out of a full file (card-commands §4.3).
 *
 * @param content as long as the file's records
 */
export function appendCyclicRecord(memory: Memory, file: ElementaryFile, content: Uint8Array): void {
  const slots = file.records.length
  const { offset } = file.region
  memory.transaction(() => {
    const written = memory.readByte(offset + 1)
    const next = written === 0 ? 0 : (memory.readByte(offset) + 1) % slots
    memory.write(file.records[next]!.offset, content)
    memory.write(offset, Uint8Array.of(next, Math.min(written + 1, slots)))
  })
}
