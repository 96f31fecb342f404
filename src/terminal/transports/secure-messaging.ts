import { concat, parseCommand, ShebaoError, type Transport, uint16 } from "../../apdu/index.js"
import type { CardKeyService } from "../../dictionary/index.js"
import { beginSecureCommand, type KeyFacts } from "../clients/key-steps.js"

export interface SecureMessagingOptions {
  readonly keys: CardKeyService
  /** What the card's keys are found by, see `readIdentity`. */
  readonly identity: KeyFacts
  /** Key of the current directory that makes the MACs, for example `STKssse`, `STKDF01`. */
  readonly keyName: string
  /** Also enciphers what is written (card-commands §7.1). */
  readonly encipher?: boolean
}

/** UPDATE BINARY, UPDATE RECORD and APPEND RECORD. */
const WRITING: readonly number[] = [0xd6, 0xdc, 0xe2]

/**
 * Sends commands that write with a MAC instead of in the clear: each takes a challenge of the card first
 * (card-commands §7.1). All others pass unchanged.
 *
 * @throws {ShebaoError} with the code of the key service when it does not work; the command is not sent then
 */
export function secureMessagingTransport(transport: Transport, options: SecureMessagingOptions): Transport {
  const { keys, identity, keyName, encipher = false } = options
  return {
    async transmit(command) {
      const apdu = command[0] === 0x00 && WRITING.includes(command[1]!) ? parseCommand(command) : undefined
      if (!apdu || apdu.data.length === 0) return transport.transmit(command)
      const header = Uint8Array.of(encipher ? 0x84 : 0x04, apdu.ins, apdu.p1, apdu.p2)
      const step = await beginSecureCommand(transport, identity, keyName, header)
      if (!step.ok) return uint16(step.statusWord)
      const data = encipher ? concat(apdu.data.length, apdu.data) : apdu.data
      const secured = await keys.secureCommand({ ...step, data, encipher })
      if (!secured.ok) throw new ShebaoError(secured.code, secured.message, { messageZh: secured.messageZh })
      return transport.transmit(secured.command)
    },
    close: () => transport.close(),
  }
}
