import { parseTlv } from "../../../apdu/index.js"
import type { Context, Region } from "../../context.js"
import { recordSlot, usedLength } from "../../records.js"

/** Where the value of a data object inside a record stands in memory; undefined when the record has no such object. */
export function placeInRecord(
  { memory, directory }: Context,
  sfi: number,
  number: number,
  tag: number,
): Region | undefined {
  const file = directory.filesBySfi[sfi]!
  const slot = recordSlot(memory, file, number)
  const record = memory.read({ offset: slot.offset, length: usedLength(memory, file, slot) })
  const value = parseTlv(record)[0]?.children?.find((child) => child.tag === tag)?.value
  return value && { offset: slot.offset + value.byteOffset - record.byteOffset, length: value.length }
}
