import { concat, lengthBytes, SW } from "../../apdu/index.js"
import type { Handler } from "../application.js"
import { bytesIn, dataObjects, fileByParameters, inside, offsetIn } from "./binary-target.js"

const SHORT_MAXIMUM = 256
const DISCRETIONARY_DATA = 0x53

/** READ BINARY (00 B1), `54 offset`, answered as `53 data`: ISO 7816-4 §11.2.3. Le counts the whole object. */
export const readBinaryObject: Handler = (context, command) => {
  if (command.lc === 0) return SW.WRONG_LENGTH
  const file = fileByParameters(context, command, "read")
  if (typeof file === "number") return file
  const objects = dataObjects(command)
  const offset = objects?.length === 1 ? offsetIn(objects[0]) : -1
  if (offset < 0) return SW.WRONG_DATA
  const place = inside(file, offset)
  if (typeof place === "number") return place
  const rest = file.region.length - offset
  const count = Math.min(rest, roomFor(command.le < 0 ? SHORT_MAXIMUM : command.le))
  if (count <= 0) return SW.WRONG_LENGTH
  context.response.append(concat(DISCRETIONARY_DATA, lengthBytes(count)))
  context.response.appendMemory(context.memory, file.region.offset + offset, count)
  return SW.OK
}

/** How many bytes fit with their tag and length into so many. */
function roomFor(total: number): number {
  for (const head of [2, 3, 4]) {
    const count = total - head
    if (1 + lengthBytes(Math.max(0, count)).length <= head) return count
  }
  return 0
}

/** UPDATE BINARY (00 D7), `54 offset ‖ 53 data`: ISO 7816-4 §11.2.5. */
export const updateBinaryObject: Handler = (context, command) => {
  if (command.lc === 0) return SW.WRONG_LENGTH
  const file = fileByParameters(context, command, "write")
  if (typeof file === "number") return file
  const objects = dataObjects(command)
  const offset = objects?.length === 2 ? offsetIn(objects[0]) : -1
  const data = bytesIn(objects?.[1])
  if (offset < 0 || data === undefined || data.length === 0) return SW.WRONG_DATA
  const place = inside(file, offset)
  if (typeof place === "number") return place
  if (data.length > file.region.length - offset) return SW.NOT_ENOUGH_MEMORY
  context.memory.write(file.region.offset + offset, data)
  return SW.OK
}
