/** Protocol between terminal and card: T=0 presents 61xx and 6Cxx, T=1 does not. */
export type Protocol = "T=0" | "T=1"

/**
 * The one type under everything: a command APDU goes in, a response APDU comes out.
 *
 * The answer always has at least 2 bytes (the status word) or the promise rejects: a card that vanished is a
 * {@link CardRemovedError}, never an empty success. Not safe for concurrent use unless a decorator says so.
 * A decorator takes a Transport and gives a Transport.
 */
export interface Transport {
  transmit(command: Uint8Array): Promise<Uint8Array>
  close(): Promise<void>
}

/**
 * What a reader needs of a card in the slot: an emulated card, a recorded one, or anything with this shape.
 * Synchronous; never does I/O.
 */
export interface CardPort {
  /** The protocol that the card's answer to reset announces. */
  readonly protocol: Protocol
  /** Answer to reset, 2 to 33 bytes. Reading it changes nothing. */
  readonly atr: Uint8Array
  /** Cold reset: the volatile session starts anew. @returns the ATR */
  powerOn(): Uint8Array
  /** Warm reset: the volatile session starts anew. @returns the ATR */
  reset(): Uint8Array
  /** The volatile session is destroyed. */
  powerOff(): void
  /**
   * Runs one command. Never throws for any input: it answers a status word.
   *
   * @param command any bytes
   * @returns response data followed by SW1 SW2; at least 2 bytes
   * @throws {CardRemovedError} only when a fault plan cut the power in the middle of the command
   */
  process(command: Uint8Array): Uint8Array
}
