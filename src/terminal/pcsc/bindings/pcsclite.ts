import { setTimeout as pause } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { type PcscBinding, type PcscCard, type PcscContext, snapshot } from "../binding.js"
import { numberInPcscliteText } from "../codes.js"
import { RESPONSE_BUFFER, SHARE, STATE } from "../constants.js"
import { bindingError, type PcscError, type PcscOccasion, pcscError } from "../errors.js"
import { readerBoard } from "./reader-board.js"

/** What this adapter uses of the npm package `pcsclite` 1.0: a function that starts a monitor. */
export type PcscliteModule = () => PcscliteMonitor

interface PcscliteMonitor {
  on(event: "reader", listener: (reader: PcscliteReader) => void): void
  on(event: "error", listener: (error: Error) => void): void
  /** Called by the package on the next tick; tells the names of all readers at each change of the list. */
  start(callback: (error: Error | undefined, names?: Uint8Array) => void): void
  close(): void
}

interface PcscliteReader {
  readonly name: string
  readonly constructor: new (name: string) => PcscliteReader
  on(event: "status", listener: (status: { state: number; atr?: Uint8Array }) => void): void
  on(event: "end", listener: () => void): void
  on(event: "error", listener: (error: Error) => void): void
  connect(how: { share_mode: number; protocol: number }, done: Done<number>): void
  transmit(command: Buffer, responseLength: number, protocol: number, done: Done<Buffer>): void
  /** The package's `control` allocates with `new Buffer`; this is the native call beneath. */
  _control(command: Buffer, code: number, response: Buffer, done: Done<number>): void
  disconnect(disposition: number, done: Done<void>): void
  close(): void
}

type Done<T> = (error: Error | null | undefined, value?: T) => void

const CONTROL_BUFFER = 264

/** Errors that tell that a reader object lost the service, for good. */
const CONTEXT_LOST = new Set(["CONNECTION_CLOSED", "NO_SERVICE", "COMMUNICATION"])

/**
 * A watching object that is closed in the moment after it told a state never lets go of the event loop: its thread looks
 * at the same flag twice, and the end is told only when it changes after both (package version 1.0.1).
 */
const QUIET_MILLISECONDS = 50
const QUIET_PATIENCE = 500

/** Objects whose threads may still look at them: kept from the garbage collector for a while. */
const KEEP_MILLISECONDS = 1000

/** A closed monitor gives its session back only when it is collected; pcscd has 200 of them for all programs. */
const COLLECT_EVERY = 20
let closedMonitors = 0

function collectMonitors(): void {
  closedMonitors += 1
  if (closedMonitors % COLLECT_EVERY !== 0) return
  setTimeout(() => {
    setFlagsFromString("--expose-gc")
    runInNewContext("gc")()
  }, 2 * KEEP_MILLISECONDS).unref()
}

/** The adapter for `pcsclite`. Its errors carry the number in their text (readers §7.1). */
export function pcscliteBinding(module: PcscliteModule): PcscBinding {
  const failure = (error: Error, occasion: PcscOccasion): PcscError => {
    const details = { ...occasion, cause: error }
    const number = numberInPcscliteText(error.message)
    if (number !== undefined) return pcscError(number, details)
    if (error.message === "Card Reader not connected") return bindingError("CONNECTION_CLOSED", error.message, details)
    return bindingError("PCSC_ERROR", error.message, details)
  }
  const promised = <T>(occasion: PcscOccasion, job: (done: Done<T>) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      try {
        job((error, value) => (error ? reject(failure(error, occasion)) : resolve(value as T)))
      } catch (error) {
        reject(failure(error as Error, occasion))
      }
    })

  /**
   * Reader objects that hold a card handle: never those that watch. A watching object locks its mutex on the event
   * loop at each change of state, and for the time of each transmit: a mute card would freeze the process. An idle
   * object is used again and never collected: its destructor reads a thread id that nobody set.
   */
  const idle = new Map<string, PcscliteReader[]>()
  const retired: PcscliteReader[] = []
  const giveBack = (reader: string, device: PcscliteReader) => {
    const free = idle.get(reader)
    if (free) free.push(device)
    else idle.set(reader, [device])
  }

  const openDevice = async (
    DeviceClass: new (name: string) => PcscliteReader,
    reader: string,
    share: number,
    protocol: number,
  ): Promise<{ device: PcscliteReader; active: number }> => {
    const used = idle.get(reader)?.pop()
    const device = used ?? new DeviceClass(reader)
    try {
      const active = await promised<number>({ operation: "connect", reader }, (done) =>
        device.connect({ share_mode: share, protocol }, done),
      )
      return { device, active }
    } catch (error) {
      if (!CONTEXT_LOST.has((error as PcscError).code)) {
        giveBack(reader, device)
        throw error
      }
      retired.push(device)
      if (used === undefined) throw error
      return openDevice(DeviceClass, reader, share, protocol)
    }
  }

  const pcscliteCard = (
    reader: string,
    device: PcscliteReader,
    protocol: number,
    atr: () => Promise<Uint8Array>,
  ): PcscCard => ({
    protocol,
    atr,
    async transmit(command) {
      const buffer = Buffer.from(command.buffer, command.byteOffset, command.length)
      const response = await promised<Buffer>({ operation: "transmit", reader }, (done) =>
        device.transmit(buffer, RESPONSE_BUFFER, protocol, done),
      )
      return new Uint8Array(response.buffer, response.byteOffset, response.length)
    },
    async control(code, data) {
      const response = Buffer.alloc(CONTROL_BUFFER)
      const length = await promised<number>({ operation: "control", reader }, (done) =>
        device._control(Buffer.from(data), code, response, done),
      )
      return new Uint8Array(response.subarray(0, length))
    },
    async disconnect(disposition) {
      try {
        await promised<void>({ operation: "disconnect", reader }, (done) => device.disconnect(disposition, done))
        giveBack(reader, device)
      } catch (error) {
        retired.push(device)
        throw error
      }
    },
  })

  const open = async (): Promise<PcscContext> => {
    const board = readerBoard()
    const watching = new Map<string, PcscliteReader>()
    let DeviceClass: (new (name: string) => PcscliteReader) | undefined
    let closed = false
    let lastTold = performance.now()

    let monitor: PcscliteMonitor
    try {
      monitor = module()
    } catch (error) {
      throw failure(error as Error, { operation: "open" })
    }
    monitor.on("error", (error) => {
      if (!closed) board.fail(failure(error, { operation: "watch" }))
    })
    monitor.on("reader", (reader) => {
      const { name } = reader
      DeviceClass = reader.constructor
      watching.set(name, reader)
      board.announce(name)
      reader.on("status", ({ state, atr }) => {
        lastTold = performance.now()
        if ((state & (STATE.unknown | STATE.unavailable)) === 0) board.show(snapshot(name, state, atr))
      })
      reader.on("error", () => {}) // "end" follows, or the monitor's own error.
      reader.on("end", () => {
        watching.delete(name)
        board.remove(name)
      })
    })
    const start = monitor.start.bind(monitor)
    monitor.start = (callback) =>
      start((error, names) => {
        callback(error, names)
        board.complete()
      })

    return {
      readers: board.list,
      watch: board.watch,
      async connect(reader, share, protocol) {
        await board.list()
        if (DeviceClass === undefined || !board.has(reader))
          throw pcscError(0x80100009, { operation: "connect", reader })
        const { device, active } = await openDevice(DeviceClass, reader, share, protocol)
        const atr = share === SHARE.direct ? async () => new Uint8Array(0) : () => board.atrOf(reader)
        return pcscliteCard(reader, device, active, atr)
      },
      async close() {
        if (closed) return
        closed = true
        const until = performance.now() + QUIET_PATIENCE
        await Promise.race([board.list().catch(() => {}), pause(QUIET_PATIENCE)])
        for (let now = performance.now(); now < lastTold + QUIET_MILLISECONDS && now < until; now = performance.now())
          await pause(lastTold + QUIET_MILLISECONDS - now)
        const used = [monitor, ...watching.values()]
        for (const reader of watching.values()) reader.close()
        monitor.close()
        setTimeout(() => used.length, KEEP_MILLISECONDS).unref()
        collectMonitors()
      },
    }
  }

  return { name: "pcsclite", open }
}
