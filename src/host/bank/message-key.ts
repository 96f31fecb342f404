import { sha256 } from "../../crypto/index.js"
import type { MessageFields } from "../../dictionary/index.js"
import { type BankTime, fullDate } from "./time.js"

/**
 * What a request is known by: acquirer, terminal, STAN and the terminal's date (host-iso8583 §13). An advice about a
 * request has the same key, in a class of its own.
 */
export function messageKey(fields: Readonly<MessageFields>, time: BankTime): string {
  return `${fields[32]}-${fields[41]}-${fields[11]}-${fullDate(fields[13]!, time)}`
}

/** Has room for the longest of these fields together; never given out. */
const scratch = Buffer.alloc(1024)

/** SHA-256 over the fields that make a repeat the same request: 2, 3, 4, 35, 52, 55. */
export function messageHash(fields: Readonly<MessageFields>): Uint8Array {
  const text = `${fields[2]},${fields[3]},${fields[4]},${fields[35]},${fields[52]?.length},`
  const [pinBlock, chipData] = [fields[52], fields[55]]
  let end = scratch.write(text, "latin1")
  for (const part of [pinBlock, chipData]) {
    if (!part) continue
    scratch.set(part, end)
    end += part.length
  }
  return sha256(scratch.subarray(0, end))
}
