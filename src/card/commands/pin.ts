import { SW, triesLeft } from "../../apdu/index.js"
import type { Command, Handler } from "../application.js"
import { PIN_MAXIMUM, PIN_MINIMUM, storedPin } from "../compile-secrets.js"
import type { Context } from "../context.js"
import type { Secret } from "../layout.js"

/** P3 = 00 of a five-byte APDU: no data (card-commands §2). */
const ZERO_LE = 256
const SEPARATOR = 0xff

/** VERIFY (00 20): card-commands §5.1. Always the PIN of the environment; without data it tells the state. */
export const verify: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  const { session, memory } = context
  const { pin } = session.directory.environment
  const { lc, le } = command
  if (lc === 0) {
    if (le >= 0 && le !== ZERO_LE) return SW.WRONG_LENGTH
    if (pin === undefined || session.pinVerified) return SW.OK
    const tries = memory.readByte(pin.triesOffset)
    return tries === 0 ? SW.AUTHENTICATION_METHOD_BLOCKED : triesLeft(tries)
  }
  if (lc < PIN_MINIMUM || lc > PIN_MAXIMUM) return SW.WRONG_LENGTH
  if (pin === undefined) return SW.REFERENCED_DATA_NOT_FOUND
  const tries = memory.readByte(pin.triesOffset)
  if (tries === 0) return SW.AUTHENTICATION_METHOD_BLOCKED
  memory.writeByte(pin.triesOffset, tries - 1)
  if (!isPin(context, pin, command, lc)) {
    session.environmentBits &= ~pin.bit
    return triesLeft(tries - 1)
  }
  memory.writeByte(pin.triesOffset, pin.maximumTries)
  session.environmentBits |= pin.bit
  return SW.OK
}

/** CHANGE PIN (80 5E 01 00), `old ‖ FF ‖ new`: card-commands §5.2. Leaves the PIN verified. */
export const changePin: Handler = (context, command) => {
  if (command.p1 !== 1 || command.p2 !== 0) return SW.INCORRECT_P1P2
  if (command.lc === 0) return SW.WRONG_LENGTH
  const { session, memory } = context
  const { pin } = session.directory.environment
  if (pin === undefined) return SW.REFERENCED_DATA_NOT_FOUND
  const tries = memory.readByte(pin.triesOffset)
  if (tries === 0) return SW.AUTHENTICATION_METHOD_BLOCKED
  const data = command.data()
  const oldLength = data.indexOf(SEPARATOR)
  const value = data.subarray(oldLength + 1)
  if (oldLength < PIN_MINIMUM || oldLength > PIN_MAXIMUM || !isPinValue(value)) return SW.WRONG_DATA
  memory.writeByte(pin.triesOffset, tries - 1)
  if (!isPin(context, pin, command, oldLength)) {
    session.environmentBits &= ~pin.bit
    return triesLeft(tries - 1)
  }
  memory.write(pin.triesOffset, storedPin(pin.maximumTries, value))
  session.environmentBits |= pin.bit
  return SW.OK
}

/** Compares in a time that does not depend on where the PIN is wrong. */
function isPin({ memory }: Context, pin: Secret, command: Command, length: number): boolean {
  const { bytes, dataOffset } = command
  let difference = memory.readByte(pin.lengthOffset) ^ length
  for (let i = 0; i < PIN_MAXIMUM; i++) {
    const given = i < length ? bytes[dataOffset + i]! : SEPARATOR
    difference |= memory.readByte(pin.value.offset + i) ^ given
  }
  return difference === 0
}

/** 2 to 6 bytes of digits; an odd number of them ends with a nibble F (card-structure §17). */
export function isPinValue(value: Uint8Array): boolean {
  if (value.length < PIN_MINIMUM || value.length > PIN_MAXIMUM) return false
  return value.every(
    (byte, i) => byte >> 4 <= 9 && ((byte & 15) <= 9 || (i === value.length - 1 && (byte & 15) === 15)),
  )
}
