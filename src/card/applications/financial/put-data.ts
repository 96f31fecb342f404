import { type StatusWord, SW } from "../../../apdu/index.js"
import { emvTag } from "../../../dictionary/index.js"
import type { Context, Region } from "../../context.js"
import { dataObject } from "./data-objects.js"
import { isActive } from "./lifecycle.js"
import { logLoad } from "./load-log.js"
import { placeInRecord } from "./record-values.js"
import type { Script } from "./script.js"

const SHORTEST_WITH_MAC = 4
/** Balances of electronic cash: a change of one is a load or unload, and must stay within the other object's value. */
const BALANCE_LIMITS: ReadonlyMap<number, number> = new Map([
  [0x9f79, 0x9f77],
  [0xdf79, 0xdf77],
])
/** 9F14 and 9F23 stand in a record, for the terminal to read: record 2 of SFI 2 (financial-emv §15). */
const [RISK_FILE, RISK_RECORD] = [2, 2]

/** 04 DA tag: a new value for a data object that scripts may change (financial-emv §16, §22). */
export const putData: Script = {
  dataLength: (command) => ({ length: Math.max(0, command.lc - SHORTEST_WITH_MAC) }),
  execute: (context, command, value) => {
    if (!isActive(context)) return SW.CONDITIONS_NOT_SATISFIED
    const tag = command.p1 * 256 + command.p2
    const entry = emvTag(tag)
    if (entry?.changeableBy !== "putData") return SW.REFERENCED_DATA_NOT_FOUND
    const place = placeOf(context, tag)
    if (!place) return SW.REFERENCED_DATA_NOT_FOUND
    if (value.length !== place.length || (entry.format === "n" && !isDecimal(value))) return SW.WRONG_DATA
    if (BALANCE_LIMITS.has(tag)) return putBalance(context, tag, place.offset, value)
    context.memory.write(place.offset, value)
    return SW.OK
  },
}

function putBalance(context: Context, tag: number, offset: number, value: Uint8Array): StatusWord {
  const limit = placeOf(context, BALANCE_LIMITS.get(tag)!)
  if (limit && Buffer.compare(value, context.memory.read(limit)) > 0) return SW.WRONG_DATA
  const before = context.memory.read({ offset, length: value.length })
  context.memory.write(offset, value)
  logLoad(context, tag, before, value)
  return SW.OK
}

function placeOf(context: Context, tag: number): Region | undefined {
  const object = dataObject(tag)
  return object ? context.directory.elements[object.id] : placeInRecord(context, RISK_FILE, RISK_RECORD, tag)
}

const isDecimal = (value: Uint8Array) => value.every((byte) => byte >> 4 <= 9 && (byte & 15) <= 9)
