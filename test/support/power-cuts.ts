import { CardRemovedError, toHex } from "../../src/apdu/index.js"
import { type Card, cardFromLayout, type Directory, differences } from "../../src/card/index.js"

export interface SweepOptions {
  /**
   * Further states that the command may leave, besides the old one, the new one, and the old one with a retry counter one
   * lower (it is written before the comparison it guards).
   */
  readonly also?: (cells: Uint8Array, before: Uint8Array, after: Uint8Array) => boolean
}

/**
 * Cuts the power at each physical write of a command, clean and torn; at each cut also at each write of the recovery. After
 * the next power-on the whole memory, the journal aside, must be as before the command or as after it.
 *
 * @param makeCard a new card in always the same state, powered
 * @param prepare what must go before the command: selecting, authenticating
 * @param command the command, or how to make it from the prepared card
 * @returns how many cuts were made
 * @throws {Error} naming cut and place when a state is neither
 */
export function sweepPowerCuts(
  makeCard: () => Card,
  prepare: (card: Card) => void,
  command: Uint8Array | ((card: Card) => Uint8Array),
  options: SweepOptions = {},
): number {
  const start = (): [card: Card, command: Uint8Array] => {
    const card = makeCard()
    prepare(card)
    return [card, command instanceof Uint8Array ? command : command(card)]
  }
  const [reference, wholeCommand] = start()
  const before = reference.memory.pages.snapshot()
  reference.process(wholeCommand)
  const after = reference.memory.pages.snapshot()
  let cuts = 0
  for (const torn of [false, true]) {
    for (let writes = 0; ; writes++) {
      const [card, bytes] = start()
      card.cutPowerAfter(writes, { torn })
      if (!isCut(() => card.process(bytes))) break
      cuts++
      const label = `cut after ${writes} writes${torn ? ", torn" : ""}`
      if (toHex(card.process(bytes)) !== "6F00") throw new Error(`${label}: the card answers without power`)
      for (const cells of recoveries(card, torn)) checkState(card, cells, before, after, label, options)
    }
  }
  return cuts
}

function isCut(body: () => unknown): boolean {
  try {
    body()
    return false
  } catch (error) {
    if (error instanceof CardRemovedError) return true
    throw error
  }
}

/** The memories that power-on makes of a torn one, itself cut at each write or not at all. */
function recoveries({ layout, memory }: Card, torn: boolean): Uint8Array[] {
  const found: Uint8Array[] = []
  for (let writes = 0; ; writes++) {
    const card = cardFromLayout(layout, { memory: memory.pages.snapshot() })
    card.cutPowerAfter(writes, { torn })
    const cut = isCut(() => card.powerOn())
    card.cutPowerAfter(Number.POSITIVE_INFINITY)
    if (cut) card.powerOn()
    if (card.memory.damaged) throw new Error("the journal cannot be read")
    found.push(card.memory.pages.snapshot())
    if (!cut) return found
  }
}

function checkState(
  { layout }: Card,
  cells: Uint8Array,
  before: Uint8Array,
  after: Uint8Array,
  label: string,
  { also }: SweepOptions,
): void {
  if (differences(layout, cells, after).length === 0) return
  const fromBefore = differences(layout, before, cells)
  const counters = new Set(counterOffsets(layout.root))
  const onlyCounted = cells
    .subarray(0, layout.journal.offset)
    .every((byte, offset) => byte === before[offset] || (counters.has(offset) && byte === before[offset]! - 1))
  if (onlyCounted || also?.(cells, before, after) === true) return
  throw new Error(`${label}: neither the old nor the new state: ${fromBefore.map(({ place }) => place).join(", ")}`)
}

function counterOffsets({ pin, keys, directories }: Directory): number[] {
  return [
    ...(pin ? [pin, ...keys] : keys).map(({ triesOffset }) => triesOffset),
    ...directories.flatMap(counterOffsets),
  ]
}
