import { CardRemovedError } from "../../apdu/index.js"
import type { Card } from "../card.js"

/**
 * A card whose every change is kept before its answer leaves: as with a real card, what was answered is in the memory.
 *
 * When it cannot be kept, the card is gone without an answer (CardRemovedError).
 */
export function keptCard(card: Card, save: () => void): Card {
  const kept = <T>(act: () => T): T => {
    try {
      return act()
    } finally {
      saveOrVanish(card, save)
    }
  }
  return {
    layout: card.layout,
    memory: card.memory,
    session: card.session,
    get protocol() {
      return card.protocol
    },
    get atr() {
      return card.atr
    },
    powerOn: () => kept(() => card.powerOn()),
    reset: () => kept(() => card.reset()),
    powerOff: () => card.powerOff(),
    process: (command) => kept(() => card.process(command)),
    cutPowerAfter: (writes, options) => card.cutPowerAfter(writes, options),
  }
}

function saveOrVanish(card: Card, save: () => void): void {
  try {
    save()
  } catch (cause) {
    card.powerOff()
    throw new CardRemovedError(`The card file could not be written: ${(cause as Error).message}`, { cause })
  }
}
