import { InputError, parseTlv, SW } from "../../../apdu/index.js"
import { recordSlot, writeRecord } from "../../records.js"
import { isActive } from "./lifecycle.js"
import type { Script } from "./script.js"

const MAC_LENGTH = 4
const BY_NUMBER = 4
const RECORD_TEMPLATE = 0x70

/**
 * 04 DC: a new record, template 70 and all (financial-emv §22). A record that is signed makes the signatures wrong unless
 * they are replaced too: what the issuer says is done.
 */
export const updateRecord: Script = {
  dataLength: (command) =>
    (command.p2 & 7) === BY_NUMBER && command.p1 > 0
      ? { length: Math.max(0, command.lc - MAC_LENGTH) }
      : SW.INCORRECT_P1P2,
  execute: (context, command, content) => {
    if (!isActive(context)) return SW.CONDITIONS_NOT_SATISFIED
    const { memory, directory } = context
    const file = directory.filesBySfi[command.p2 >> 3]
    if (!file) return SW.FILE_NOT_FOUND
    if (file.structure !== "variable") return SW.INCOMPATIBLE_FILE_STRUCTURE
    if (command.p1 > file.records.length) return SW.RECORD_NOT_FOUND
    if (!isRecord(content)) return SW.WRONG_DATA
    const slot = recordSlot(memory, file, command.p1)
    if (content.length > slot.length) return SW.NOT_ENOUGH_MEMORY
    writeRecord(memory, file, slot, content)
    return SW.OK
  },
}

function isRecord(content: Uint8Array): boolean {
  try {
    const objects = parseTlv(content)
    return objects.length === 1 && objects[0]!.tag === RECORD_TEMPLATE
  } catch (cause) {
    if (cause instanceof InputError) return false
    throw cause
  }
}
