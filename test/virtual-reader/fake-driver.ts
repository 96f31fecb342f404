import { createServer, type Server, type Socket } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { concat, uint16 } from "../../src/apdu/index.js"

/** A card's line, seen from the driver. */
export interface CardLine {
  readonly socket: Socket
  /** Sends a message and reads the one answer to it. */
  ask(message: Uint8Array): Promise<Uint8Array>
  /** Sends a message that has no answer. */
  tell(message: Uint8Array): Promise<void>
  /** Sends bytes as they are. */
  raw(bytes: Uint8Array): Promise<void>
  /** Reads the next answer. */
  answer(): Promise<Uint8Array>
  /** Answers that came and that nobody read. */
  readonly unread: number
  readonly closed: Promise<void>
}

export interface FakeDriver {
  readonly port: number
  /** Resolves with the next card that connects. */
  card(): Promise<CardLine>
  close(): Promise<void>
}

export const OFF = Uint8Array.of(0)
export const ON = Uint8Array.of(1)
export const RESET = Uint8Array.of(2)
export const GET_ATR = Uint8Array.of(4)

/**
 * The driver's side of the vpcd protocol, for one slot.
 *
 * @param delay milliseconds between length and body; undefined sends both at once
 */
export async function fakeDriver({ port = 0, delay = undefined as number | undefined } = {}): Promise<FakeDriver> {
  const waiting: ((line: CardLine) => void)[] = []
  const come: CardLine[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    const line = cardLine(socket, delay)
    const taker = waiting.shift()
    if (taker) taker(line)
    else come.push(line)
  })
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  return {
    port: (server.address() as { port: number }).port,
    card: () => {
      const line = come.shift()
      return line ? Promise.resolve(line) : new Promise((resolve) => waiting.push(resolve))
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function cardLine(socket: Socket, delay: number | undefined): CardLine {
  socket.setNoDelay(true)
  socket.on("error", () => {})
  const answers: Uint8Array[] = []
  const waiting: { resolve: (answer: Uint8Array) => void; reject: (error: Error) => void }[] = []
  let pending: Uint8Array = new Uint8Array(0)
  socket.on("data", (chunk) => {
    pending = concat(pending, chunk)
    while (pending.length >= 2 && pending.length >= 2 + ((pending[0]! << 8) | pending[1]!)) {
      const end = 2 + ((pending[0]! << 8) | pending[1]!)
      const answer = pending.slice(2, end)
      pending = pending.slice(end)
      const taker = waiting.shift()
      if (taker) taker.resolve(answer)
      else answers.push(answer)
    }
  })
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      for (const { reject } of waiting.splice(0)) reject(new Error("the card closed the line"))
      resolve()
    })
  })
  const raw = (bytes: Uint8Array) => new Promise<void>((resolve) => socket.write(bytes, () => resolve()))
  const tell = async (message: Uint8Array) => {
    if (delay === undefined) return raw(concat(uint16(message.length), message))
    await raw(uint16(message.length))
    await pause(delay)
    await raw(message)
  }
  const answer = () => {
    const there = answers.shift()
    return there
      ? Promise.resolve(there)
      : new Promise<Uint8Array>((resolve, reject) => waiting.push({ resolve, reject }))
  }
  return {
    socket,
    raw,
    tell,
    answer,
    async ask(message) {
      await tell(message)
      return answer()
    },
    get unread() {
      return answers.length
    },
    closed,
  }
}
