import { type CardPort, CardRemovedError, equalBytes, hex, type Protocol } from "../../../src/apdu/index.js"

/** A card with one PIN, so that a test can see whether its session lives. */
export interface TinyCard extends CardPort {
  /** What the reader did, in order: `on`, `off`, `reset`, or a command in hex. */
  readonly log: string[]
  /** Does something while the card runs its next command. */
  during: (() => void) | undefined
  /** The power goes in the middle of the next command. */
  tearNext: boolean
}

const VERIFY = hex("0020000003123456")
const STATUS = hex("00200000")

export const verify = VERIFY
export const pinStatus = STATUS

export function tinyCard({ protocol = "T=0" as Protocol, mute = false } = {}): TinyCard {
  const atr = hex(mute ? "" : "3B6D000000815431008660110816000001")
  const log: string[] = []
  let verified = false
  const fresh = (what: string): Uint8Array => {
    verified = false
    log.push(what)
    return atr
  }
  const card: TinyCard = {
    protocol,
    atr,
    log,
    during: undefined,
    tearNext: false,
    powerOn: () => fresh("on"),
    reset: () => fresh("reset"),
    powerOff: () => {
      fresh("off")
    },
    process(command) {
      card.during?.()
      if (card.tearNext) {
        card.tearNext = false
        throw new CardRemovedError()
      }
      if (equalBytes(command, VERIFY)) verified = true
      return hex(verified ? "9000" : "63C6")
    },
  }
  return card
}
