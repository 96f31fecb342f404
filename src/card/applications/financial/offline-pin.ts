import { bcdDigits, bcdLeft } from "../../../apdu/index.js"
import type { Context } from "../../context.js"

const BLOCK_LENGTH = 8

/** The stored off-line PIN, left aligned digits; an odd number of them ends in an F nibble. */
function storedPin(context: Context): Uint8Array {
  const pin = context.directory.pin!
  return context.memory.read(pin.value).subarray(0, context.memory.readByte(pin.lengthOffset))
}

/** The off-line PIN as digits, for the issuer script that changes it. */
export function offlinePin(context: Context): string {
  return bcdDigits(storedPin(context), "pin")
}

/** The plain PIN block that VERIFY must carry: `2L`, the digits, F to the end (EMV Book 3 §6.5.12). */
export function offlinePinBlock(context: Context): Uint8Array {
  const pin = storedPin(context)
  const odd = pin.length > 0 && (pin[pin.length - 1]! & 15) === 15 ? 1 : 0
  const block = new Uint8Array(BLOCK_LENGTH).fill(0xff)
  block[0] = 0x20 | (2 * pin.length - odd)
  block.set(pin, 1)
  return block
}

/** Stores a new PIN of 4 to 12 digits and gives back all tries; belongs into a transaction. */
export function replacePin(context: Context, digits: string): void {
  const pin = context.directory.pin!
  const bytes = bcdLeft(digits, Math.ceil(digits.length / 2), "pin")
  context.memory.write(pin.value.offset, bytes)
  context.memory.writeByte(pin.lengthOffset, bytes.length)
  restoreTries(context)
}

/** Gives back all tries. */
export function restoreTries(context: Context): void {
  const pin = context.directory.pin!
  context.memory.writeByte(pin.triesOffset, pin.maximumTries)
}
