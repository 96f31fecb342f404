import { SW } from "../../apdu/index.js"
import type { Handler } from "../application.js"
import type { Memory } from "../memory.js"
import { recordSlot, usedLength } from "../records.js"
import { targetByParameters } from "./binary-target.js"
import { allowed, fileOf, noFile } from "./current-file.js"
import { addressing, BY_NUMBER, findRecord } from "./record-addressing.js"

/** WRITE BINARY (00 D0): sets bits that are 1 in the data and clears none, as the data coding byte says; ISO 7816-4 §11.2.4. */
export const writeBinary: Handler = (context, command) => {
  if (command.lc === 0) return SW.WRONG_LENGTH
  const target = targetByParameters(context, command, "write")
  if (typeof target === "number") return target
  const { file, offset } = target
  if (command.lc > file.region.length - offset) return SW.NOT_ENOUGH_MEMORY
  setBits(context.memory, file.region.offset + offset, command.data())
  return SW.OK
}

/** WRITE RECORD (00 D2): sets bits of a record, which keeps its length; ISO 7816-4 §11.3.4. */
export const writeRecord: Handler = (context, command) => {
  const { session, memory } = context
  if (!addressing(command)) return SW.INCORRECT_P1P2
  if (command.lc === 0) return SW.WRONG_LENGTH
  const sfi = command.p2 >> 3
  const file = fileOf(session, sfi)
  if (file === undefined) return noFile(sfi)
  if (file.structure === "transparent") return SW.INCOMPATIBLE_FILE_STRUCTURE
  if (!allowed(session, file.write)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const mode = command.p2 & 7
  const number = findRecord(memory, file, session.record, command.p1, mode, false)
  if (number === 0) return SW.RECORD_NOT_FOUND
  const slot = recordSlot(memory, file, number)
  if (command.lc !== usedLength(memory, file, slot)) return SW.WRONG_LENGTH
  setBits(memory, slot.offset, command.data())
  if (mode !== BY_NUMBER) session.record = number
  return SW.OK
}

function setBits(memory: Memory, offset: number, bits: Uint8Array): void {
  const present = memory.read({ offset, length: bits.length })
  memory.write(
    offset,
    present.map((byte, index) => byte | bits[index]!),
  )
}
