import { SW } from "../../../apdu/index.js"
import type { Handler } from "../../application.js"
import { dataObject } from "./data-objects.js"

const PIN_TRY_COUNTER = 0x9f17

/** GET DATA (80 CA tag): the data object with tag and length (financial-emv §17). Needs no state. */
export const getData: Handler = (context, command) => {
  if (command.lc > 0) return SW.WRONG_LENGTH
  const { memory, directory, response } = context
  const tag = command.p1 * 256 + command.p2
  if (tag === PIN_TRY_COUNTER) {
    response.append(Uint8Array.of(command.p1, command.p2, 1, memory.readByte(directory.pin!.triesOffset)))
    return SW.OK
  }
  const object = dataObject(tag)
  const region = object && directory.elements[object.id]
  if (!region) return SW.REFERENCED_DATA_NOT_FOUND
  response.append(Uint8Array.of(command.p1, command.p2, region.length))
  response.append(memory.read(region))
  return SW.OK
}
