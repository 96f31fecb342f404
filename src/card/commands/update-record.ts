import { type StatusWord, SW } from "../../apdu/index.js"
import type { Command, Handler } from "../application.js"
import type { Context } from "../context.js"
import type { ElementaryFile } from "../layout.js"
import { appendCyclicRecord, recordSlot, recordTag, usedLength, writeRecord } from "../records.js"
import { allowed, fileOf, noFile } from "./current-file.js"
import { addressing, BY_NUMBER, findRecord, PREVIOUS } from "./record-addressing.js"

/** UPDATE RECORD (00 DC): card-commands §4.2 and §4.3, ISO 7816-4 §11.3.5. */
export const updateRecord: Handler = (context, command) => {
  const { session, memory } = context
  if (!addressing(command)) return SW.INCORRECT_P1P2
  if (command.lc === 0) return SW.WRONG_LENGTH
  const sfi = command.p2 >> 3
  const file = fileOf(session, sfi)
  if (file === undefined) return noFile(sfi)
  if (file.structure === "transparent") return SW.INCOMPATIBLE_FILE_STRUCTURE
  const mode = command.p2 & 7
  if (file.structure === "cyclic") {
    if (command.p1 !== 0 || (mode !== PREVIOUS && mode !== BY_NUMBER)) return SW.INCORRECT_P1P2
    return addToCycle(context, command, file)
  }
  if (!allowed(session, file.write)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const number = findRecord(memory, file, session.record, command.p1, mode, false)
  if (number === 0) return SW.RECORD_NOT_FOUND
  const slot = recordSlot(memory, file, number)
  const data = command.data()
  if (file.structure === "fixed" && data.length !== file.recordLength) return SW.WRONG_LENGTH
  const tag = recordTag(memory, file, slot)
  if (tag >= 0 && (data[0] !== tag || !isPlainTlv(data))) return SW.WRONG_DATA
  if (data.length > slot.length) return SW.NOT_ENOUGH_MEMORY
  writeRecord(memory, file, slot, data)
  if (mode !== BY_NUMBER) session.record = number
  return SW.OK
}

/** APPEND RECORD (00 E2): ISO 7816-4 §11.3.6. Fills the next spare record with enough room, or adds to a cyclic file. */
export const appendRecord: Handler = (context, command) => {
  const { session, memory } = context
  if (command.p1 !== 0 || (command.p2 & 7) !== 0 || !addressing(command)) return SW.INCORRECT_P1P2
  if (command.lc === 0) return SW.WRONG_LENGTH
  const sfi = command.p2 >> 3
  const file = fileOf(session, sfi)
  if (file === undefined) return noFile(sfi)
  if (file.structure === "transparent") return SW.INCOMPATIBLE_FILE_STRUCTURE
  if (file.structure === "cyclic") return addToCycle(context, command, file)
  if (!allowed(session, file.write)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const data = command.data()
  const tagged = file.records.length > 0 && file.records[0]!.tag >= 0
  if (tagged && !isPlainTlv(data)) return SW.WRONG_DATA
  const index = file.records.findIndex((slot) => usedLength(memory, file, slot) === 0 && slot.length >= data.length)
  if (index < 0) return SW.NOT_ENOUGH_MEMORY
  writeRecord(memory, file, file.records[index]!, data)
  session.record = index + 1
  return SW.OK
}

function addToCycle({ session, memory }: Context, command: Command, file: ElementaryFile): StatusWord {
  if (!allowed(session, file.write)) return SW.SECURITY_STATUS_NOT_SATISFIED
  if (command.lc !== file.recordLength) return SW.WRONG_LENGTH
  appendCyclicRecord(memory, file, command.data())
  session.record = 1
  return SW.OK
}

function isPlainTlv(data: Uint8Array): boolean {
  return data.length >= 2 && data[1] === data.length - 2
}
