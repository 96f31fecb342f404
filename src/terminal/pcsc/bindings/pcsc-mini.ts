import type { ReaderSnapshot } from "../../readers/reader.js"
import { type PcscBinding, type PcscCard, type PcscContext, snapshot } from "../binding.js"
import { numberOfMiniCode } from "../codes.js"
import { DISPOSITION, PROTOCOL, RESPONSE_BUFFER, SHARE } from "../constants.js"
import { bindingError, type PcscError, type PcscOccasion, pcscError } from "../errors.js"
import { laneOf } from "../lane.js"

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

/** The package tells each reader by itself and never that it told all: silence for this long is taken for the end. */
const SETTLE_MILLISECONDS = 50
const FIRST_SETTLE_MILLISECONDS = 150
const ATR_TIMEOUT = 2000

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

  const miniCard = (reader: string, card: MiniCard): PcscCard => {
    // Its own buffer holds 264 bytes; the command was executed when the answer does not fit.
    const output = new ArrayBuffer(RESPONSE_BUFFER)
    let transaction: { end(disposition: number): Promise<void> } | undefined
    return {
      get protocol() {
        return card.protocol()
      },
      atr: () => attempt({ operation: "connect", reader }, async () => new Uint8Array((await card.state()).atr)),
      transmit: (command) =>
        attempt({ operation: "transmit", reader }, async () => (await card.transmit(command, output)).slice()),
      control: (code, data) =>
        attempt({ operation: "control", reader }, async () => (await card.control(code, data, output)).slice()),
      // The protocol is the one before: the package offers no other.
      reconnect: (share, _protocol, initialization) =>
        attempt({ operation: "reset", reader }, () => card.reconnect(share, initialization)),
      async begin() {
        transaction = await attempt({ operation: "transaction", reader }, () => card.transaction())
      },
      async end(disposition) {
        const open = transaction
        transaction = undefined
        await attempt({ operation: "transaction", reader }, () => open?.end(disposition))
      },
      disconnect: (disposition) => attempt({ operation: "disconnect", reader }, () => card.disconnect(disposition)),
    }
  }

  /** Reads the ATR over a direct connection, which powers nothing. */
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
      timeoutMilliseconds: ATR_TIMEOUT,
      besideHold: true,
      start,
    })
  }

  const open = async (): Promise<PcscContext> => {
    const states = new Map<string, ReaderSnapshot>()
    const watchers = new Set<{ onChange: (readers: ReaderSnapshot[]) => void; onError: (error: PcscError) => void }>()
    let broken: PcscError | undefined
    let closed = false
    let pending = 0
    let settledResolve = () => {}
    const settled = new Promise<void>((resolve) => (settledResolve = resolve))
    let settling = setTimeout(settledResolve, FIRST_SETTLE_MILLISECONDS)

    const all = () => [...states.values()]
    const changed = () => {
      clearTimeout(settling)
      if (pending > 0) return
      settling = setTimeout(settledResolve, SETTLE_MILLISECONDS)
      for (const { onChange } of [...watchers]) onChange(all())
    }
    const onReader = (device: MiniReader) => {
      const name = device.name()
      device.on("change", async ({ raw }, atr) => {
        const seen = snapshot(name, raw, atr)
        states.set(name, seen)
        if (seen.present && !seen.mute && !isAtr(atr)) {
          // Version 0.1.3 hands out overwritten memory here; only the length is right.
          pending += 1
          const read = await readAtr(device).catch(() => undefined)
          pending -= 1
          if (states.get(name) === seen) states.set(name, withAtr(seen, read))
        }
        changed()
      })
      device.on("disconnect", () => {
        states.delete(name)
        changed()
      })
    }

    const client = new module.Client()
    client.on("error", (error) => {
      if (broken || closed) return
      broken = failure(error, { operation: "watch" })
      settledResolve()
      for (const { onError } of [...watchers]) onError(broken)
      watchers.clear()
    })
    client.on("reader", onReader)
    await attempt({ operation: "open" }, () => client.start())

    return {
      async readers() {
        await settled
        if (broken) throw broken
        return all()
      },
      watch(onChange, onError) {
        const watcher = { onChange, onError }
        let over = false
        settled.then(() => {
          if (over) return
          if (broken) return onError(broken)
          watchers.add(watcher)
          onChange(all())
        })
        return {
          close() {
            over = true
            watchers.delete(watcher)
          },
        }
      },
      async connect(reader, share, protocol) {
        await settled
        if (broken) throw broken
        const device = client.reader(reader)
        if (device === undefined) throw pcscError(0x80100009, { operation: "connect", reader })
        return miniCard(reader, await attempt({ operation: "connect", reader }, () => device.connect(share, protocol)))
      },
      async close() {
        if (closed) return
        closed = true
        clearTimeout(settling)
        try {
          client.stop()
        } catch {
          // It stopped with the service.
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
