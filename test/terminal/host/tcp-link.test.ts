import { once } from "node:events"
import { type AddressInfo, createServer, type Server, type Socket } from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import { hex, toHex } from "../../../src/apdu/index.js"
import { splitFrames, withLength } from "../../../src/dictionary/index.js"
import { type TcpLinkOptions, tcpLink } from "../../../src/terminal/index.js"

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A server that hands every frame to a function, with the connection it came on. */
async function serverWith(onFrame: (frame: Uint8Array, socket: Socket) => void) {
  const sockets: Socket[] = []
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    let received: Uint8Array = new Uint8Array(0)
    socket.on("error", () => {})
    socket.on("data", (bytes) => {
      const { frames, rest } = splitFrames(Buffer.concat([received, bytes]))
      received = rest
      for (const frame of frames) onFrame(frame, socket)
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return { port: (server.address() as AddressInfo).port, sockets }
}

function linkTo(port: number, options: Partial<TcpLinkOptions> = {}) {
  const link = tcpLink({ host: "127.0.0.1", port, timeoutMilliseconds: 5_000, ...options })
  cleanups.push(() => link.close())
  return link
}

const answer = (socket: Socket, text: string) => socket.write(withLength(hex(text)))

describe("a link over TCP", () => {
  it("connects when there is something to send, and keeps the connection", async () => {
    const { port, sockets } = await serverWith((frame, socket) => answer(socket, `AA${toHex(frame)}`))
    const link = linkTo(port)
    expect(sockets).toHaveLength(0)
    expect(toHex(await link.exchange(hex("01")))).toBe("AA01")
    expect(toHex(await link.exchange(hex("02")))).toBe("AA02")
    expect(sockets).toHaveLength(1)
  })

  it("has one request in flight: the second waits for the answer of the first", async () => {
    const held: (() => void)[] = []
    const seen: string[] = []
    const { port } = await serverWith((frame, socket) => {
      seen.push(toHex(frame))
      held.push(() => answer(socket, `AA${toHex(frame)}`))
      if (held.length === 2) for (const release of held) release()
    })
    const link = linkTo(port)
    const first = link.exchange(hex("01"))
    const second = link.exchange(hex("02"))
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toEqual(["01"])
    held.shift()!()
    expect(toHex(await first)).toBe("AA01")
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve))
    held.shift()!()
    expect(toHex(await second)).toBe("AA02")
  })

  it("puts an answer together that comes in pieces", async () => {
    const { port } = await serverWith((_, socket) => {
      const [bytes, at] = [withLength(hex("AABBCC")), 3]
      socket.write(bytes.subarray(0, at), () => socket.write(bytes.subarray(at)))
    })
    expect(toHex(await linkTo(port).exchange(hex("01")))).toBe("AABBCC")
  })

  it("never gives a late answer to a later request", async () => {
    const late: Socket[] = []
    const { port, sockets } = await serverWith((frame, socket) => {
      if (frame[0] === 1) late.push(socket)
      else {
        for (const old of late) if (!old.destroyed) answer(old, "AA01")
        answer(socket, `AA${toHex(frame)}`)
      }
    })
    const link = linkTo(port, { timeoutMilliseconds: 50 })
    await expect(link.exchange(hex("01"))).rejects.toMatchObject({ code: "TIMEOUT" })
    expect(toHex(await link.exchange(hex("02")))).toBe("AA02")
    expect(sockets).toHaveLength(2)
  })

  it("throws a connection away on which something came that nobody asked for", async () => {
    const { port, sockets } = await serverWith((frame, socket) => {
      answer(socket, `AA${toHex(frame)}`)
      if (sockets.length === 1) answer(socket, "EE")
    })
    const link = linkTo(port)
    expect(toHex(await link.exchange(hex("01")))).toBe("AA01")
    await once(sockets[0]!, "close")
    expect(toHex(await link.exchange(hex("02")))).toBe("AA02")
    expect(sockets).toHaveLength(2)
  })

  it("connects anew after the host has closed the connection", async () => {
    const { port, sockets } = await serverWith((frame, socket) => answer(socket, `AA${toHex(frame)}`))
    const link = linkTo(port)
    await link.exchange(hex("01"))
    sockets[0]!.end()
    await once(sockets[0]!, "close")
    expect(toHex(await link.exchange(hex("02")))).toBe("AA02")
  })

  it("says that the host cannot be reached when nobody listens, and tries again the next time", async () => {
    const { port } = await serverWith(() => {})
    await cleanups.pop()!()
    const link = linkTo(port)
    await expect(link.exchange(hex("01"))).rejects.toMatchObject({ code: "HOST_UNREACHABLE" })
    await expect(link.exchange(hex("02"))).rejects.toMatchObject({ code: "HOST_UNREACHABLE" })
  })

  it("says so as well when the connection breaks before the answer", async () => {
    const { port } = await serverWith((_, socket) => socket.destroy())
    await expect(linkTo(port).exchange(hex("01"))).rejects.toMatchObject({ code: "HOST_UNREACHABLE" })
  })

  it("ends what is running when it is closed, and takes nothing more", async () => {
    const { port } = await serverWith(() => void link.close())
    const link = linkTo(port)
    await expect(link.exchange(hex("01"))).rejects.toMatchObject({ code: "HOST_UNREACHABLE" })
    await expect(link.exchange(hex("02"))).rejects.toMatchObject({ code: "HOST_UNREACHABLE" })
  })

  it.each([0, 65_536, 1.5])("refuses port %s", (port) => {
    expect(() => tcpLink({ host: "127.0.0.1", port })).toThrow(/^port/)
  })
})
