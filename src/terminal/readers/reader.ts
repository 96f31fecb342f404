import type { Protocol, ShebaoError, Transport } from "../../apdu/index.js"

/** What a reader shows at one moment. */
export interface ReaderSnapshot {
  readonly name: string
  /** A card is in the slot, answering or not. */
  readonly present: boolean
  /** The card does not answer to reset. */
  readonly mute: boolean
  /** Some program is connected to the card. For display only. */
  readonly inUse: boolean
  /** Some program holds the card exclusively. For display only. */
  readonly exclusive: boolean
  /** Answer to reset, where a card is present and answered. */
  readonly atr?: Uint8Array
  /** Counter of insertions and removals, where the system keeps one (readers §6.9). */
  readonly events?: number
}

/** What happened at a reader. A mute card is inserted with an empty ATR. */
export type ReaderEvent =
  | { type: "reader-added" | "reader-removed"; reader: string }
  | { type: "card-inserted"; reader: string; atr: Uint8Array }
  | { type: "card-removed"; reader: string }

export interface ConnectOptions {
  /** How the card is shared with other programs. Default `shared`. `direct` talks to the reader, not to a card. */
  share?: "shared" | "exclusive" | "direct"
  /** Protocols that the caller accepts. Default `any`. */
  protocol?: "any" | Protocol
  /** Deadline for each command. Default 30,000; 120,000 where keys are made or written (readers §6.7). */
  timeoutMilliseconds?: number
}

/**
 * A card connection: raw exchange (no 61xx/6Cxx handling; the T=0 decorator is applied by the caller that wants it).
 * `close()` is `disconnect("leave")`.
 */
export interface CardConnection extends Transport {
  readonly reader: string
  readonly atr: Uint8Array
  readonly protocol: Protocol
  /** Resets the card; all that was known about its session is lost. @returns the ATR */
  reset(kind: "warm" | "cold"): Promise<Uint8Array>
  /** Runs the body while no other program can reach the card. Not nestable: `BUSY`. */
  transaction<T>(body: () => Promise<T>): Promise<T>
  /** Idempotent; a card that is gone already is no error. */
  disconnect(then: "leave" | "reset" | "unpower"): Promise<void>
}

/** Readers of one kind (in memory, PC/SC) behind one shape. */
export interface ReaderSystem {
  readonly name: string
  /** An empty list, not an error, when there are none. */
  readers(): Promise<ReaderSnapshot[]>
  /** Reports every change from now on; readers and cards that are there already are reported first. */
  watch(
    onEvent: (event: ReaderEvent) => void,
    onError?: (error: ShebaoError) => void,
  ): Promise<{ close(): Promise<void> }>
  connect(reader: string, options?: ConnectOptions): Promise<CardConnection>
  /** Idempotent; afterwards nothing keeps the process alive. */
  close(): Promise<void>
}
