import { concat, type StatusWord, SW } from "../../../apdu/index.js"
import { decipherPkiMasterKey, decipherPkiPin, pkiMac, pkiPinKey, SECURE_MAC_LENGTH } from "../../../crypto/index.js"
import { PKI_PINS } from "../../../dictionary/index.js"
import type { Handler } from "../../application.js"
import { guardedByMac } from "../../commands/secure-messaging.js"
import type { Context } from "../../context.js"
import type { Secret } from "../../layout.js"
import { mayWrite, pkiSecret } from "./secrets.js"

const CHALLENGE_LENGTH = 16

/** Replaces a secret by what comes enciphered under the master key, behind a MAC that begins with the challenge. */
const replacing =
  (
    which: "admin" | "master",
    blockLength: number,
    open: (masterKey: Uint8Array, block: Uint8Array) => Uint8Array | undefined,
  ): Handler =>
  (context, command) => {
    if (command.p1 !== 0x01 || command.p2 !== 0x00) return SW.INCORRECT_P1P2
    if (command.lc !== blockLength + SECURE_MAC_LENGTH) return SW.WRONG_LENGTH
    if (!mayWrite(context)) return SW.SECURITY_STATUS_NOT_SATISFIED
    const master = pkiSecret(context, "master")
    return guardedByMac(context, command, master, CHALLENGE_LENGTH, pkiMac, (block) => {
      const value = open(context.memory.read(master.value), block)
      return value === undefined ? SW.WRONG_DATA : replace(context, pkiSecret(context, which), value)
    })
  }

/** Change of the administrator PIN (84 5E 01 00): card-commands §12. The new one must be proved. */
export const changeAdminPin = replacing("admin", 16, (masterKey, block) => {
  const pin = decipherPkiPin(masterKey, block)
  return pin?.length === PKI_PINS.admin.length ? pkiPinKey(pin) : undefined
})

/** Update of the master key (84 D4 01 00): card-commands §12. The new one must be proved. */
export const updateMasterKey = replacing("master", 32, decipherPkiMasterKey)

/** Value and counter together. */
function replace({ memory, session }: Context, secret: Secret, value: Uint8Array): StatusWord {
  memory.write(secret.triesOffset, concat(secret.maximumTries, value))
  session.environmentBits &= ~secret.bit
  return SW.OK
}
