import { SW } from "../../apdu/index.js"
import type { Handler } from "../application.js"
import { recordSlot, usedLength } from "../records.js"
import { allowed, fileOf, noFile } from "./current-file.js"
import { addressing, BY_NUMBER, findRecord } from "./record-addressing.js"

/** READ RECORD (00 B2): card-commands §4.1, ISO 7816-4 §11.3.3. The answer is the whole record, tag and length included. */
export const readRecord: Handler = (context, command) => {
  const { session, memory } = context
  if (!addressing(command)) return SW.INCORRECT_P1P2
  if (command.lc !== 0) return SW.WRONG_LENGTH
  const sfi = command.p2 >> 3
  const file = fileOf(session, sfi)
  if (file === undefined) return noFile(sfi)
  if (file.structure === "transparent") return SW.INCOMPATIBLE_FILE_STRUCTURE
  const mode = command.p2 & 7
  const hidesBlank = context.layout.options.emptyRecords === "missing"
  const number = findRecord(memory, file, session.record, command.p1, mode, hidesBlank)
  if (number === 0) return allowed(session, file.read) ? SW.RECORD_NOT_FOUND : SW.SECURITY_STATUS_NOT_SATISFIED
  const slot = recordSlot(memory, file, number)
  if (!allowed(session, slot.read)) return SW.SECURITY_STATUS_NOT_SATISFIED
  if (mode !== BY_NUMBER) session.record = number
  context.response.appendMemory(memory, slot.offset, usedLength(memory, file, slot))
  return SW.OK
}
