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
  return {
    async transmit(command) {
      if (removed) throw new CardRemovedError()
      if (command.length < 4 || command.length > 65_535)
        throw new ShebaoError("COMMAND_LENGTH", `command: expected 4..65535 bytes, got ${command.length}`)
      try {
        const answer = await transport.transmit(command)
        if (answer.length >= 2) return answer
      } catch (error) {
        removed = error instanceof CardRemovedError
        throw error
      }
      removed = true
      throw new CardRemovedError()
    },
    close: () => transport.close(),
  }
}
