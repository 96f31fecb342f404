import { concat, type StatusWord, SW } from "../../../apdu/index.js"
import { decipherKeyBlock, SECURE_MAC_LENGTH } from "../../../crypto/index.js"
import type { Handler } from "../../application.js"
import { behindMac } from "../../commands/secure-messaging.js"
import type { Context } from "../../context.js"
import type { Directory, Secret } from "../../layout.js"
import { hasLengthOfReload, reloadPin } from "./pin-reset.js"

/** P1: which algorithm; with this bit under the master key of the directory above. */
const ALGORITHM = { "3des": 0x00, sm4: 0x01 } as const
const UNDER_PARENT = 0x80
const DATA_LENGTH = 32 + SECURE_MAC_LENGTH
/** Key number that the reload of some HSM drivers carries in P2. */
const RELOAD = 0x01

/**
 * WRITE KEY (84 D4): replaces a key of the current directory and its counter, under the master key of this directory or
 * of the one above (card-commands §13). By option `84 D4 00 01` with the length of a PIN reload is one (§5.3).
 */
export const writeKey: Handler = (context, command) => {
  const { layout, directory } = context
  const { p1, p2, lc } = command
  if (layout.options.reload84D4 && p1 === 0 && p2 === RELOAD && hasLengthOfReload(context, command))
    return reloadPin(context, command)
  if ((p1 & ~UNDER_PARENT) !== ALGORITHM[layout.algorithm]) return SW.INCORRECT_P1P2
  if (lc !== DATA_LENGTH) return SW.WRONG_LENGTH
  const master = masterKey((p1 & UNDER_PARENT) === 0 ? directory : directory.parent)
  return behindMac(context, command, master, (field) => {
    const block = decipherKeyBlock(layout.algorithm, context.memory.read(master!.value), field)
    if (block === undefined || block.keyNumber !== p2) return SW.WRONG_DATA
    return replace(
      context,
      directory.keys.find(({ id }) => id === p2),
      block.key,
    )
  })
}

function masterKey(directory: Directory | undefined): Secret | undefined {
  return directory?.keys.find(({ use }) => use === "master")
}

/** Writes counter and key together. Whoever authenticated with the old key must do so with the new one. */
function replace({ memory, session }: Context, key: Secret | undefined, value: Uint8Array): StatusWord {
  if (key === undefined) return SW.REFERENCED_DATA_NOT_FOUND
  memory.write(key.triesOffset, concat(key.maximumTries, value))
  if (key.local) session.localBits &= ~key.bit
  else session.environmentBits &= ~key.bit
  return SW.OK
}
