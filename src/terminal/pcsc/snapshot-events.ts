import { equalBytes } from "../../apdu/index.js"
import type { ReaderEvent, ReaderSnapshot } from "../readers/reader.js"

/**
 * What happened between two looks at the readers, by name (readers §6.9).
 *
 * A card that is there at both looks was changed in between when the event counter rose by more than one, or when the
 * answer to reset is another: it is reported as removed and inserted.
 */
export function snapshotEvents(before: readonly ReaderSnapshot[], after: readonly ReaderSnapshot[]): ReaderEvent[] {
  const events: ReaderEvent[] = []
  const inserted = ({ name, atr }: ReaderSnapshot) =>
    events.push({ type: "card-inserted", reader: name, atr: atr ?? new Uint8Array(0) })
  const removed = ({ name }: ReaderSnapshot) => events.push({ type: "card-removed", reader: name })

  for (const old of before) {
    if (after.some(({ name }) => name === old.name)) continue
    if (old.present) removed(old)
    events.push({ type: "reader-removed", reader: old.name })
  }
  for (const now of after) {
    const old = before.find(({ name }) => name === now.name)
    if (old === undefined) events.push({ type: "reader-added", reader: now.name })
    const changed = old?.present && now.present && isOtherCard(old, now)
    if (old?.present && (changed || !now.present)) removed(old)
    if (now.present && (changed || !old?.present)) inserted(now)
  }
  return events
}

/** The counter has 16 bits and rises by one at each insertion and each removal. */
const isOtherCard = (old: ReaderSnapshot, now: ReaderSnapshot) =>
  (old.events !== undefined && now.events !== undefined && ((now.events - old.events) & 0xffff) > 1) ||
  old.mute !== now.mute ||
  (old.atr !== undefined && now.atr !== undefined && !equalBytes(old.atr, now.atr))
