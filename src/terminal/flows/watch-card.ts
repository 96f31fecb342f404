import type { Transport } from "../../apdu/index.js"

/** A card whose failures can be told from those of journal, host and PIN pad. */
export interface WatchedCard {
  readonly transport: Transport
  /** True when this error is what the card's transport threw last. */
  threw(error: unknown): boolean
}

export function watchCard(card: Transport): WatchedCard {
  let failure: unknown
  return {
    threw: (error) => error !== undefined && error === failure,
    transport: {
      async transmit(command) {
        try {
          return await card.transmit(command)
        } catch (error) {
          failure = error
          throw error
        }
      },
      close: () => card.close(),
    },
  }
}
