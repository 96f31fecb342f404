import { concat, hexNumber, InputError, tagBytes, uint16 } from "../apdu/index.js"
import { compileAccess } from "./access.js"
import { checkNumber } from "./compile-file.js"
import type { ImageBuilder } from "./image.js"
import type { DataObject, Directory } from "./layout.js"
import type { DataObjectSpec } from "./specification.js"

/** Bytes of length before the value. */
const HEADER = 2
const MAXIMUM_ROOM = 0x8000
/** Even instructions name one-byte tags from 0040 on in P1 P2 (ISO 7816-4 §11.4.1). */
const LOWEST_TAG = 0x40

/**
 * Places the data objects of a directory in the image.
 *
 * @throws {InputError} naming directory and tag: no tag of one or two bytes, tags given twice, values without room
 */
export function compileObjects(
  specs: readonly DataObjectSpec[],
  directory: Directory,
  image: ImageBuilder,
): ReadonlyMap<number, DataObject> {
  const objects = new Map<number, DataObject>()
  for (const { tag, value, room = value.length, read, write } of specs) {
    const field = `${directory.name}.objects[${hexNumber(tag)}]`
    if (!isTag(tag)) throw new InputError(field, "expected a BER-TLV tag 40..FE or of two bytes")
    if (objects.has(tag)) throw new InputError(field, "expected one object of this tag")
    checkNumber(`${field}.room`, room, Math.max(1, value.length), MAXIMUM_ROOM)
    objects.set(tag, {
      tag,
      region: image.place(concat(uint16(value.length), value), HEADER + room),
      read: compileAccess(read, directory, `${field}.read`),
      write: compileAccess(write, directory, `${field}.write`),
    })
  }
  return objects
}

function isTag(tag: number): boolean {
  if (tag < LOWEST_TAG || tag > 0xffff) return false
  try {
    return tagBytes(tag).length <= 2
  } catch {
    return false
  }
}
