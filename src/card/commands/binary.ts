import { SW } from "../../apdu/index.js"
import type { Handler } from "../application.js"
import { NO_SFI, offsetOf, shortIdentifier } from "./binary-target.js"
import { allowed, fileOf, noFile } from "./current-file.js"

const SHORT_MAXIMUM = 256
const EXTENDED_MAXIMUM = 65_536

/** READ BINARY (00 B0): card-commands §4.4, ISO 7816-4 §11.2.3. */
export const readBinary: Handler = (context, command) => {
  const { session } = context
  const sfi = shortIdentifier(command)
  if (sfi === NO_SFI) return SW.INCORRECT_P1P2
  if (command.lc !== 0) return SW.WRONG_LENGTH
  const file = fileOf(session, sfi)
  if (file === undefined) return noFile(sfi)
  if (file.structure !== "transparent") return SW.INCOMPATIBLE_FILE_STRUCTURE
  if (!allowed(session, file.read)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const offset = offsetOf(command)
  const rest = file.region.length - offset
  if (rest <= 0) return SW.WRONG_OFFSET
  const { le } = command
  const wanted = le < 0 ? SHORT_MAXIMUM : le
  context.response.appendMemory(context.memory, file.region.offset + offset, Math.min(wanted, rest))
  if (wanted <= rest || wanted === SHORT_MAXIMUM || wanted === EXTENDED_MAXIMUM) return SW.OK
  // T=0 answers 6Cxx instead (ISO 7816-4 §5.6).
  return context.layout.protocol === "T=1" ? SW.END_OF_FILE : SW.OK
}

/** UPDATE BINARY (00 D6): card-commands §4.4, ISO 7816-4 §11.2.5. */
export const updateBinary: Handler = (context, command) => {
  const { session } = context
  const sfi = shortIdentifier(command)
  if (sfi === NO_SFI) return SW.INCORRECT_P1P2
  if (command.lc === 0) return SW.WRONG_LENGTH
  const file = fileOf(session, sfi)
  if (file === undefined) return noFile(sfi)
  if (file.structure !== "transparent") return SW.INCOMPATIBLE_FILE_STRUCTURE
  if (!allowed(session, file.write)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const offset = offsetOf(command)
  const rest = file.region.length - offset
  if (rest <= 0) return SW.WRONG_OFFSET
  if (command.lc > rest) return SW.NOT_ENOUGH_MEMORY
  context.memory.write(file.region.offset + offset, command.data())
  return SW.OK
}
