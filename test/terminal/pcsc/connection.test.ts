import { stat } from "node:fs/promises"
import { afterEach, describe, expect, it, vi } from "vitest"
import { CardRemovedError, hex, toHex } from "../../../src/apdu/index.js"
import type { PcscBinding, PcscCard } from "../../../src/terminal/pcsc/binding.js"
import { type PcscError, pcscError } from "../../../src/terminal/pcsc/errors.js"
import { readerSystem } from "../../../src/terminal/pcsc/reader-system.js"
import { threadLimit } from "../../../src/terminal/pcsc/threads.js"
import { formatExchange } from "../../../src/terminal/trace/index.js"
import { dumpTransport, formatDumpEvent, traceTransport } from "../../../src/terminal/transports/index.js"

const ECHO = hex("00EC0000")
const removed = (number: number) => (reader: string) => pcscError(number, { operation: "transmit", reader })

/** What the service does with a transmit: answers, fails, or waits until it is told. */
type Step = string | ((reader: string) => PcscError) | Promise<string>

/** A binding whose service follows a script; every call to it is recorded. */
function scriptedBinding(steps: Step[], features: { transactions?: boolean; reconnect?: boolean } = {}) {
  const calls: string[] = []
  const answer = async (reader: string, what: string): Promise<Uint8Array> => {
    calls.push(what)
    const step = await (steps.shift() ?? "9000")
    if (typeof step === "function") throw step(reader)
    return hex(step)
  }
  const card = (reader: string): PcscCard => ({
    protocol: 1,
    atr: async () => hex("3B00"),
    transmit: (command) => answer(reader, toHex(command)),
    control: (code) => answer(reader, `control ${code}`),
    async disconnect(disposition) {
      calls.push(`disconnect ${disposition}`)
    },
    ...(features.reconnect && {
      async reconnect(share: number, protocol: number, initialization: number) {
        calls.push(`reconnect ${share} ${protocol} ${initialization}`)
        return 1
      },
    }),
    ...(features.transactions && {
      async begin() {
        calls.push("begin")
      },
      async end(disposition: number) {
        calls.push(`end ${disposition}`)
      },
    }),
  })
  const binding: PcscBinding = {
    name: "smartcard",
    async open() {
      return {
        readers: async () => [],
        watch: () => ({ close() {} }),
        async connect(reader, share, protocol) {
          calls.push(`connect ${share} ${protocol}`)
          return card(reader)
        },
        async close() {},
      }
    },
  }
  return { binding, calls }
}

let names = 0
/** A lane lives as long as the process: each test has a reader of its own. */
const newReader = () => `Reader ${names++}`
const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const system of closing.splice(0)) await system.close()
})

async function connected(
  steps: Step[],
  features?: Parameters<typeof scriptedBinding>[1],
  timeoutMilliseconds = 30_000,
) {
  const { binding, calls } = scriptedBinding(steps, features)
  const system = await readerSystem(binding)
  closing.push(system)
  const connection = await system.connect(newReader(), { timeoutMilliseconds })
  calls.length = 0
  return { system, connection, calls }
}

describe("9.2.2 the faces of a card that vanished", () => {
  it.each([
    ["no byte", ""],
    ["one byte", "90"],
    ["0x80100016", removed(0x80100016)],
    ["0x80100069", removed(0x80100069)],
  ])("%s is CARD_REMOVED, now and ever after, and the handle is given back", async (_, step) => {
    const { connection, calls } = await connected([step as Step])
    await expect(connection.transmit(ECHO)).rejects.toThrow(CardRemovedError)
    await expect(connection.transmit(ECHO)).rejects.toMatchObject({ code: "CARD_REMOVED" })
    await connection.disconnect("leave")
    expect(calls).toEqual([toHex(ECHO), "disconnect 0"])
  })
})

describe("9.2.5 a reset by another program", () => {
  it.each([
    [true, ["reconnect 2 3 0"]],
    [false, ["disconnect 0", "connect 2 3"]],
  ])("reconnects with LEAVE and repeats nothing (native reconnect: %s)", async (reconnect, recovery) => {
    const { connection, calls } = await connected([removed(0x80100068), "9000"], { reconnect })
    await expect(connection.transmit(ECHO)).rejects.toMatchObject({ code: "CARD_RESET" })
    expect(calls).toEqual([toHex(ECHO), ...recovery])
    expect(toHex(await connection.transmit(hex("00ED0000")))).toBe("9000")
    expect(calls.at(-1)).toBe("00ED0000")
  })

  it("fails every command that waited behind it, and recovers once", async () => {
    const reset = removed(0x80100068)
    const { connection, calls } = await connected([reset, reset, reset], { reconnect: true })
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => connection.transmit(ECHO)))
    expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code)).toEqual(
      Array(3).fill("CARD_RESET"),
    )
    expect(calls.filter((call) => call.startsWith("reconnect"))).toHaveLength(1)
    expect(toHex(await connection.transmit(ECHO))).toBe("9000")
  })
})

describe("9.2.7 deadlines", () => {
  it("a call that does not return is a TIMEOUT; nothing more is sent until it does", async () => {
    let release = (_: string) => {}
    const stuck = new Promise<string>((resolve) => (release = resolve))
    const { system, connection, calls } = await connected([stuck], {}, 20)
    const { reader } = connection
    await expect(connection.transmit(ECHO)).rejects.toMatchObject({ code: "TIMEOUT" })
    await expect(connection.transmit(ECHO)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
    await expect(system.connect(reader)).rejects.toMatchObject({ code: "READER_BLOCKED" })
    await connection.disconnect("reset")
    expect(calls).toEqual([toHex(ECHO)])
    release("9000")
    await vi.waitUntil(() => calls.includes("disconnect 1"))
    await system.connect(reader)
    expect(calls).toEqual([toHex(ECHO), "disconnect 1", "connect 2 3"])
  })

  it("readers whose cards are mute take two threads less than the pool has; files go on; the rest is told at once", async () => {
    const releases: ((answer: string) => void)[] = []
    const mute = () => new Promise<string>((resolve) => releases.push(resolve))
    const all = await Promise.all(Array.from({ length: 8 }, () => connected([mute()], {}, 50)))
    const outcomes = await Promise.allSettled(all.map(({ connection }) => connection.transmit(ECHO)))
    await stat("/")
    const codes = outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.code)
    expect(codes.filter((code) => code === "TIMEOUT")).toHaveLength(threadLimit)
    expect(codes.filter((code) => code === "READER_BLOCKED")).toHaveLength(8 - threadLimit)
    expect(all.filter(({ calls }) => calls.length > 0)).toHaveLength(threadLimit)
    for (const release of releases) release("9000")
    const again = await connected(["6982"])
    expect(toHex(await again.connection.transmit(ECHO))).toBe("6982")
  })

  it("a waiting command's deadline does not run", async () => {
    let release = (_: string) => {}
    const slow = new Promise<string>((resolve) => (release = resolve))
    const { connection } = await connected([slow, "9001"])
    const [first, second] = [connection.transmit(ECHO), connection.transmit(ECHO)]
    release("9000")
    expect([toHex(await first), toHex(await second)]).toEqual(["9000", "9001"])
  })
})

describe("9.2.7 default deadlines", () => {
  it.each([
    ["00EC0000", 30_000],
    ["84D4000004", 120_000],
  ])("%s has %d ms", async (command, milliseconds) => {
    const { system } = await connected([])
    const connection = await system.connect(newReader())
    const timers = vi.spyOn(globalThis, "setTimeout")
    await connection.transmit(hex(command))
    expect(timers.mock.calls.map(([, after]) => after)).toEqual([milliseconds])
    timers.mockRestore()
  })
})

describe("9.2.8 closing", () => {
  it("resolves though a native call is still stuck", async () => {
    let release = (_: string) => {}
    const stuck = new Promise<string>((resolve) => (release = resolve))
    const { system, connection } = await connected([stuck], {}, 20)
    await expect(connection.transmit(ECHO)).rejects.toMatchObject({ code: "TIMEOUT" })
    await system.close()
    release("9000")
  })

  it("resolves though a native call is running, within a second", async () => {
    let release = (_: string) => {}
    const running = new Promise<string>((resolve) => (release = resolve))
    const { system, connection } = await connected([running])
    const answer = connection.transmit(ECHO)
    await system.close()
    release("9000")
    expect(toHex(await answer)).toBe("9000")
  })

  it("gives back a handle that came too late", async () => {
    const { binding, calls } = scriptedBinding([])
    const system = await readerSystem(binding)
    const connecting = system.connect(newReader())
    const closed = system.close()
    await expect(connecting).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
    await closed
    expect(calls).toEqual(["connect 2 3", "disconnect 0"])
  })

  it("is idempotent, gives every handle back, and refuses what comes after", async () => {
    const { system, connection, calls } = await connected([])
    await Promise.all([system.close(), system.close()])
    expect(calls).toEqual(["disconnect 0"])
    await expect(connection.transmit(ECHO)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
    await expect(system.readers()).rejects.toMatchObject({ code: "CONNECTION_CLOSED" })
  })
})

describe("9.2.10 transactions", () => {
  it("native ones begin and end with LEAVE, also when the body throws", async () => {
    const { connection, calls } = await connected([], { transactions: true })
    await connection.transaction(() => connection.transmit(ECHO))
    await expect(connection.transaction(() => Promise.reject(new Error("own")))).rejects.toThrow("own")
    expect(calls).toEqual(["begin", toHex(ECHO), "end 0", "begin", "end 0"])
  })

  it("without native ones the card is taken exclusively and given back to all", async () => {
    const { connection, calls } = await connected([], { reconnect: true })
    expect(await connection.transaction(async () => "done")).toBe("done")
    expect(calls).toEqual(["disconnect 0", "connect 1 3", "disconnect 0", "connect 2 3"])
  })

  it("what the body did stays done when the card leaves at the end", async () => {
    const { connection } = await connected(["9000", removed(0x80100069)], { transactions: true })
    expect(toHex(await connection.transaction(() => connection.transmit(ECHO)))).toBe("9000")
    await expect(connection.transmit(ECHO)).rejects.toThrow(CardRemovedError)
  })

  it("another connection of this program waits, in JavaScript, and no longer than its deadline", async () => {
    const { system, connection, calls } = await connected([], { transactions: true })
    const other = await system.connect(connection.reader, { timeoutMilliseconds: 20 })
    calls.length = 0
    await connection.transaction(async () => {
      await expect(other.transmit(hex("00ED0000"))).rejects.toMatchObject({ code: "BUSY" })
      await connection.transmit(ECHO)
    })
    expect(calls).toEqual(["begin", toHex(ECHO), "end 0"])
    await other.transmit(hex("00ED0000"))
    expect(calls.at(-1)).toBe("00ED0000")
  })
})

describe("9.2.18 no listener receives PINs", () => {
  it.each([
    ["VERIFY", "0020000003123456"],
    ["CHANGE PIN", "805E010007123456FF654321"],
    ["PIN UNBLOCK", "8424000008123456FF87654321"],
  ])("not of %s in a dump or a trace", async (_, command) => {
    const { connection } = await connected([])
    const told: string[] = []
    const dumped = dumpTransport(connection, (event) => told.push(formatDumpEvent(event)))
    const traced = traceTransport(dumped, (entry) => told.push(JSON.stringify(entry), ...formatExchange(entry, "en")))
    await traced.transmit(hex(command))
    expect(told.length).toBeGreaterThan(2)
    for (const secret of ["123456", "12 34 56", "654321", "65 43 21", "18,52,86", "101,67,33"])
      expect(told.join("\n")).not.toContain(secret)
  })

  it.each([
    ["a removal", ""],
    ["an unknown failure", removed(0x801000ff)],
  ])("not in the error after %s", async (_, step) => {
    const { connection } = await connected([step as Step])
    const error = await connection.transmit(hex("0020000003123456")).then(
      () => new Error("it was answered"),
      (failure: Error) => failure,
    )
    expect(error.message).not.toBe("it was answered")
    const text = JSON.stringify([error.message, error.stack, { ...error }, String(error.cause)])
    for (const secret of ["123456", "18,52,86"]) expect(text).not.toContain(secret)
  })
})
