import type { Protocol, Transport } from "../apdu/index.js"
import { chooseReader, type ReaderWish } from "./readers/choose.js"
import type { ConnectOptions, ReaderSystem } from "./readers/reader.js"
import type { TraceEntry } from "./trace/index.js"
import { type Deadline, deadlineTransport } from "./transports/deadline.js"
import { type DumpEvent, dumpTransport } from "./transports/dump.js"
import { guardTransport } from "./transports/guard.js"
import { queueTransport } from "./transports/queue.js"
import { t0Transport, t1Transport } from "./transports/t0.js"
import { traceTransport } from "./transports/trace.js"

/**
 * A card that a program talks to: what clients and flows take. Answers are whole (61xx and 6Cxx are dealt with),
 * concurrent commands go one after the other, a mute card ends in a {@link TimeoutError}, and a card that vanished in a
 * {@link CardRemovedError} for ever after.
 */
export interface CardSession extends Transport {
  readonly reader: string
  readonly atr: Uint8Array
  readonly protocol: Protocol
  /** Resets the card; all that was known about its session is lost. @returns the ATR */
  reset(kind?: "warm" | "cold"): Promise<Uint8Array>
  /** Runs the body while no other program can reach the card. Open it before SELECT (readers §6.3). Not nestable. */
  transaction<T>(body: () => Promise<T>): Promise<T>
  /** Idempotent; `close()` leaves the card as it is. */
  disconnect(then: "leave" | "reset" | "unpower"): Promise<void>
}

export interface OpenCardOptions {
  /** Reader by name, part of its name, index, or the ATR of the card in it. Default: the only reader with a card. */
  reader?: ReaderWish
  share?: "shared" | "exclusive"
  protocol?: ConnectOptions["protocol"]
  /** Deadline of one command in milliseconds; default 30 s, 120 s where keys are made or written (readers §6.7). */
  timeout?: Deadline
  /** Receives every exchange, masked; formatting is left to whoever reads it. */
  trace?: (entry: TraceEntry) => void
  /** Shows personal data, PINs and keys in the trace: for emulated cards with test data only. */
  unsafeTrace?: boolean
  /** Receives every exchange as it goes over the line, for a dump file; see {@link dumpTransport}. */
  dump?: (event: DumpEvent) => void
  /** Decorates the line itself, below deadline and protocol: where a test puts its faults. */
  line?: (transport: Transport) => Transport
}

/**
 * Connects to a card and makes the connection fit to work with.
 *
 * @throws {InputError} `READER_NOT_FOUND`, `READER_AMBIGUOUS`
 * @throws {ShebaoError} `NO_READER`, `NO_CARD`, `CARD_MUTE`, `SHARING_VIOLATION`, `PROTOCOL_MISMATCH` and what else a
 *   reader system reports
 * @example
 * const card = await openCard(memoryReader(createCard({ profile: "employee" })))
 * const answer = await card.transmit(hex("00A40000023F00"))
 */
export async function openCard(readers: ReaderSystem, options: OpenCardOptions = {}): Promise<CardSession> {
  const { share = "shared", protocol = "any", timeout, line = (transport) => transport } = options
  const { name } = chooseReader(await readers.readers(), options.reader)
  const connection = await readers.connect(name, {
    share,
    protocol,
    ...(typeof timeout === "number" && { timeoutMilliseconds: timeout }),
  })

  let transport = deadlineTransport(guardTransport(line(connection)), timeout)
  if (options.dump) transport = dumpTransport(transport, options.dump)
  transport = connection.protocol === "T=0" ? t0Transport(transport) : t1Transport(transport)
  const traced = options.trace && traceTransport(transport, options.trace, { unsafe: options.unsafeTrace ?? false })
  const { transmit, close } = queueTransport(traced ?? transport)

  return {
    reader: connection.reader,
    atr: connection.atr,
    protocol: connection.protocol,
    transmit,
    close,
    transaction: (body) => connection.transaction(body),
    disconnect: (then) => connection.disconnect(then),
    reset(kind = "warm") {
      traced?.forget()
      return connection.reset(kind)
    },
  }
}
