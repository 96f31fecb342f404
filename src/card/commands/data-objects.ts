import { lengthBytes, type StatusWord, SW, type Tlv, tagBytes } from "../../apdu/index.js"
import type { Command, Handler } from "../application.js"
import type { Context } from "../context.js"
import type { DataObject } from "../layout.js"
import { dataObjects } from "./binary-target.js"
import { allowed } from "./current-file.js"

const CURRENT_FILE = 0x0000
const CURRENT_DIRECTORY = 0x3fff
const TAG_LIST = 0x5c
/** Bytes of length before the value of an object in memory. */
const HEADER = 2
/** P1 P2 of even instructions below this are no tags (ISO 7816-4 §11.4.1). */
const LOWEST_TAG = 0x40
const MORE_TAG_BYTES = 0x1f

const parameters = ({ p1, p2 }: Command) => (p1 << 8) | p2

/** GET DATA (00 CA): the value of the data object whose tag is P1 P2; ISO 7816-4 §11.4.3. */
export const getData: Handler = (context, command) => {
  if (parameters(command) < LOWEST_TAG) return SW.INCORRECT_P1P2
  if (command.lc !== 0) return SW.WRONG_LENGTH
  const object = context.directory.objects.get(parameters(command))
  if (object === undefined) return SW.REFERENCED_DATA_NOT_FOUND
  if (!allowed(context.session, object.read)) return SW.SECURITY_STATUS_NOT_SATISFIED
  context.response.appendMemory(context.memory, object.region.offset + HEADER, usedLength(context, object))
  return SW.OK
}

/** GET DATA (00 CB), `5C tags`: the data objects of these tags, all that may be read for none; ISO 7816-4 §11.4.3. */
export const getDataObjects: Handler = (context, command) => {
  if (command.lc === 0) return SW.WRONG_LENGTH
  if (!isCurrent(context, command)) return SW.FILE_NOT_FOUND
  const [list, ...rest] = dataObjects(command) ?? []
  if (list?.tag !== TAG_LIST || rest.length > 0) return SW.WRONG_DATA
  const tags = tagsOf(list.value)
  if (tags === undefined) return SW.WRONG_DATA
  const { session, directory } = context
  const all = [...directory.objects.values()]
  const named =
    tags.length === 0 ? all.filter(({ read }) => allowed(session, read)) : tags.map((tag) => directory.objects.get(tag))
  if (named.length === 0 || named.includes(undefined)) return SW.REFERENCED_DATA_NOT_FOUND
  const objects = named as DataObject[]
  if (!objects.every(({ read }) => allowed(session, read))) return SW.SECURITY_STATUS_NOT_SATISFIED
  for (const object of objects) {
    const length = usedLength(context, object)
    context.response.append(tagBytes(object.tag))
    context.response.append(lengthBytes(length))
    context.response.appendMemory(context.memory, object.region.offset + HEADER, length)
  }
  return SW.OK
}

/** PUT DATA (00 DA): a new value for the data object whose tag is P1 P2; ISO 7816-4 §11.4.5. */
export const putData: Handler = (context, command) => {
  if (parameters(command) < LOWEST_TAG) return SW.INCORRECT_P1P2
  if (command.lc === 0) return SW.WRONG_LENGTH
  return put(context, [{ tag: parameters(command), value: command.data() }])
}

/** PUT DATA (00 DB): data objects of the current directory, all or none of them; ISO 7816-4 §11.4.5. */
export const putDataObjects: Handler = (context, command) => {
  if (command.lc === 0) return SW.WRONG_LENGTH
  if (!isCurrent(context, command)) return SW.FILE_NOT_FOUND
  const objects = dataObjects(command)
  if (objects === undefined || new Set(objects.map(({ tag }) => tag)).size < objects.length) return SW.WRONG_DATA
  return put(context, objects)
}

function put({ directory, session, memory }: Context, values: readonly Pick<Tlv, "tag" | "value">[]): StatusWord {
  for (const { tag, value } of values) {
    const object = directory.objects.get(tag)
    if (object === undefined) return SW.REFERENCED_DATA_NOT_FOUND
    if (!allowed(session, object.write)) return SW.SECURITY_STATUS_NOT_SATISFIED
    if (HEADER + value.length > object.region.length) return SW.NOT_ENOUGH_MEMORY
  }
  memory.transaction(() => {
    for (const { tag, value } of values) {
      const stored = new Uint8Array(HEADER + value.length)
      stored[0] = value.length >> 8
      stored[1] = value.length
      stored.set(value, HEADER)
      memory.write(directory.objects.get(tag)!.region.offset, stored)
    }
  })
  return SW.OK
}

/** Odd instructions name a file; only the current directory has data objects. */
function isCurrent({ directory }: Context, command: Command): boolean {
  const file = parameters(command)
  return file === CURRENT_FILE || file === CURRENT_DIRECTORY || file === directory.fid
}

function usedLength({ memory }: Context, { region }: DataObject): number {
  return (memory.readByte(region.offset) << 8) | memory.readByte(region.offset + 1)
}

/** The tags of a tag list; undefined when the last one is not whole (ISO 7816-4 §8.4.3). */
function tagsOf(list: Uint8Array): number[] | undefined {
  const tags: number[] = []
  for (let at = 0; at < list.length; at++) {
    let tag = list[at]!
    if ((tag & MORE_TAG_BYTES) === MORE_TAG_BYTES) {
      do {
        if (++at === list.length) return undefined
        tag = tag * 256 + list[at]!
      } while ((list[at]! & 0x80) !== 0)
    }
    tags.push(tag)
  }
  return tags
}
