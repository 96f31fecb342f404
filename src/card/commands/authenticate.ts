import { SW, triesLeft } from "../../apdu/index.js"
import { authenticationData, challengeSessionKey, constantTimeEqual } from "../../crypto/index.js"
import { missingKey } from "../access.js"
import type { Handler } from "../application.js"
import { FIRST_LOCAL_KEY } from "../compile-secrets.js"
import type { Context } from "../context.js"
import type { Secret } from "../layout.js"

const BLOCK = 8
const CRYPTOGRAM = { "3des": 8, sm4: 16 } as const
/** Card id of UKssse, which P2 = 00 means where no access was refused (card-structure §16.4). */
const UKSSSE = 0x04

/**
 * INTERNAL AUTHENTICATE (00 88), `R 8 ‖ X 8 [‖ key version]`: card-commands §6.2. Needs no state and changes none.
 */
export const internalAuthenticate: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 !== 0) return SW.INCORRECT_P1P2
  if (command.lc !== 2 * BLOCK && command.lc !== 2 * BLOCK + 1) return SW.WRONG_LENGTH
  const key = context.directory.environment.keys.find(({ use }) => use === "internal")
  const data = command.data()
  const version = data[2 * BLOCK] ?? 1
  if (key === undefined || version > 1) return SW.REFERENCED_DATA_NOT_FOUND
  const { algorithm } = context.layout
  const sessionKey = challengeSessionKey(algorithm, context.memory.read(key.value), data.subarray(0, BLOCK))
  context.response.append(authenticationData(algorithm, sessionKey, data.subarray(BLOCK, 2 * BLOCK)))
  return SW.OK
}

/**
 * EXTERNAL AUTHENTICATE (00 82), `A ‖ X`: card-commands §6.3. An SM4 card also takes A alone; X is then the challenge before
 * the last. The last challenge is used up by every attempt that is compared.
 */
export const externalAuthenticate: Handler = (context, command) => {
  if (command.p1 !== 0) return SW.INCORRECT_P1P2
  const { session, memory, layout } = context
  const cryptogramLength = CRYPTOGRAM[layout.algorithm]
  const bringsOriginal = command.lc === cryptogramLength + BLOCK
  if (!bringsOriginal && (layout.algorithm === "3des" || command.lc !== cryptogramLength)) return SW.WRONG_LENGTH
  const key = keyFor(context, command.p2)
  if (key === undefined) return SW.REFERENCED_DATA_NOT_FOUND
  const tries = memory.readByte(key.triesOffset)
  if (tries === 0) return SW.AUTHENTICATION_METHOD_BLOCKED
  const data = command.data()
  const originalFirst = bringsOriginal && layout.options.externalAuthOrder === "XA"
  const at = originalFirst ? BLOCK : 0
  const cryptogram = data.subarray(at, at + cryptogramLength)
  const { challenge } = session
  const original = bringsOriginal
    ? data.subarray(originalFirst ? 0 : cryptogramLength).subarray(0, BLOCK)
    : session.previousChallenge
  if (challenge?.length !== BLOCK || original?.length !== BLOCK) return SW.REFERENCE_DATA_NOT_USABLE
  session.challenge = undefined
  memory.writeByte(key.triesOffset, tries - 1)
  const sessionKey = challengeSessionKey(layout.algorithm, memory.read(key.value), challenge)
  if (!constantTimeEqual(cryptogram, authenticationData(layout.algorithm, sessionKey, original))) {
    if (key.local) session.localBits &= ~key.bit
    else session.environmentBits &= ~key.bit
    return triesLeft(tries - 1)
  }
  memory.writeByte(key.triesOffset, key.maximumTries)
  if (key.local) session.localBits |= key.bit
  else session.environmentBits |= key.bit
  return SW.OK
}

function keyFor({ session, layout, directory }: Context, id: number): Secret | undefined {
  const { keys } = id < FIRST_LOCAL_KEY ? directory.environment : directory
  const named = keys.find((key) => key.id === id && key.bit !== 0)
  if (named !== undefined || id !== 0 || !layout.options.externalAuthP2Zero) return named
  const asked = session.refused && missingKey(session, session.refused)
  return asked ?? directory.environment.keys.find((key) => key.id === UKSSSE && key.bit !== 0)
}
