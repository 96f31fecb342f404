import { concat, readUint16, uint16 } from "./bytes.js"
import { type StatusWord, SW } from "./status-words.js"

/** SW1 SW2 of a response. @throws {RangeError} when there are fewer than 2 bytes */
export function statusWord(response: Uint8Array): StatusWord {
  assertResponse(response)
  return readUint16(response, response.length - 2)
}

/** The bytes before the status word, as a view. @throws {RangeError} when there are fewer than 2 bytes */
export function responseData(response: Uint8Array): Uint8Array {
  assertResponse(response)
  return response.subarray(0, response.length - 2)
}

/** True when the status word is 9000. @throws {RangeError} when there are fewer than 2 bytes */
export function isOk(response: Uint8Array): boolean {
  return statusWord(response) === SW.OK
}

/** Joins data and status word. @example responseApdu(fci, SW.OK) */
export function responseApdu(data: Uint8Array, status: StatusWord): Uint8Array {
  return concat(data, uint16(status))
}

function assertResponse(response: Uint8Array): void {
  if (response.length < 2) throw new RangeError(`response: expected at least 2 bytes, got ${response.length}`)
}
