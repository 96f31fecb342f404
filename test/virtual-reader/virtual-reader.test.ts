import { Socket } from "node:net"
import { afterEach, describe, expect, it, vi } from "vitest"
import { concat, hex, InputError, toHex, uint16 } from "../../src/apdu/index.js"
import { driverLine } from "../../src/virtual-reader/driver-line.js"
import {
  DELAYS,
  openVirtualReader,
  readyLine,
  serveCards,
  type VirtualReader,
  type VirtualReaderEvent,
  type VirtualReaderOptions,
  VPCD_PORT,
} from "../../src/virtual-reader/index.js"
import { quickAckBy } from "../../src/virtual-reader/quick-ack.js"
import { cardSlot } from "../../src/virtual-reader/slot.js"
import { type FakeDriver, fakeDriver, GET_ATR, OFF, ON, RESET } from "./fake-driver.js"
import { SAM_ATR, testCard, USER_ATR } from "./test-card.js"

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const thing of opened.splice(0)) await thing.close()
})

/** Events as they come, and a way to wait for the next of a type. */
function journal() {
  const events: VirtualReaderEvent[] = []
  const waiting: { type: string; resolve: (event: VirtualReaderEvent) => void }[] = []
  return {
    events,
    types: () => events.map(({ type }) => type),
    onEvent(event: VirtualReaderEvent) {
      events.push(event)
      const at = waiting.findIndex(({ type }) => type === event.type)
      if (at >= 0) waiting.splice(at, 1)[0]!.resolve(event)
    },
    next: (type: VirtualReaderEvent["type"]) =>
      new Promise<VirtualReaderEvent>((resolve) => waiting.push({ type, resolve })),
  }
}

/** Options of a driver line on which nothing is of interest. */
const quiet = {
  host: "127.0.0.1",
  slot: cardSlot(testCard()),
  rearm: undefined,
  patience: 60_000,
  powerPatience: 60_000,
  mayStandBack: false,
  onInserted: () => {},
  onReady: () => {},
  onSilent: () => {},
  onGap: () => {},
  onClosed: () => {},
}

async function driver(options?: Parameters<typeof fakeDriver>[0]): Promise<FakeDriver> {
  const made = await fakeDriver(options)
  opened.push(made)
  return made
}

function reader(options: VirtualReaderOptions): VirtualReader {
  const made = openVirtualReader({ keepAwake: false, ...options })
  opened.unshift(made)
  return made
}

describe("an inserted card", () => {
  it("9.1.2 answers each GET ATR and APDU with one message, OFF, ON and RESET with none, 10,000 messages long", async () => {
    const { port, card } = await driver()
    reader({ port }).insert(testCard())
    const line = await card()
    const expected: string[] = []
    await line.tell(ON)
    for (let i = 0; i < 10_000; i++) {
      const apdu = Uint8Array.of(0, 0xec, 0, 0, 2, i >> 8, i & 0xff)
      const message = [ON, RESET, GET_ATR, apdu, apdu][(i * 7919) % 5]!
      if (message === GET_ATR) expected.push(toHex(USER_ATR))
      if (message === apdu) expected.push(`${toHex(apdu.subarray(5))}9000`)
      await line.tell(message)
      if (i % 100 === 0) await Promise.all([line.tell(OFF), line.tell(ON)])
    }
    for (const answer of expected) expect(toHex(await line.answer())).toBe(answer)
    await line.ask(GET_ATR)
    expect(line.unread).toBe(0)
  })

  it("9.1.3 writes each answer at once, length and body together, with Nagle's algorithm off", async () => {
    const write = vi.spyOn(Socket.prototype, "write")
    const noDelay = vi.spyOn(Socket.prototype, "setNoDelay")
    const { port, card } = await driver()
    reader({ port }).insert(testCard())
    const line = await card()
    write.mockClear()
    await line.ask(GET_ATR)
    const own = write.mock.calls.map((_, i) => write.mock.contexts[i]).find((socket) => socket !== line.socket)
    const byCard = write.mock.calls.filter((_, i) => write.mock.contexts[i] === own)
    expect(byCard.map(([bytes]) => toHex(bytes as Uint8Array))).toEqual([`0011${toHex(USER_ATR)}`])
    expect(noDelay.mock.calls[noDelay.mock.contexts.indexOf(own as Socket)]).toEqual([true])
  })

  it("9.1.10 is inserted at the first message, not at the connection, and removed at the close", async () => {
    const { port, card } = await driver()
    const log = journal()
    const inserting = reader({ port, onEvent: log.onEvent }).insert(testCard())
    const line = await card()
    expect(log.types()).toEqual([])
    await line.ask(GET_ATR)
    expect(log.events).toEqual([{ type: "inserted", port, atr: USER_ATR }])
    await line.tell(ON)
    expect(log.types()).toEqual(["inserted"])
    await line.ask(GET_ATR)
    await inserting
    expect(log.events[1]).toEqual({ type: "ready", port, atr: USER_ATR })
    const removed = log.next("removed")
    line.socket.destroy()
    expect(await removed).toEqual({ type: "removed", port })
  })

  it("9.1.16 is announced by a ready line, after the insertion and when pcscd has read its ATR", async () => {
    expect(JSON.stringify(readyLine({ type: "ready", port: 35963, atr: USER_ATR }))).toBe(
      `{"event":"ready","port":35963,"atr":"${toHex(USER_ATR)}"}`,
    )
    expect(readyLine({ type: "inserted", port: 35963, atr: USER_ATR })).toBeUndefined()
    expect(readyLine({ type: "removed", port: 35963 })).toBeUndefined()
  })

  it("9.1.7 loses its session when the line closes", async () => {
    const { port, card } = await driver()
    const inside = testCard()
    const log = journal()
    reader({ port, onEvent: log.onEvent }).insert(inside)
    const line = await card()
    await line.tell(ON)
    await line.ask(hex("0020000003123456"))
    const removed = log.next("removed")
    line.socket.destroy()
    await removed
    expect(inside.calls.at(-1)).toBe("off")
  })

  it("9.1.14 is swapped by closing the line and opening another", async () => {
    const { port, card } = await driver()
    const log = journal()
    const slot = reader({ port, onEvent: log.onEvent })
    slot.insert(testCard())
    const first = await card()
    expect(await first.ask(GET_ATR)).toEqual(USER_ATR)
    const swapped = slot.insert(testCard(SAM_ATR))
    await first.closed
    const second = await card()
    await second.tell(ON)
    expect(await second.ask(GET_ATR)).toEqual(SAM_ATR)
    await swapped
    expect(log.types()).toEqual(["inserted", "removed", "inserted", "ready"])
  })

  it("leaves by itself when it lost its power in a command, and does not come back", async () => {
    const { port, card } = await driver()
    const log = journal()
    reader({ port, onEvent: log.onEvent }).insert(testCard())
    const line = await card()
    await line.tell(ON)
    await line.ask(GET_ATR)
    const removed = log.next("removed")
    await line.tell(hex("00ED0000"))
    await removed
    await line.closed
    expect(log.types()).toEqual(["inserted", "ready", "removed"])
  })

  it("9.1.15 finishes the command that began to arrive before it leaves", async () => {
    const { port, card } = await driver()
    let partsSeen = () => {}
    const partSeen = new Promise<void>((resolve) => (partsSeen = resolve))
    const line = driverLine({ ...quiet, port, slot: cardSlot(testCard()), rearm: () => inserted && partsSeen() })
    let inserted = false
    const seen = await card()
    await seen.tell(ON)
    await seen.ask(GET_ATR)
    inserted = true
    await seen.raw(hex("0006 00EC"))
    await partSeen
    const finished = line.finish()
    await seen.raw(hex("000001 99"))
    expect(toHex(await seen.answer())).toBe("999000")
    await finished
    await seen.closed
  })

  it("9.1.20 shares its process with another; ejecting one leaves the other", async () => {
    const [a, b] = [await driver(), await driver()]
    const user = reader({ port: a.port })
    user.insert(testCard())
    reader({ port: b.port }).insert(testCard(SAM_ATR))
    const [userLine, samLine] = [await a.card(), await b.card()]
    for (let i = 0; i < 10; i++) {
      expect(await userLine.ask(GET_ATR)).toEqual(USER_ATR)
      expect(await samLine.ask(GET_ATR)).toEqual(SAM_ATR)
    }
    await user.eject()
    await userLine.closed
    expect(await samLine.ask(GET_ATR)).toEqual(SAM_ATR)
  })
})

describe("a card that cannot get in", () => {
  it("9.1.8 with a wrong answer to reset is refused before connecting", async () => {
    const connect = vi.spyOn(Socket.prototype, "connect")
    const slot = reader({ port: 9 })
    await expect(slot.insert(testCard(hex("3B80800102")))).rejects.toThrow(InputError)
    await expect(slot.insert(testCard(new Uint8Array(34)))).rejects.toThrow(/^atr: expected 2 to 33 bytes, got 34/)
    expect(connect).not.toHaveBeenCalled()
  })

  it("9.1.11 says that the port is occupied when the line stays silent, and goes in when it can", async () => {
    const { port, card } = await driver()
    const log = journal()
    const waiting = log.next("waiting")
    reader({ port, onEvent: log.onEvent, delays: { patience: 30 } }).insert(testCard())
    expect(await waiting).toMatchObject({ code: "OCCUPIED", message: expect.stringContaining(`${port}`) })
    const line = await card()
    const inserted = log.next("inserted")
    await line.ask(GET_ATR)
    await inserted
  })

  it("9.1.11 that pcscd takes for the one before hangs up, so that pcscd sees it come", async () => {
    const { port, card } = await driver()
    const log = journal()
    const inserting = reader({ port, onEvent: log.onEvent, delays: { powerPatience: 20, firstRetry: 1 } }).insert(
      testCard(),
    )
    const unnoticed = await card()
    await unnoticed.ask(GET_ATR) // A look, and no power after it.
    await unnoticed.closed
    const line = await card()
    await line.ask(GET_ATR)
    await line.tell(ON)
    await line.ask(GET_ATR)
    await inserting
    expect(log.types()).toEqual(["inserted", "removed", "inserted", "ready"])
  })

  it("9.1.11 stays in when pcscd gives no power a second time", async () => {
    const { port, card } = await driver()
    const log = journal()
    const inserting = reader({ port, onEvent: log.onEvent, delays: { powerPatience: 20, firstRetry: 1 } }).insert(
      testCard(),
    )
    for (let i = 0; i < 2; i++) await (await card()).ask(GET_ATR)
    await inserting
    expect(log.types()).toEqual(["inserted", "removed", "inserted", "ready"])
  })

  it("9.1.12 tries again after 250, 500, 1000, 2000, 2000 ... ms, says so once, and goes in when pcscd comes", async () => {
    expect(DELAYS).toMatchObject({ firstRetry: 250, longestRetry: 2000, patience: 2000 })
    const gone = await fakeDriver()
    await gone.close()
    const pauses: number[] = []
    const { setTimeout: real } = globalThis
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((job: () => void, ms = 0) => {
      if (ms < 250) return real(job, ms)
      pauses.push(ms)
      return real(job, 5)
    }) as never)
    const log = journal()
    const waiting = log.next("waiting")
    reader({ port: gone.port, onEvent: log.onEvent, delays: { patience: 20 } }).insert(testCard())
    expect(await waiting).toMatchObject({ code: "UNREACHABLE", message: expect.stringContaining(`:${gone.port}`) })
    await vi.waitUntil(() => pauses.length >= 6)
    expect(pauses.slice(0, 6)).toEqual([250, 500, 1000, 2000, 2000, 2000])
    const back = await driver({ port: gone.port })
    const line = await back.card()
    await line.ask(GET_ATR)
    expect(log.types()).toEqual(["waiting", "inserted"])
  })

  it("9.1.12 goes in again when pcscd comes back", async () => {
    const first = await fakeDriver()
    const log = journal()
    reader({ port: first.port, onEvent: log.onEvent, delays: { firstRetry: 5, longestRetry: 20 } }).insert(testCard())
    await (await first.card()).ask(GET_ATR)
    await first.close()
    const second = await driver({ port: first.port })
    await (await second.card()).ask(GET_ATR)
    expect(log.types()).toEqual(["inserted", "removed", "inserted"])
  })

  it("9.1.13 that was connected with itself hangs up", async () => {
    const free = await fakeDriver()
    await free.close()
    const closed = new Promise((resolve) => {
      driverLine({ ...quiet, port: free.port, localPort: free.port, onClosed: resolve })
    })
    expect(await closed).toMatchObject({ inserted: false, cardGone: false })
  })

  it("can be taken back: the insertion is rejected with EJECTED", async () => {
    const { port, card } = await driver()
    const slot = reader({ port })
    const inserting = slot.insert(testCard())
    const line = await card()
    await slot.eject()
    await expect(inserting).rejects.toMatchObject({ code: "EJECTED" })
    await line.closed
  })

  it("9.1.19 dials 127.0.0.1 and port 35963 unless told otherwise", async () => {
    const connect = vi.spyOn(Socket.prototype, "connect").mockReturnThis()
    reader({}).insert(testCard())
    reader({ host: "192.0.2.1", port: 4000 }).insert(testCard())
    await vi.waitUntil(() => connect.mock.calls.length === 2)
    const targets = connect.mock.calls.flat(2).filter((item) => item && typeof item === "object" && "port" in item)
    expect(targets).toEqual([
      expect.objectContaining({ host: "127.0.0.1", port: VPCD_PORT }),
      expect.objectContaining({ host: "192.0.2.1", port: 4000 }),
    ])
    opened.length = 0
  })
})

describe("a driver that splits its messages", () => {
  it("9.1.17 without delay is no reason to warn", async () => {
    const { port, card } = await driver({ delay: 0 })
    const log = journal()
    reader({ port, onEvent: log.onEvent }).insert(testCard())
    const line = await card()
    for (let i = 0; i < 20; i++) await line.ask(GET_ATR)
    expect(log.types()).toEqual(["inserted"])
  })

  it("9.1.17 43 ms apart is reported once", async () => {
    // The clock is the test's: each reading is 43 ms after the one before.
    let now = 0
    vi.spyOn(performance, "now").mockImplementation(() => (now += 43))
    const { port, card } = await driver({ delay: 1 })
    const log = journal()
    reader({ port, onEvent: log.onEvent }).insert(testCard())
    const line = await card()
    for (let i = 0; i < 30; i++) await line.ask(GET_ATR)
    const warnings = log.events.filter(({ type }) => type === "warning")
    expect(warnings).toEqual([expect.objectContaining({ code: "SLOW_DRIVER", port })])
  })

  it("9.1.18 is answered with or without koffi, and when setting the option fails", async () => {
    const refusing = quickAckBy(() => {
      throw new Error("not a socket")
    })
    refusing(new Socket())
    let calls = 0
    const counting = quickAckBy((fd, level, name, value, length) => {
      calls += 1
      expect([fd >= 0, level, name, toHex(value), length]).toEqual([true, 6, 12, "01000000", 4])
      return -1
    })
    counting(new Socket())
    expect(calls).toBe(0)
    for (const rearm of [undefined, refusing, counting]) {
      const { port, card } = await driver()
      const line = driverLine({ ...quiet, port, rearm })
      const seen = await card()
      for (let i = 0; i < 3; i++) {
        const before = calls
        await seen.raw(hex("0001"))
        if (rearm === counting) await vi.waitUntil(() => calls > before)
        await seen.raw(hex("04"))
        expect(await seen.answer()).toEqual(USER_ATR)
      }
      await line.finish()
    }
    expect(calls).toBe(4) // At the connection, and after each incomplete message.
  })
})

describe("serving cards until told to end", () => {
  it("9.1.15 ejects and then saves each card", async () => {
    const [a, b] = [await driver(), await driver()]
    const end = new AbortController()
    const log = journal()
    const saved: string[] = []
    const served = serveCards(
      [
        { card: testCard(), port: a.port, save: () => void saved.push(`user after ${log.types().at(-1)}`) },
        { card: testCard(SAM_ATR), port: b.port, save: () => void saved.push(`sam after ${log.types().at(-1)}`) },
      ],
      { until: end.signal, onEvent: log.onEvent, keepAwake: false },
    )
    const lines = [await a.card(), await b.card()]
    for (const line of lines) await line.ask(GET_ATR)
    expect(saved).toEqual([])
    end.abort()
    await served
    for (const line of lines) await line.closed
    expect(saved).toEqual(["user after removed", "sam after removed"])
  })

  it("rejects when a card cannot be used", async () => {
    const served = serveCards([{ card: testCard(concat(hex("3B80"), uint16(0x8001))) }], {
      until: new AbortController().signal,
      keepAwake: false,
    })
    await expect(served).rejects.toThrow(InputError)
  })
})
