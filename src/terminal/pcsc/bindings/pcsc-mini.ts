import { setTimeout as pause } from "node:timers/promises"
import type { ReaderSnapshot } from "../../readers/reader.js"
import { type PcscBinding, type PcscCard, type PcscContext, snapshot } from "../binding.js"
import { numberOfMiniCode } from "../codes.js"
import { COMMAND_TIMEOUT, DISPOSITION, PROTOCOL, RESPONSE_BUFFER, SHARE } from "../constants.js"
import { bindingError, type PcscError, type PcscOccasion, pcscError } from "../errors.js"
import { laneOf } from "../lane.js"
import { readerBoard } from "./reader-board.js"

/** What this adapter uses of the npm package `pcsc-mini` 0.1. */
export interface PcscMiniModule {
  Client: new () => MiniClient
}

interface MiniClient {
  on(event: "reader", listener: (reader: MiniReader) => void): void
  on(event: "error", listener: (error: Error) => void): void
  reader(name: string): MiniReader | undefined
  start(): void
  stop(): void
}

interface MiniReader {
  name(): string
  on(event: "change", listener: (status: { raw: number }, atr: Uint8Array) => void): void
  on(event: "disconnect", listener: () => void): void
  connect(mode: number, protocol: number): Promise<MiniCard>
}

interface MiniCard {
  protocol(): number
  state(): Promise<{ atr: Uint8Array }>
  transmit(command: Uint8Array, output: ArrayBuffer): Promise<Uint8Array>
  control(code: number, command: Uint8Array | undefined, output: ArrayBuffer): Promise<Uint8Array>
  reconnect(mode: number, initialization: number): Promise<number>
  transaction(): Promise<{ end(disposition: number): Promise<void> }>
  disconnect(disposition: number): Promise<void>
}

/** Milliseconds: how long the first reader may take to be told, and how long a silence says that all were. */
const FIRST_SIGN = 60
const SILENCE = 30

/**
 * Milliseconds: how long nothing must have changed before the client is stopped, and how long that is waited for. Its
 * monitor sleeps in the service then. Stopped while the monitor is on its way there, as just after a disconnect, the
 * order to wake up gets lost, and `stop`, which is synchronous, blocks the whole process for minutes (measured).
 */
const CALM = 60
const CALM_PATIENCE = 500

/** A card is shown without its ATR when that cannot be read for this long, as while another command is running. */
const ATR_PATIENCE = 500

const OWN_CODES: Record<string, string> = {
  CardIsBusy: "BUSY",
  TransactionAlreadyInProgress: "BUSY",
  NoCardConnection: "CONNECTION_CLOSED",
}

/** The adapter for `pcsc-mini`. Its errors carry a name as `code` (readers §7.1). */
export function pcscMiniBinding(module: PcscMiniModule): PcscBinding {
  const failure = (error: unknown, occasion: PcscOccasion): PcscError => {
    const name = String((error as { code?: unknown }).code ?? error)
    const details = { ...occasion, cause: error }
    const number = numberOfMiniCode(name)
    return number === undefined
      ? bindingError(OWN_CODES[name] ?? "PCSC_ERROR", name, details)
      : pcscError(number, details)
  }
  const attempt = async <T>(occasion: PcscOccasion, job: () => T | Promise<T>): Promise<T> => {
    try {
      return await job()
    } catch (error) {
      throw failure(error, occasion)
    }
  }

  const miniCard = (reader: string, card: MiniCard, atr: () => Promise<Uint8Array>, onChange: () => void): PcscCard => {
    const changing = <T>(occasion: PcscOccasion, job: () => Promise<T>): Promise<T> =>
      attempt(occasion, job).finally(onChange)
    // Its own buffer holds 264 bytes; the command was executed when the answer does not fit.
    const output = new ArrayBuffer(RESPONSE_BUFFER)
    let transaction: { end(disposition: number): Promise<void> } | undefined
    return {
      get protocol() {
        return card.protocol()
      },
      atr,
      transmit: (command) =>
        attempt({ operation: "transmit", reader }, async () => (await card.transmit(command, output)).slice()),
      control: (code, data) =>
        attempt({ operation: "control", reader }, async () => (await card.control(code, data, output)).slice()),
      // The protocol is the one before: the package offers no other.
      reconnect: (share, _protocol, initialization) =>
        changing({ operation: "reset", reader }, () => card.reconnect(share, initialization)),
      async begin() {
        transaction = await attempt({ operation: "transaction", reader }, () => card.transaction())
      },
      async end(disposition) {
        const open = transaction
        transaction = undefined
        await attempt({ operation: "transaction", reader }, () => open?.end(disposition))
      },
      disconnect: (disposition) => changing({ operation: "disconnect", reader }, () => card.disconnect(disposition)),
    }
  }

  /** Reads the ATR over a direct connection, which powers nothing. Waits for other programs' transactions. */
  const readAtr = (device: MiniReader): Promise<Uint8Array> => {
    const reader = device.name()
    const start = async () => {
      const card = await device.connect(SHARE.direct, PROTOCOL.none)
      try {
        return new Uint8Array((await card.state()).atr)
      } finally {
        await card.disconnect(DISPOSITION.leave)
      }
    }
    return laneOf(reader).call({
      owner: device,
      what: "read the ATR",
      timeoutMilliseconds: COMMAND_TIMEOUT,
      start,
    })
  }

  const unstoppable: MiniClient[] = []

  const open = async (): Promise<PcscContext> => {
    const board = readerBoard()
    let closed = false
    let lastSign = performance.now()
    const sign = () => {
      lastSign = performance.now()
    }

    const onReader = (device: MiniReader) => {
      const name = device.name()
      let latest: ReaderSnapshot | undefined
      board.announce(name)
      device.on("change", async ({ raw }, atr) => {
        sign()
        const seen = snapshot(name, raw, atr)
        latest = seen
        const show = (reader: ReaderSnapshot) => {
          if (latest === seen) board.show(reader)
        }
        if (!seen.present || seen.mute || isAtr(atr)) return show(seen)
        // Version 0.1.3 hands out overwritten memory here; only the length is right.
        const late = setTimeout(show, ATR_PATIENCE, withAtr(seen, undefined))
        const read = await readAtr(device).catch(() => undefined)
        sign()
        clearTimeout(late)
        show(withAtr(seen, read))
      })
      device.on("disconnect", () => {
        sign()
        latest = undefined
        board.remove(name)
      })
    }

    const client = new module.Client()
    client.on("error", (error) => {
      if (!closed) board.fail(failure(error, { operation: "watch" }))
    })
    client.on("reader", onReader)
    await attempt({ operation: "open" }, () => client.start())
    // The package tells each reader by itself and never that it has told all: silence is taken for the end.
    await pause(FIRST_SIGN)
    while (performance.now() - lastSign < SILENCE) await pause(SILENCE)
    board.complete()

    return {
      readers: board.list,
      watch: board.watch,
      async connect(reader, share, protocol) {
        const device = client.reader(reader)
        if (device === undefined) throw pcscError(0x80100009, { operation: "connect", reader })
        const card = await attempt({ operation: "connect", reader }, () => device.connect(share, protocol)).finally(
          sign,
        )
        return miniCard(
          reader,
          card,
          share === SHARE.direct ? async () => new Uint8Array(0) : () => board.atrOf(reader),
          sign,
        )
      },
      async close() {
        if (closed) return
        closed = true
        const until = performance.now() + CALM_PATIENCE
        while (performance.now() - lastSign < CALM && performance.now() < until) await pause(CALM / 3)
        try {
          client.stop()
        } catch {
          // It stopped with the service. Its finalizer would throw where nobody can catch: it is never collected.
          unstoppable.push(client)
        }
      },
    }
  }

  return { name: "pcsc-mini", open }
}

const isAtr = (atr: Uint8Array) => atr[0] === 0x3b || atr[0] === 0x3f

function withAtr(reader: ReaderSnapshot, read: Uint8Array | undefined): ReaderSnapshot {
  const { atr: _, ...rest } = reader
  return read && read.length > 0 ? { ...rest, atr: read } : rest
}
