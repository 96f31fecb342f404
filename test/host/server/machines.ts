import { connect, type Socket } from "node:net"
import { expect } from "vitest"
import { computeLuhn, type HostLink, type Message, splitFrames, withLength } from "../../../src/dictionary/index.js"
import { digits, testClock, testTerminal } from "../test-terminal.js"

export const IDS = ["ATM00001", "ATM00002", "ATM00003", "ATM00004"]
export const REGION = { bank: { atmPerDay: 1_000_000 } }
export const TERMINALS = IDS.map((id) => ({ id, kind: "atm" as const }))
export const OPENING_FEN = 100_000_000
const CASH_FEN = 100_000_000

export const panOf = (index: number) => {
  const body = `621700${digits(index, 12)}`
  return body + computeLuhn(body)
}

export const clock = testClock()

/** The program of a bank server: prints its port. Its arguments: the store, and the rest as JSON. */
export const serverProgram = (host: string) => `
import { createBank, defaultRegion, startBankServer } from ${JSON.stringify(host)}
const [store, settings] = process.argv.slice(2).map((text) => JSON.parse(text))
const { region, terminals, now } = settings
const clock = () => new Date(now)
const bank = createBank({ store, region: defaultRegion(region), terminals, clock })
await bank.ledger.summary()
const server = await startBankServer({ bank })
console.log(server.port)
`

/** The second argument of {@link serverProgram}. */
export const serverSettings = () => JSON.stringify({ region: REGION, terminals: TERMINALS, now: clock().toISOString() })

/** One connection; a lost one rejects whoever waits for an answer. */
export function tcpLink(port: number): HostLink {
  const socket: Socket = connect(port, "127.0.0.1")
  let waiting: { resolve(frame: Uint8Array): void; reject(error: Error): void } | undefined
  let received: Uint8Array = new Uint8Array(0)
  const fail = () => waiting?.reject(new Error("connection lost"))
  socket.on("error", fail)
  socket.on("close", fail)
  socket.on("data", (chunk) => {
    const { frames, rest } = splitFrames(Buffer.concat([received, chunk]))
    received = rest
    for (const frame of frames) waiting?.resolve(frame)
  })
  return {
    exchange: (frame) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) reject(new Error("connection lost"))
        waiting = { resolve, reject }
        socket.write(withLength(frame))
      }),
    async close() {
      socket.destroy()
    },
  }
}

export interface MachineOptions {
  /** Whose account it takes from; default one of its own. */
  readonly pan?: string
  /** Transaction counter of the card, where several machines have to do with one. */
  readonly nextAtc?: () => number
}

/** A machine that keeps its journal on paper: what it still has to send, and what its cassettes hold. */
export function machine(index: number, { pan = panOf(index), nextAtc }: MachineOptions = {}) {
  let link: HostLink | undefined
  /** Where it sends everything a second time, at the same moment. */
  let echo: HostLink | undefined
  const terminal = testTerminal(
    { exchange: (frame) => link!.exchange(frame), close: async () => {} },
    { id: IDS[index]!, clock },
  )
  const queue: Message[] = []
  let cassetteFen = CASH_FEN
  let handsFen = 0
  let answered = 0
  let round = 0

  async function settle(message: Message): Promise<void> {
    queue.push(message)
    await drain()
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const frame = terminal.sign(queue[0]!)
      const [{ code }] = await Promise.all([terminal.sendFrame(frame), echo?.exchange(frame)])
      expect(code).toBe("00")
      answered++
      queue.shift()
    }
  }

  /** The notes are out, or not: after an approval, in the order a machine does it. */
  async function withdraw(): Promise<void> {
    if (nextAtc) terminal.setAtc(nextAtc())
    const request = terminal.withdrawal(10_000, { pan, pin: "123456" })
    // Written down before it is sent: an answer that never comes is reversed.
    queue.push(terminal.reversal(request, "98"))
    const { code } = await terminal.sendMessage(request)
    queue.pop()
    answered++
    // A card in two machines at once: the bank takes its counters in one order only.
    if (nextAtc && code !== "00") return undefined
    expect(code).toBe("00")
    if (++round % 3 === 0) return settle(terminal.reversal(request, "06"))
    cassetteFen -= 10_000
    handsFen += 10_000
    return settle(terminal.advice(request, "taken"))
  }

  return {
    terminal,
    connect: (port: number, echoPort?: number) => {
      link = tcpLink(port)
      echo = echoPort === undefined ? undefined : tcpLink(echoPort)
    },
    disconnect: async () => {
      await link?.close()
      await echo?.close()
    },
    signOn: () => terminal.signOn(),
    drain,
    async work() {
      await drain()
      for (;;) await withdraw()
    },
    view: () => ({ cassetteFen, handsFen, answered }),
  }
}
