import { createServer, type Server, type Socket } from "node:net"
import { InputError, ShebaoError } from "../../apdu/index.js"
import { withLength } from "../../dictionary/index.js"
import type { FrameHandler } from "../link.js"
import { frameReader } from "./frame-reader.js"

/** What happens on the connections, for logs. */
export type BankServerEvent =
  | { readonly type: "connected" | "disconnected"; readonly peer: string }
  /** A connection that was cut because of what came, or did not come, over it. */
  | { readonly type: "cut"; readonly peer: string; readonly reason: string }
  /** A connection beyond the limit. */
  | { readonly type: "refused"; readonly peer: string }

export interface BankServerOptions {
  readonly bank: FrameHandler
  /** Default 127.0.0.1: only programs on this machine. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** Default 100. */
  readonly maximumConnections?: number
  /** Longest frame in bytes; default 4096. */
  readonly maximumFrame?: number
  /** A connection that is silent for longer is closed; default 180 s, terminals send an echo after 60 s. */
  readonly idleMilliseconds?: number
  /** How long a frame may take to arrive once it has begun; default 10 s. */
  readonly frameMilliseconds?: number
  /** How long `close` waits for running messages; default 10 s. */
  readonly graceMilliseconds?: number
  readonly onEvent?: (event: BankServerEvent) => void
}

export interface BankServer {
  readonly host: string
  readonly port: number
  /** Takes no new messages, answers those that are running, and closes all connections. */
  close(): Promise<void>
}

const SECOND = 1000
const DEFAULTS = {
  host: "127.0.0.1",
  port: 0,
  maximumConnections: 100,
  maximumFrame: 4096,
  idleMilliseconds: 180 * SECOND,
  frameMilliseconds: 10 * SECOND,
  graceMilliseconds: 10 * SECOND,
}

type Settings = typeof DEFAULTS & { bank: FrameHandler; report: (event: BankServerEvent) => void }

/** One terminal's connection: its frames one after the other, their answers in the same order. */
interface Connection {
  /** Resolves when the message in work is answered and the connection is closed. */
  readonly done: Promise<void>
  /** No further message is taken. */
  finish(): void
  destroy(): void
}

function serve(socket: Socket, settings: Settings): Connection {
  const { bank, report, maximumFrame, idleMilliseconds, frameMilliseconds } = settings
  const peer = `${socket.remoteAddress}:${socket.remotePort}`
  const reader = frameReader(maximumFrame)
  let isFinishing = false
  let isBusy = false
  let slowTimer: NodeJS.Timeout | undefined

  function cut(reason: string): void {
    report({ type: "cut", peer, reason })
    socket.destroy()
  }

  function watchFrame(): void {
    clearTimeout(slowTimer)
    slowTimer = reader.isPartial ? setTimeout(() => cut("a frame that does not end"), frameMilliseconds) : undefined
  }

  async function answer(frame: Uint8Array): Promise<void> {
    isBusy = true
    const bytes = await bank.handle(frame).finally(() => {
      isBusy = false
    })
    if (bytes && !socket.destroyed) socket.write(withLength(bytes))
    if (isFinishing) socket.end()
  }

  async function run(): Promise<void> {
    report({ type: "connected", peer })
    // Reading stops while a message is in work: a terminal has one under way, and nobody can fill our memory.
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      const frames = reader.push(chunk)
      watchFrame()
      for (const frame of frames) if (!isFinishing) await answer(frame)
    }
  }

  socket.setNoDelay(true)
  // Whatever breaks a connection ends its loop; there is nobody else to tell.
  socket.on("error", () => socket.destroy())
  socket.setTimeout(idleMilliseconds, () => cut("silence"))
  const done = run()
    .catch((error: unknown) => {
      if (error instanceof InputError) cut(error.message)
      else socket.destroy()
    })
    .finally(() => {
      clearTimeout(slowTimer)
      report({ type: "disconnected", peer })
    })
  return {
    done,
    finish() {
      isFinishing = true
      if (!isBusy) socket.end()
    },
    destroy: () => socket.destroy(),
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on("error", (cause) => {
      reject(new ShebaoError("CANNOT_LISTEN", `Cannot listen on ${host}:${port}: ${cause.message}`, { cause }))
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === "object" && address ? address.port : port)
    })
  })
}

/**
 * Puts a bank behind TCP: two length bytes and a frame in each direction (host-iso8583 §1).
 *
 * @throws {ShebaoError} `CANNOT_LISTEN` when the address is not to be had
 * @example const server = await startBankServer({ bank: createBank(), port: 8583 })
 */
export async function startBankServer(options: BankServerOptions): Promise<BankServer> {
  const { onEvent, ...given } = options
  const settings: Settings = { ...DEFAULTS, ...given, report: onEvent ?? (() => undefined) }
  const connections = new Set<Connection>()
  const server = createServer((socket) => {
    const connection = serve(socket, settings)
    connections.add(connection)
    connection.done.then(() => connections.delete(connection))
  })
  server.maxConnections = settings.maximumConnections
  server.on("drop", (drop) => settings.report({ type: "refused", peer: `${drop?.remoteAddress}:${drop?.remotePort}` }))
  const port = await listen(server, settings.host, settings.port)
  let closing: Promise<void> | undefined

  async function close(): Promise<void> {
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
    const open = [...connections]
    for (const connection of open) connection.finish()
    const timer = setTimeout(() => {
      for (const connection of open) connection.destroy()
    }, settings.graceMilliseconds)
    await Promise.all(open.map((connection) => connection.done))
    clearTimeout(timer)
    await stopped
  }

  return { host: settings.host, port, close: () => (closing ??= close()) }
}
