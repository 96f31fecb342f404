import { CardRemovedError, ShebaoError, type Transport } from "../../apdu/index.js"

/**
 * Keeps the contract of {@link Transport} over anything that exchanges bytes: a command of 4 to 65,535 bytes, an answer
 * of at least 2 (readers §6.6: an empty success means that the card vanished), and once removed, always removed.
 *
 * @throws {ShebaoError} `COMMAND_LENGTH`, without touching the card
 * @throws {CardRemovedError} for an answer of fewer than 2 bytes, and for every command after that
 */
export function guardTransport(transport: Transport): Transport {
  let removed = false
  const checked = (answer: Uint8Array): Uint8Array => {
    if (answer.length >= 2) return answer
    removed = true
    throw new CardRemovedError()
  }
  const failed = (error: unknown): never => {
    removed = error instanceof CardRemovedError
    throw error
  }
  return {
    transmit(command) {
      if (removed) return Promise.reject(new CardRemovedError())
      if (command.length >= 4 && command.length <= 65_535) return transport.transmit(command).then(checked, failed)
      const message = `command: expected 4..65535 bytes, got ${command.length}`
      return Promise.reject(new ShebaoError("COMMAND_LENGTH", message))
    },
    close: () => transport.close(),
  }
}
