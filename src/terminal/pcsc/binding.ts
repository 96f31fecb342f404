import type { ReaderSnapshot } from "../readers/reader.js"
import { type Disposition, STATE } from "./constants.js"
import type { PcscError } from "./errors.js"

export type BindingName = "smartcard" | "pcsclite" | "pcsc-mini"

/**
 * One npm module that speaks to the PC/SC service. Adapters are thin: each method is one native call, never a
 * synchronous one that could wait for a card; every failure is a {@link PcscError}. Order, deadlines and recovery are
 * the connection's.
 */
export interface PcscBinding {
  readonly name: BindingName
  /** @throws {PcscError} `NO_SERVICE`, `ACCESS_DENIED` */
  open(): Promise<PcscContext>
}

/** A session with the service. */
export interface PcscContext {
  /** Every reader as it is now; empty, not an error, when there is none. */
  readers(): Promise<ReaderSnapshot[]>
  /**
   * Tells the state of all readers, now and at each change, until the service fails or the watch is closed.
   *
   * @param onError called at most once, as the last sign of life
   */
  watch(onChange: (readers: ReaderSnapshot[]) => void, onError: (error: PcscError) => void): { close(): void }
  /** @param share and protocol as numbers of PC/SC: nothing is left to a binding's default */
  connect(reader: string, share: number, protocol: number): Promise<PcscCard>
  /** Idempotent. */
  close(): Promise<void>
}

/** A card handle. */
export interface PcscCard {
  /** Number of the protocol in use: 1 T=0, 2 T=1, 0 none. */
  readonly protocol: number
  /**
   * As the service tells it to everybody; empty where it does not know. Never asked of the handle: `SCardStatus` waits as
   * long as another program is in a transaction (measured).
   */
  atr(): Promise<Uint8Array>
  /** As the service answers: fewer than 2 bytes from a card that vanished. */
  transmit(command: Uint8Array): Promise<Uint8Array>
  control(code: number, data: Uint8Array): Promise<Uint8Array>
  /** Absent where the binding has no such call. @returns the protocol in use */
  reconnect?(share: number, protocol: number, initialization: number): Promise<number>
  /** Absent where the binding has none. */
  begin?(): Promise<void>
  end?(disposition: number): Promise<void>
  disconnect(disposition: number): Promise<void>
}

/** Reads a reader's state as PC/SC tells it (readers §6.1). */
export function snapshot(name: string, state: number, atr: Uint8Array | undefined | null): ReaderSnapshot {
  const has = (bit: number) => (state & bit) !== 0
  const present = has(STATE.present)
  return {
    name,
    present,
    mute: present && has(STATE.mute),
    inUse: has(STATE.inUse),
    exclusive: has(STATE.exclusive),
    events: state >>> 16,
    ...(present && atr && atr.length > 0 && { atr: new Uint8Array(atr) }),
  }
}

export type { Disposition }
