import type { Command } from "../application.js"
import type { ElementaryFile } from "../layout.js"
import type { Memory } from "../memory.js"
import { isBlank, recordCount, recordSlot, recordTag, usedLength } from "../records.js"

/** Low three bits of P2 of the record commands (ISO 7816-4 §11.3.2). */
export const FIRST = 0
export const LAST = 1
export const NEXT = 2
export const PREVIOUS = 3
export const BY_NUMBER = 4

export const HIGHEST_SFI = 30

/** True when P2 addresses one record: by tag or by number, in the current file or by SFI. */
export function addressing(command: Command): boolean {
  return (command.p2 & 7) <= BY_NUMBER && command.p2 >> 3 <= HIGHEST_SFI
}

/**
 * Finds a record.
 *
 * @param current number of the current record, 0 = none
 * @param p1 record number, 0 = the current one; or tag, 0 = any
 * @param hidesBlank true when records that were never written count as missing
 * @returns its number, 0 when there is none
 */
export function findRecord(
  memory: Memory,
  file: ElementaryFile,
  current: number,
  p1: number,
  mode: number,
  hidesBlank: boolean,
): number {
  const count = recordCount(memory, file)
  if (mode === BY_NUMBER) {
    const number = p1 === 0 ? current : p1
    return number > 0 && number <= count && exists(memory, file, number, hidesBlank) ? number : 0
  }
  const step = mode === FIRST || mode === NEXT ? 1 : -1
  let number = step === 1 ? 1 : count
  if (current > 0 && (mode === NEXT || mode === PREVIOUS)) number = current + step
  for (; number > 0 && number <= count; number += step) {
    if (p1 !== 0 && recordTag(memory, file, recordSlot(memory, file, number)) !== p1) continue
    if (exists(memory, file, number, hidesBlank)) return number
  }
  return 0
}

function exists(memory: Memory, file: ElementaryFile, number: number, hidesBlank: boolean): boolean {
  if (file.structure !== "variable" && !hidesBlank) return true
  const slot = recordSlot(memory, file, number)
  return usedLength(memory, file, slot) > 0 && !(hidesBlank && isBlank(memory, file, slot))
}
