import { connect, type Socket } from "node:net"
import { type CardPort, concat, equalBytes, toHex, uint16 } from "../../../src/apdu/index.js"
import { messageStream } from "../../../src/virtual-reader/stream.js"
import { USER_ATR } from "../../virtual-reader/test-card.js"

/** A card that is not one of ours: it does on the wire what a test wants. */
export interface RawCard {
  /** Commands that came, in order. */
  readonly commands: Uint8Array[]
  /** Resolves when this many commands have come. */
  received(count: number): Promise<void>
  answer(response: Uint8Array): void
  remove(): void
}

/**
 * Puts a card into the driver's slot that answers the ATR and nothing else: its commands are answered by the test, or not
 * at all. Resolves at the first message of the driver.
 */
export function muteCard(port = 35963, atr: Uint8Array = USER_ATR): Promise<RawCard> {
  const commands: Uint8Array[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  const socket: Socket = connect(port, "127.0.0.1")
  socket.setNoDelay(true)
  socket.on("error", () => {})
  const answer = (response: Uint8Array) => void socket.write(concat(uint16(response.length), response))
  return new Promise((resolve) => {
    const card: RawCard = {
      commands,
      answer,
      received: (count) =>
        new Promise((done) => {
          if (commands.length >= count) done()
          else waiting.push({ count, resolve: done })
        }),
      remove: () => void socket.destroy(),
    }
    const receive = messageStream((message) => {
      resolve(card)
      if (message.length > 1) {
        commands.push(message)
        for (const { count, resolve: done } of waiting) if (commands.length >= count) done()
      } else if (message[0] === 4) answer(atr)
    })
    socket.on("data", receive)
  })
}

/** A card that answers a script: each command must be the one expected, else it answers 6F01. */
export function scriptedCard(
  steps: [command: string, response: string][],
  atr: Uint8Array,
  protocol: CardPort["protocol"],
) {
  const sent: string[] = []
  const card: CardPort = {
    protocol,
    atr,
    powerOn: () => atr,
    reset: () => atr,
    powerOff: () => {},
    process(command) {
      const [expected, response] = steps[sent.length] ?? []
      sent.push(toHex(command))
      const matches = expected !== undefined && equalBytes(command, Buffer.from(expected, "hex"))
      return matches ? Uint8Array.from(Buffer.from(response!, "hex")) : uint16(0x6f01)
    },
  }
  return { card, sent }
}
