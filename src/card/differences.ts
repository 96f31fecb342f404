import { equalBytes, hexNumber } from "../apdu/index.js"
import type { Directory, Layout, Region } from "./layout.js"

/** A place of the card whose contents are not the same in two memories. */
export interface Difference {
  /** Directory, and what of it: `SSSE.EF06 record 2`, `SSSE.PIN tries`, `DF04.cia`. */
  readonly place: string
  /** True for values of PINs and keys: show that they differ, never the bytes. */
  readonly secret: boolean
  readonly before: Uint8Array
  readonly after: Uint8Array
}

interface Place extends Region {
  readonly name: string
  readonly secret: boolean
}

/**
 * What differs between two memories of one layout, in the order of the memory. The journal does not count.
 *
 * @param before from `card.memory.pages.snapshot()`
 */
export function differences(layout: Layout, before: Uint8Array, after: Uint8Array): Difference[] {
  const found: Difference[] = []
  for (const { name, secret, offset, length } of placesOf(layout.root)) {
    const [was, is] = [before.slice(offset, offset + length), after.slice(offset, offset + length)]
    if (!equalBytes(was, is)) found.push({ place: name, secret, before: was, after: is })
  }
  return found
}

function placesOf(directory: Directory): Place[] {
  const { name, pin, keys, elements, objects, files, directories } = directory
  const places: Place[] = []
  const add = (place: string, { offset, length }: Region, secret = false) =>
    places.push({ name: `${name}.${place}`, offset, length, secret })
  for (const secret of pin ? [pin, ...keys] : keys) {
    add(`${secret.name} tries`, { offset: secret.triesOffset, length: 1 })
    const start = secret.lengthOffset < 0 ? secret.value.offset : secret.lengthOffset
    add(secret.name, { offset: start, length: secret.value.offset + secret.value.length - start }, true)
  }
  for (const [id, region] of Object.entries(elements)) add(id, region, region.secret)
  for (const { tag, region } of objects.values()) add(`object ${hexNumber(tag)}`, region)
  for (const file of files) {
    if (file.structure === "transparent") add(file.name, file.region)
    if (file.structure === "cyclic") add(`${file.name} newest and number written`, { ...file.region, length: 2 })
    const header = file.structure === "variable" ? 2 : 0
    const noun = file.structure === "cyclic" ? "slot" : "record"
    for (const [index, slot] of file.records.entries())
      add(`${file.name} ${noun} ${index + 1}`, { offset: slot.offset - header, length: slot.length + header })
  }
  return [...places, ...directories.flatMap(placesOf)]
}
