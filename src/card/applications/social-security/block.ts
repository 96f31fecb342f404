import { type StatusWord, SW } from "../../../apdu/index.js"
import { SECURE_MAC_LENGTH } from "../../../crypto/index.js"
import type { Handler } from "../../application.js"
import { behindMac, maintenanceKey } from "../../commands/secure-messaging.js"
import type { Context } from "../../context.js"
import { ENVIRONMENT_STATE, environmentState, setEnvironmentState } from "./lifecycle.js"

const PERMANENT = 0x01

/** A command of P1 00, P2 up to `highestP2`, that has a MAC and no data. */
const managing =
  (highestP2: number, execute: (context: Context, p2: number) => StatusWord): Handler =>
  (context, command) => {
    const { p1, p2, lc } = command
    if (p1 !== 0 || p2 > highestP2) return SW.INCORRECT_P1P2
    if (lc !== SECURE_MAC_LENGTH) return SW.WRONG_LENGTH
    return behindMac(context, command, maintenanceKey(context.directory), () => execute(context, p2))
  }

/** APPLICATION BLOCK (84 1E 00): P2 00 until the issuer unblocks, 01 for ever (card-commands §7.2). */
export const applicationBlock = managing(PERMANENT, (context, p2) => {
  setEnvironmentState(context, p2 === PERMANENT ? ENVIRONMENT_STATE.blockedPermanently : ENVIRONMENT_STATE.blocked)
  forget(context)
  return SW.OK
})

const unblock = managing(0, (context) => {
  setEnvironmentState(context, ENVIRONMENT_STATE.active)
  return SW.OK
})

/** APPLICATION UNBLOCK (84 18 00 00) ends a temporary block; without one 6985 (card-commands §7.2). */
export const applicationUnblock: Handler = (context, command) => {
  if (environmentState(context) === ENVIRONMENT_STATE.active) return SW.CONDITIONS_NOT_SATISFIED
  return unblock(context, command)
}

/** CARD BLOCK (84 16 00 00): the whole card, for ever (card-commands §7.2). */
export const cardBlock = managing(0, (context) => {
  context.blockCard()
  forget(context)
  return SW.OK
})

/** What was verified and authenticated is gone with the block, also after its end. */
function forget({ session }: Context): void {
  session.environmentBits = 0
  session.localBits = 0
}
