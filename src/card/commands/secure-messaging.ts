import { type StatusWord, SW } from "../../apdu/index.js"
import { challengeSessionKey, constantTimeEqual, mac4, SECURE_MAC_LENGTH } from "../../crypto/index.js"
import type { Command } from "../application.js"
import type { Context } from "../context.js"
import type { Directory, Secret } from "../layout.js"

const CHALLENGE_LENGTH = 8

/** The key that makes the MACs of a directory, its STK (card-commands §7.1). */
export function maintenanceKey(directory: Directory): Secret | undefined {
  return directory.keys.find(({ use }) => use === "maintenance")
}

/**
 * Carries a command out behind a MAC of a session key (card-commands §7.1).
 *
 * @param key what the session key is made of; without one 6A88
 * @param execute gets the data without the MAC, and the session key; any answer but 9000 must come before its first write
 * @returns 6A88, 6983, 6984, 6988, or what `execute` says
 */
export function behindMac(
  context: Context,
  command: Command,
  key: Secret | undefined,
  execute: (data: Uint8Array, sessionKey: Uint8Array) => StatusWord,
): StatusWord {
  const { algorithm, options } = context.layout
  let sessionKey: Uint8Array
  const macOf: MacFunction = (value, challenge, message) => {
    sessionKey = challengeSessionKey(algorithm, value, challenge)
    return mac4(algorithm, sessionKey, message, options.sm4Mac)
  }
  return guardedByMac(context, command, key, CHALLENGE_LENGTH, macOf, (data) => execute(data, sessionKey))
}

/** Four bytes over header, Lc and data. */
type MacFunction = (key: Uint8Array, challenge: Uint8Array, message: Uint8Array) => Uint8Array

/**
 * Carries a command out when its last four bytes are the right MAC. Every attempt that is compared uses the challenge up;
 * the counter of the key is one lower before the comparison and full again after a right MAC, in one transaction with
 * what the command does.
 *
 * @param challengeLength bytes that the last challenge must have
 */
export function guardedByMac(
  { session, memory }: Context,
  command: Command,
  key: Secret | undefined,
  challengeLength: number,
  macOf: MacFunction,
  execute: (data: Uint8Array) => StatusWord,
): StatusWord {
  if (key === undefined) return SW.REFERENCED_DATA_NOT_FOUND
  const tries = memory.readByte(key.triesOffset)
  if (tries === 0) return SW.AUTHENTICATION_METHOD_BLOCKED
  const { challenge } = session
  if (challenge?.length !== challengeLength) return SW.REFERENCE_DATA_NOT_USABLE
  session.challenge = undefined
  memory.writeByte(key.triesOffset, tries - 1)
  const end = command.dataOffset + command.lc - SECURE_MAC_LENGTH
  const expected = macOf(memory.read(key.value), challenge, command.bytes.subarray(0, end))
  if (!constantTimeEqual(command.bytes.subarray(end, end + SECURE_MAC_LENGTH), expected))
    return SW.SECURE_MESSAGING_INCORRECT
  let status: StatusWord = SW.OK
  memory.transaction(() => {
    status = execute(command.bytes.slice(command.dataOffset, end))
    memory.writeByte(key.triesOffset, key.maximumTries)
  })
  return status
}
