import { connect, type Socket } from "node:net"
import { assertInteger, ShebaoError, TimeoutError } from "../../apdu/index.js"
import { type HostLink, splitFrames, withLength } from "../../dictionary/index.js"
import { queueOfOne } from "../bank/queue-of-one.js"

export interface TcpLinkOptions {
  readonly host: string
  readonly port: number
  /** From the wish to send until the whole answer is there. Default 60,000 (host-iso8583 §1). */
  readonly timeoutMilliseconds?: number
}

/**
 * A way to a bank host over TCP: two length bytes and a frame each way, one request in flight (host-iso8583 §1). It
 * connects when there is something to send, keeps the connection, and makes a new one when that is gone.
 *
 * A connection whose answer did not come in time is given up, so that an answer that comes too late is never taken for
 * that of the next request.
 *
 * @example const link = tcpLink({ host: "127.0.0.1", port: 8583 })
 */
export function tcpLink({ host, port, timeoutMilliseconds = 60_000 }: TcpLinkOptions): HostLink {
  assertInteger("port", port, 1, 65_535)
  assertInteger("timeoutMilliseconds", timeoutMilliseconds, 1, 0x7fff_ffff)
  const oneAtATime = queueOfOne()
  let open: Socket | undefined
  let closed = false
  let stop: ((error: ShebaoError) => void) | undefined

  const give = (socket: Socket) => {
    if (open === socket) open = undefined
    socket.destroy()
  }

  const connection = () => {
    if (open) return open
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    open = socket
    // Between two requests nobody listens; whatever arrives or happens then makes the connection useless.
    socket.on("error", () => give(socket))
    socket.on("close", () => give(socket))
    socket.on("end", () => give(socket))
    socket.on("data", () => {
      if (!stop) give(socket)
    })
    return socket
  }

  const exchange = (frame: Uint8Array) =>
    new Promise<Uint8Array>((resolve, reject) => {
      if (closed) return reject(unreachable(host, port, "the link is closed"))
      const socket = connection()
      let received: Uint8Array = new Uint8Array(0)
      const timer = setTimeout(
        () => fail(new TimeoutError(`${host}:${port} did not answer in ${timeoutMilliseconds} ms.`)),
        timeoutMilliseconds,
      )
      const finish = () => {
        clearTimeout(timer)
        stop = undefined
        socket.off("data", onData)
        socket.off("error", onError)
        socket.off("close", onClose)
      }
      const fail = (error: ShebaoError) => {
        finish()
        give(socket)
        reject(error)
      }
      const onError = (cause: Error) => fail(unreachable(host, port, cause.message, cause))
      const onClose = () => fail(unreachable(host, port, "the connection was closed"))
      const onData = (bytes: Uint8Array) => {
        received = received.length === 0 ? bytes : Buffer.concat([received, bytes])
        const { frames, rest } = splitFrames(received)
        const [answer] = frames
        if (!answer) return
        finish()
        // More than one answer to one request: the line is out of step.
        if (frames.length > 1 || rest.length > 0) give(socket)
        resolve(answer)
      }
      stop = fail
      socket.on("data", onData)
      socket.on("error", onError)
      socket.on("close", onClose)
      socket.write(withLength(frame))
    })

  return {
    exchange: (frame) => oneAtATime(() => exchange(frame)),
    async close() {
      closed = true
      stop?.(unreachable(host, port, "the link is closed"))
      if (open) give(open)
    },
  }
}

function unreachable(host: string, port: number, what: string, cause?: unknown): ShebaoError {
  return new ShebaoError("HOST_UNREACHABLE", `${host}:${port}: ${what}`, {
    messageZh: `${host}:${port}:无法连接银行主机`,
    cause,
  })
}
