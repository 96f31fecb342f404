import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import { concat, hex, uint16 } from "../../../src/apdu/index.js"
import { type HostLink, splitFrames, withLength } from "../../../src/dictionary/index.js"
import {
  type BankServer,
  type BankServerEvent,
  type BankServerOptions,
  createBank,
  type FrameHandler,
  startBankServer,
} from "../../../src/host/index.js"
import { CARD, PAN, testClock, testTerminal } from "../test-terminal.js"

const open: { sockets: Socket[]; servers: BankServer[] } = { sockets: [], servers: [] }

afterEach(async () => {
  for (const socket of open.sockets.splice(0)) socket.destroy()
  for (const server of open.servers.splice(0)) await server.close()
})

async function start(options: Partial<BankServerOptions> = {}) {
  const events: BankServerEvent[] = []
  const bank = options.bank ?? createBank({ clock: testClock() })
  const server = await startBankServer({ onEvent: (event) => events.push(event), ...options, bank })
  open.servers.push(server)
  return { server, events }
}

async function dial({ port }: BankServer): Promise<Socket> {
  const socket = connect(port, "127.0.0.1")
  open.sockets.push(socket)
  socket.on("error", () => undefined)
  await once(socket, "connect")
  return socket
}

/** The next so many frames that arrive. */
async function frames(socket: Socket, count: number): Promise<Uint8Array[]> {
  let received: Uint8Array = new Uint8Array(0)
  const found: Uint8Array[] = []
  while (found.length < count) {
    const [chunk] = (await once(socket, "data")) as [Buffer]
    const split = splitFrames(concat(received, new Uint8Array(chunk)))
    received = split.rest
    found.push(...split.frames)
  }
  return found
}

const linkOver = (socket: Socket): HostLink => ({
  async exchange(frame) {
    const answer = frames(socket, 1)
    socket.write(withLength(frame))
    return (await answer)[0]!
  },
  async close() {
    socket.end()
  },
})

const closed = (socket: Socket) => (socket.destroyed ? Promise.resolve() : once(socket, "close"))

/** Answers with the frame it was given, when it is told to. */
function slowEcho() {
  const waiting: (() => void)[] = []
  const seen: Uint8Array[] = []
  const bank: FrameHandler = {
    handle: async (frame) => {
      seen.push(frame)
      await new Promise<void>((resolve) => waiting.push(resolve))
      return frame
    },
  }
  return { bank, seen, answerNext: () => waiting.shift()?.() }
}

const echo: FrameHandler = { handle: async (frame) => frame }
/** Resolves when the condition holds; looks at every turn of the event loop. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

describe("bank server", () => {
  it("lets a terminal sign on and withdraw over TCP", async () => {
    const clock = testClock()
    const bank = createBank({ clock })
    await bank.enroll(CARD)
    const { server } = await start({ bank })
    const terminal = testTerminal(linkOver(await dial(server)), { clock })
    await terminal.signOn()
    const request = terminal.withdrawal(50_000)
    expect(await terminal.sendMessage(request)).toMatchObject({ code: "00", isMacRight: true })
    expect((await terminal.sendMessage(terminal.advice(request, "taken"))).code).toBe("00")
    expect(await bank.account(PAN)).toMatchObject({ balanceFen: 950_000n })
  })

  it("listens on this machine only, unless it is told otherwise", async () => {
    expect((await start()).server.host).toBe("127.0.0.1")
  })

  it("says when an address is not to be had", async () => {
    const { server } = await start()
    await expect(startBankServer({ bank: echo, port: server.port })).rejects.toMatchObject({ code: "CANNOT_LISTEN" })
  })

  it("puts frames together that arrive byte by byte", async () => {
    const { server } = await start({ bank: echo })
    const socket = await dial(server)
    const answer = frames(socket, 2)
    for (const byte of concat(withLength(hex("6001")), withLength(hex("600203")))) socket.write(Uint8Array.of(byte))
    expect(await answer).toEqual([hex("6001"), hex("600203")])
  })

  it("answers frames that arrive together one after the other, in their order", async () => {
    const { bank, seen, answerNext } = slowEcho()
    const { server } = await start({ bank })
    const socket = await dial(server)
    const answers = frames(socket, 3)
    socket.write(concat(...["01", "02", "03"].map((text) => withLength(hex(text)))))
    for (let i = 1; i <= 3; i++) {
      await until(() => seen.length === i)
      answerNext()
    }
    expect(await answers).toEqual([hex("01"), hex("02"), hex("03")])
  })

  it("stays silent on a frame that the bank cannot answer, and goes on", async () => {
    const { server } = await start()
    const socket = await dial(server)
    const answer = frames(socket, 1)
    socket.write(withLength(hex("FF")))
    socket.write(
      withLength(
        hex(
          "6000030000613200320000 0800 0020000000C00010 000001 41544D3030303031 534845 42414F303030303030303031 0011000000010030 10",
        ),
      ),
    )
    expect(await answer).toHaveLength(1)
  })

  it.each([
    ["a length of 0", hex("0000")],
    ["a length above the maximum", hex("1001")],
    ["a length above the maximum behind a good frame", concat(withLength(hex("60")), hex("FFFF"))],
  ])("cuts a connection that sends %s", async (_what, bytes) => {
    const { server, events } = await start({ bank: echo })
    const socket = await dial(server)
    socket.write(bytes)
    await closed(socket)
    await until(() => events.some((event) => event.type === "disconnected"))
    expect(events.map((event) => event.type)).toEqual(["connected", "cut", "disconnected"])
  })

  it("cuts a connection whose frame does not end", async () => {
    const { server, events } = await start({ bank: echo, frameMilliseconds: 20 })
    const socket = await dial(server)
    socket.write(hex("0010 60"))
    await closed(socket)
    await until(() => events.length === 3)
    expect(events[1]).toMatchObject({ type: "cut", reason: "a frame that does not end" })
  })

  it("cuts a connection that is silent too long", async () => {
    const { server, events } = await start({ bank: echo, idleMilliseconds: 20 })
    await closed(await dial(server))
    await until(() => events.length === 3)
    expect(events[1]).toMatchObject({ type: "cut", reason: "silence" })
  })

  it("refuses connections beyond its limit, and takes one again when one is free", async () => {
    const { server, events } = await start({ bank: echo, maximumConnections: 1 })
    const first = await dial(server)
    const second = await dial(server)
    await closed(second)
    await until(() => events.some((event) => event.type === "refused"))
    first.destroy()
    await until(() => events.some((event) => event.type === "disconnected"))
    const third = await dial(server)
    const answer = frames(third, 1)
    third.write(withLength(hex("6001")))
    expect(await answer).toEqual([hex("6001")])
  })

  it("lives on when a terminal hangs up in the middle of its message", async () => {
    const { bank, seen, answerNext } = slowEcho()
    const { server, events } = await start({ bank })
    const gone = await dial(server)
    gone.write(withLength(hex("01")))
    await until(() => seen.length === 1)
    gone.resetAndDestroy()
    answerNext()
    await until(() => events.some((event) => event.type === "disconnected"))
    const socket = await dial(server)
    const answer = frames(socket, 1)
    socket.write(withLength(hex("02")))
    await until(() => seen.length === 2)
    answerNext()
    expect(await answer).toEqual([hex("02")])
  })

  it("finishes the message in work when it is closed, takes no other, and closes every connection", async () => {
    const { bank, seen, answerNext } = slowEcho()
    const { server } = await start({ bank })
    const [busy, idle] = [await dial(server), await dial(server)]
    const answer = frames(busy, 1)
    busy.write(concat(withLength(hex("01")), withLength(hex("02"))))
    await until(() => seen.length === 1)
    const ended = server.close()
    await closed(idle)
    answerNext()
    expect(await answer).toEqual([hex("01")])
    await closed(busy)
    await ended
    expect(seen).toHaveLength(1)
    await server.close()
  })

  it("does not wait for ever for a message that does not end", async () => {
    const { bank, seen } = slowEcho()
    const { server } = await start({ bank, graceMilliseconds: 20 })
    const socket = await dial(server)
    socket.write(withLength(hex("01")))
    await until(() => seen.length === 1)
    void server.close()
    await closed(socket)
    expect(seen).toHaveLength(1)
    // The handler never answers: that connection is gone all the same.
    open.servers.length = 0
  })
})

describe("length bytes", () => {
  it("do not count themselves (host-iso8583 §1)", () => {
    expect(withLength(new Uint8Array(295)).slice(0, 2)).toEqual(uint16(0x0127))
  })
})
