import { type StatusWord, SW } from "../../../apdu/index.js"
import { blockSizeOf, decipherSecureData, SECURE_MAC_LENGTH } from "../../../crypto/index.js"
import type { Command, Handler } from "../../application.js"
import { isPinValue } from "../../commands/pin.js"
import { behindMac, maintenanceKey } from "../../commands/secure-messaging.js"
import { storedPin } from "../../compile-secrets.js"
import type { Context } from "../../context.js"
import type { Secret } from "../../layout.js"

/** Card id of the PUK (card-structure §16.4). */
const PUK = 0x06
const UNBLOCK = 0x00
const RELOAD = 0x01

/** PIN UNBLOCK (84 24 00 00) and PIN RELOAD (84 24 00 01): card-commands §5.3, §5.4. */
export const resetPin: Handler = (context, command) => {
  if (command.p1 !== 0 || command.p2 > RELOAD) return SW.INCORRECT_P1P2
  return command.p2 === UNBLOCK ? unblockPin(context, command) : reloadPin(context, command)
}

/** True for a command as long as PIN RELOAD is on this card. */
export function hasLengthOfReload({ layout }: Context, { lc }: Command): boolean {
  return lc === blockSizeOf(layout.algorithm) + SECURE_MAC_LENGTH
}

/** Puts the enciphered PIN in place of the old one, with all tries; it still must be verified. */
export function reloadPin(context: Context, command: Command): StatusWord {
  if (!hasLengthOfReload(context, command)) return SW.WRONG_LENGTH
  return withPuk(context, command, (pin, field, sessionKey) => {
    const value = decipherSecureData(context.layout.algorithm, sessionKey, field)
    if (value === undefined || !isPinValue(value)) return SW.WRONG_DATA
    context.memory.write(pin.triesOffset, storedPin(pin.maximumTries, value))
    context.session.environmentBits &= ~pin.bit
    return SW.OK
  })
}

/** Gives the PIN its tries back. */
function unblockPin(context: Context, command: Command): StatusWord {
  if (command.lc !== SECURE_MAC_LENGTH) return SW.WRONG_LENGTH
  return withPuk(context, command, (pin) => {
    context.memory.writeByte(pin.triesOffset, pin.maximumTries)
    return SW.OK
  })
}

function withPuk(
  context: Context,
  command: Command,
  execute: (pin: Secret, field: Uint8Array, sessionKey: Uint8Array) => StatusWord,
): StatusWord {
  const { environment } = context.directory
  const { pin } = environment
  const puk = environment.keys.find(({ id, bit }) => id === PUK && bit !== 0)
  if (pin === undefined || puk === undefined) return SW.REFERENCED_DATA_NOT_FOUND
  if ((context.session.environmentBits & puk.bit) === 0) return SW.SECURITY_STATUS_NOT_SATISFIED
  const key = context.layout.options.pinMessageKey === "PUK" ? puk : maintenanceKey(context.directory)
  return behindMac(context, command, key, (field, sessionKey) => execute(pin, field, sessionKey))
}
