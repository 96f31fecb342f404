import { type CardPort, CardRemovedError, concat, moreData, SW, uint16, wrongLe } from "../apdu/index.js"

/** Control messages of one byte (readers §2.2). */
export const POWER_OFF = 0
export const POWER_ON = 1
export const RESET = 2
export const GET_ATR = 4
const MAX_RESPONSE = 0xffff
const GET_RESPONSE = 0xc0

/** What a slot tells besides its answers. Never holds command or response bytes. */
export type SlotWarning = { code: "APDU_WHILE_OFF" | "CARD_FAILED"; message: string; messageZh: string }

/** A powered or unpowered card behind the vpcd protocol. */
export interface Slot {
  readonly powered: boolean
  /**
   * Answers one message of the driver.
   *
   * @returns 1 to 65,535 bytes, or undefined where the driver expects no answer (power off, power on, reset)
   * @throws {CardRemovedError} when the card lost its power in the middle of the command
   */
  answer(message: Uint8Array): Uint8Array | undefined
  /** Ends the card's session, for example when the driver closed the connection. */
  powerOff(): void
}

/**
 * Connects a card to the messages of the driver (readers §2.2, §2.5, §3.2): one answer to each GET ATR and APDU, none
 * to power and reset, whatever the card does.
 */
export function cardSlot(card: CardPort, onWarning: (warning: SlotWarning) => void = () => {}): Slot {
  let powered = false
  let rest: Uint8Array | undefined
  const warned = new Set<string>()
  const warn = (warning: SlotWarning) => {
    if (warned.has(warning.code)) return
    warned.add(warning.code)
    onWarning(warning)
  }

  const powerOff = () => {
    rest = undefined
    if (powered) card.powerOff()
    powered = false
  }

  const start = () => {
    rest = undefined
    if (powered) card.reset()
    else card.powerOn()
    powered = true
  }

  const process = (command: Uint8Array): Uint8Array => {
    if (!powered) {
      warn({
        code: "APDU_WHILE_OFF",
        message: "A command came while the card was off; answered 6F00.",
        messageZh: "卡片未上电时收到指令,已应答 6F00。",
      })
      return uint16(SW.INTERNAL_ERROR)
    }
    if (command.length < 4) return uint16(SW.WRONG_LENGTH)
    if (rest !== undefined && command[1] === GET_RESPONSE && command[2] === 0 && command[3] === 0) return more(command)
    rest = undefined
    let response: Uint8Array | undefined
    try {
      response = card.process(command)
    } catch (error) {
      if (error instanceof CardRemovedError) throw error
      warn({
        code: "CARD_FAILED",
        message: `The card failed inside a command; answered 6F00. (${error instanceof Error ? error.name : typeof error})`,
        messageZh: "卡片内部出错,已应答 6F00。",
      })
    }
    if (response === undefined || response.length < 2) return uint16(SW.INTERNAL_ERROR)
    return response.length > MAX_RESPONSE ? cut(response) : response
  }

  /** A length field of two bytes cannot carry it all: the rest waits for GET RESPONSE (readers §2.6). */
  const cut = (response: Uint8Array): Uint8Array => {
    rest = response.slice(MAX_RESPONSE - 2)
    return concat(response.subarray(0, MAX_RESPONSE - 2), uint16(moreData(rest.length - 2)))
  }

  const more = (command: Uint8Array): Uint8Array => {
    const waiting = rest!
    const available = waiting.length - 2
    const wanted = command.length === 5 ? command[4] || 256 : 0
    if (wanted === 0) return uint16(SW.WRONG_LENGTH)
    if (wanted > available) {
      if (command[4] !== 0) return uint16(wrongLe(available))
      rest = undefined
      return waiting
    }
    rest = wanted === available ? undefined : waiting.slice(wanted)
    const status = rest === undefined ? waiting.subarray(available) : uint16(moreData(rest.length - 2))
    return concat(waiting.subarray(0, wanted), status)
  }

  return {
    get powered() {
      return powered
    },
    powerOff,
    answer(message) {
      if (message.length !== 1) return process(message)
      switch (message[0]) {
        case POWER_OFF:
          powerOff()
          return undefined
        case POWER_ON:
        case RESET:
          start()
          return undefined
        case GET_ATR:
          return card.atr
        default:
          return uint16(SW.WRONG_LENGTH)
      }
    },
  }
}
