import { setTimeout as pause } from "node:timers/promises"

/**
 * Cards that this very process keeps in pcscd: each tells how many milliseconds ago pcscd last looked whether it is there.
 * Filled by the virtual reader; shared by name, as neither side needs the other to be loaded.
 */
const KEY = Symbol.for("shebao.cardsOfThisProcess")

/** pcscd looks at each slot every 400 ms; a look so long ago is followed by a pause long enough for a short call. */
const QUIET_MILLISECONDS = 300
const PATIENCE = 2000
const PAUSE = 10

/**
 * Waits until pcscd is not about to ask a card of this process anything.
 *
 * A synchronous call into PC/SC may have to wait for the driver's lock, which pcscd holds while it asks the card whether
 * it is there: the card could never answer, its event loop being the one that waits. Measured with `SCardDisconnect` and
 * LEAVE, once in some hundred calls.
 */
export async function localCardsAreQuiet(): Promise<void> {
  const cards = (globalThis as { [KEY]?: Set<() => number> })[KEY]
  if (cards === undefined) return
  const until = performance.now() + PATIENCE
  while ([...cards].some((lastLook) => lastLook() > QUIET_MILLISECONDS) && performance.now() < until) await pause(PAUSE)
}
