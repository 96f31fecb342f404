/** What DES CRYPT works with: a session key (after BF DE) or a card key (after 80 1A). */
export interface Operation {
  readonly key: Uint8Array
  /** Type of the key in the store it came from (card-structure §16.2). */
  readonly type: number
  /** Last block of a MAC over several commands, between its first and its last one. */
  chain: Uint8Array | undefined
}

/** A purchase between 8070 and 8072. */
export interface Purchase {
  readonly sessionKey: Uint8Array
  readonly amount: Uint8Array
  /** Place of the debit key in the directory. */
  readonly keyPlace: number
  /** The terminal transaction number of this purchase. */
  readonly sequence: number
}

/** Volatile state of the selected SAM application; SELECT of a directory and reset drop it. */
export interface SamState {
  operation: Operation | undefined
  purchase: Purchase | undefined
}

export const newState = (): SamState => ({ operation: undefined, purchase: undefined })
