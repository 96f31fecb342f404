/** Known by the same name to the PC/SC adapters, which need not be loaded. */
const KEY = Symbol.for("shebao.cardsOfThisProcess")

/**
 * Lets synchronous PC/SC calls of this process know when pcscd last looked at a card of this process: in such a call the
 * card cannot answer, so it has to fall between two looks.
 *
 * @param lastLook milliseconds since the last look was answered
 * @returns to be called when the card is out
 */
export function announceLocalCard(lastLook: () => number): () => void {
  const holder = globalThis as { [KEY]?: Set<() => number> }
  const cards = (holder[KEY] ??= new Set())
  cards.add(lastLook)
  return () => void cards.delete(lastLook)
}
