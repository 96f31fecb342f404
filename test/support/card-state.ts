import { expect } from "vitest"
import { hex, toHex } from "../../src/apdu/index.js"
import { type Card, type Context, differences } from "../../src/card/index.js"

/** Pending data end with every other command; the rule that refused is remembered for EXTERNAL AUTHENTICATE with P2 = 00. */
const PASSING = { pending: undefined, pendingFrom: undefined, pendingStatus: undefined, refused: undefined }

/** What a card must not forget or learn by a command that it refuses: the state of each open channel. */
export function volatileState(card: Card): unknown[] {
  const { channels } = card as unknown as Context
  return Array.from({ length: 20 }, (_, channel) => {
    const session = channels.session(channel)
    return session && { ...session, ...PASSING, directory: session.directory.name, file: session.file?.name }
  })
}

/**
 * Sends a command that the card must refuse: exactly this answer, and neither memory nor any channel's state are another
 * afterwards.
 */
export function expectRefused(card: Card, command: string, answer: string): void {
  const before = { cells: card.memory.pages.snapshot(), state: volatileState(card) }
  expect(toHex(card.process(hex(command))), command).toBe(answer)
  expect(differences(card.layout, before.cells, card.memory.pages.snapshot()), command).toEqual([])
  expect(volatileState(card), command).toEqual(before.state)
}
