import { type StatusWord, SW } from "../../apdu/index.js"
import type { Handler } from "../application.js"
import type { Context } from "../context.js"
import type { ElementaryFile } from "../layout.js"
import { dataObjects, fileByParameters, inside, offsetIn, targetByParameters } from "./binary-target.js"

/** ERASE BINARY (00 0E): from the offset on, up to the one in the data where there are any; ISO 7816-4 §11.2.7. */
export const eraseBinary: Handler = (context, command) => {
  if (command.lc !== 0 && command.lc !== 2) return SW.WRONG_LENGTH
  const target = targetByParameters(context, command, "write")
  if (typeof target === "number") return target
  const { file, offset } = target
  const [high, low] = command.data()
  return erase(context, file, offset, high === undefined ? file.region.length : (high << 8) | low!)
}

/** ERASE BINARY (00 0F), nothing or `54 first` or `54 first ‖ 54 end`: ISO 7816-4 §11.2.7. */
export const eraseBinaryObject: Handler = (context, command) => {
  const file = fileByParameters(context, command, "write")
  if (typeof file === "number") return file
  const objects = command.lc === 0 ? [] : dataObjects(command)
  if (objects === undefined || objects.length > 2) return SW.WRONG_DATA
  const [first = 0, end = file.region.length] = objects.map((object) => offsetIn(object))
  if (first < 0 || end < 0) return SW.WRONG_DATA
  const place = inside(file, first)
  return typeof place === "number" ? place : erase(context, file, first, end)
}

/** Erased bytes are 00: what WRITE adds bits to. */
function erase({ memory }: Context, { region }: ElementaryFile, from: number, end: number): StatusWord {
  if (end > region.length) return SW.WRONG_OFFSET
  if (end <= from) return SW.WRONG_DATA
  memory.write(region.offset + from, new Uint8Array(end - from))
  return SW.OK
}
