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
 * Carries a command out behind its MAC (card-commands §7.1). Every attempt that is compared uses the challenge up; the
 * counter of the key is one lower before the comparison and full again after a right MAC, in one transaction with what
 * the command does.
 *
 * @param key what the session key is made of; without one 6A88
 * @param execute gets the data without the MAC, and the session key; any answer but 9000 must come before its first write
 * @returns 6A88, 6983, 6984, 6988, or what `execute` says
 */
export function behindMac(
  { session, memory, layout }: Context,
  command: Command,
  key: Secret | undefined,
  execute: (data: Uint8Array, sessionKey: Uint8Array) => StatusWord,
): StatusWord {
  if (key === undefined) return SW.REFERENCED_DATA_NOT_FOUND
  const tries = memory.readByte(key.triesOffset)
  if (tries === 0) return SW.AUTHENTICATION_METHOD_BLOCKED
  const { challenge } = session
  if (challenge?.length !== CHALLENGE_LENGTH) return SW.REFERENCE_DATA_NOT_USABLE
  session.challenge = undefined
  memory.writeByte(key.triesOffset, tries - 1)
  const { algorithm, options } = layout
  const sessionKey = challengeSessionKey(algorithm, memory.read(key.value), challenge)
  const end = command.dataOffset + command.lc - SECURE_MAC_LENGTH
  const expected = mac4(algorithm, sessionKey, command.bytes.subarray(0, end), options.sm4Mac)
  if (!constantTimeEqual(command.bytes.subarray(end, end + SECURE_MAC_LENGTH), expected))
    return SW.SECURE_MESSAGING_INCORRECT
  let status: StatusWord = SW.OK
  memory.transaction(() => {
    status = execute(command.bytes.slice(command.dataOffset, end), sessionKey)
    memory.writeByte(key.triesOffset, key.maximumTries)
  })
  return status
}
