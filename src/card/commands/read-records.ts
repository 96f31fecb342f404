import { SW } from "../../apdu/index.js"
import type { Handler } from "../application.js"
import { recordCount, recordSlot, usedLength } from "../records.js"
import { allowed, fileOf, noFile } from "./current-file.js"
import { readRecord } from "./read-record.js"
import { HIGHEST_SFI } from "./record-addressing.js"

const ALL_FROM = 5
const ALL_UP_TO = 6

/**
 * READ RECORD(S) (00 B2): one record, or all from P1 to the last (mode 5), or from the last to P1 (mode 6); ISO 7816-4 §11.3.3.
 * The records follow one another without anything between them.
 */
export const readRecords: Handler = (context, command) => {
  const mode = command.p2 & 7
  if (mode !== ALL_FROM && mode !== ALL_UP_TO) return readRecord(context, command)
  const sfi = command.p2 >> 3
  if (sfi > HIGHEST_SFI) return SW.INCORRECT_P1P2
  if (command.lc !== 0) return SW.WRONG_LENGTH
  const { session, memory } = context
  const file = fileOf(session, sfi)
  if (file === undefined) return noFile(sfi)
  if (file.structure === "transparent") return SW.INCOMPATIBLE_FILE_STRUCTURE
  const count = recordCount(memory, file)
  const first = command.p1 === 0 ? session.record : command.p1
  if (first === 0 || first > count)
    return allowed(session, file.read) ? SW.RECORD_NOT_FOUND : SW.SECURITY_STATUS_NOT_SATISFIED
  const slots = Array.from({ length: count - first + 1 }, (_, index) => recordSlot(memory, file, first + index))
  for (const slot of slots) if (!allowed(session, slot.read)) return SW.SECURITY_STATUS_NOT_SATISFIED
  if (mode === ALL_UP_TO) slots.reverse()
  for (const slot of slots) context.response.appendMemory(memory, slot.offset, usedLength(memory, file, slot))
  return SW.OK
}
