import { SW, triesLeft } from "../../../apdu/index.js"
import { constantTimeEqual, decipherPinBlock } from "../../../crypto/index.js"
import type { Handler } from "../../application.js"
import type { Context } from "../../context.js"
import { ACTION } from "./decision.js"
import { defaultAction } from "./generate-ac.js"
import { LIFECYCLE, lifecycle, setLifecycle } from "./lifecycle.js"
import { offlinePinBlock } from "./offline-pin.js"
import { rulesOf } from "./rules.js"
import { stateOf } from "./state.js"
import { CVR2, CVR3, remember } from "./verification-results.js"

const [PLAIN_PIN, ENCIPHERED_PIN] = [0x80, 0x88]
const BLOCK_LENGTH = 8

/**
 * VERIFY with the off-line PIN block `2L PIN F..` (financial-emv §18, EMV Book 3 §6.5.12): P2 80 in the clear; 88
 * enciphered for the card's key together with the last challenge, which it uses up.
 *
 * Refused at a distance, where somebody else could use up the tries (financial-emv §24).
 *
 * The retry counter, and the block of the application where the card is told to block on the last try (9F52), are
 * written before the comparison; a right PIN takes them back.
 */
export const verify: Handler = (context, command) => {
  if (context.layout.options.contactless !== "open") return SW.CONDITIONS_NOT_SATISFIED
  const { signingKey, encipheredPin } = rulesOf(context)
  const enciphered = command.p2 === ENCIPHERED_PIN && encipheredPin
  if (command.p1 !== 0 || (command.p2 !== PLAIN_PIN && !enciphered)) return SW.INCORRECT_P1P2
  const key = enciphered && signingKey?.algorithm === "rsa" ? signingKey : undefined
  if (command.lc !== (key ? key.modulus.length : BLOCK_LENGTH)) return SW.WRONG_LENGTH
  const { memory, directory } = context
  const pin = directory.pin!
  const tries = memory.readByte(pin.triesOffset)
  if (lifecycle(context, directory) !== LIFECYCLE.active || tries === 0) return SW.AUTHENTICATION_METHOD_BLOCKED
  const state = stateOf(context)
  const { challenge } = state
  if (key && challenge === undefined) return SW.REFERENCE_DATA_NOT_USABLE
  if (key) state.challenge = undefined
  const blocks = tries === 1 && (defaultAction(context) & ACTION.blockOnPinLimit) !== 0
  if (blocks) countLastTry(context)
  else memory.writeByte(pin.triesOffset, tries - 1)
  const block = key ? decipherPinBlock(key, command.data(), challenge!) : command.data()
  if (!block || !constantTimeEqual(block, offlinePinBlock(context))) {
    state.pinFlags = CVR2.pinDone | CVR2.pinFailed
    return triesLeft(tries - 1)
  }
  if (blocks) takeBack(context)
  else memory.writeByte(pin.triesOffset, pin.maximumTries)
  state.pinFlags = CVR2.pinDone
  return SW.OK
}

function countLastTry(context: Context): void {
  context.memory.transaction(() => {
    context.memory.writeByte(context.directory.pin!.triesOffset, 0)
    setLifecycle(context, LIFECYCLE.blocked)
    remember(context, CVR3.blockedByPinTries)
  })
}

function takeBack(context: Context): void {
  const pin = context.directory.pin!
  context.memory.transaction(() => {
    context.memory.writeByte(pin.triesOffset, pin.maximumTries)
    setLifecycle(context, LIFECYCLE.active)
    remember(context, 0, CVR3.blockedByPinTries)
  })
}
