import { SW } from "../../apdu/index.js"
import type { Command, Handler } from "../application.js"
import type { Context } from "../context.js"
import type { ElementaryFile } from "../layout.js"
import { recordCount, recordSlot, recordTag, usedLength } from "../records.js"
import { allowed, fileOf, noFile } from "./current-file.js"
import { BY_NUMBER, FIRST, HIGHEST_SFI, LAST, NEXT, PREVIOUS } from "./record-addressing.js"

const ENHANCED = 6
const PROPRIETARY = 7

/** In the first byte of a search indication: the second one is a byte value to search behind, not an offset. */
const BEHIND_VALUE = 0x08
const FROM_NEXT = 6
const FROM_PREVIOUS = 7
const INDICATION = 2

/** Which records are searched, in which order, for what, from where on in each. */
interface Search {
  /** As bits 3 to 1 of P2 or of the search indication. */
  readonly mode: number
  readonly text: Uint8Array
  readonly offset: number
  /** The search begins behind the first byte of this value; -1: at `offset`. */
  readonly behind: number
}

/**
 * SEARCH RECORD (00 A2): ISO 7816-4 §11.3.7. Answers the numbers of the records that hold the search string; the first of
 * them becomes the current one. 6282 when there is none.
 */
export const searchRecord: Handler = (context, command) => {
  const { session, memory } = context
  const sfi = command.p2 >> 3
  if (sfi > HIGHEST_SFI || (command.p2 & 7) === PROPRIETARY) return SW.INCORRECT_P1P2
  if (command.lc === 0) return SW.WRONG_LENGTH
  const file = fileOf(session, sfi)
  if (file === undefined) return noFile(sfi)
  if (file.structure === "transparent") return SW.INCOMPATIBLE_FILE_STRUCTURE
  if (!allowed(session, file.read)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const search = searchOf(command)
  if (search === undefined) return SW.WRONG_DATA
  const numbers = recordsToSearch(context, file, command.p1, search.mode)
  if (numbers === undefined) return SW.RECORD_NOT_FOUND
  for (const number of numbers)
    if (!allowed(session, recordSlot(memory, file, number).read)) return SW.SECURITY_STATUS_NOT_SATISFIED
  const found = numbers.filter((number) => holds(context, file, number, search))
  if (found.length === 0) return SW.END_OF_FILE
  session.record = found[0]!
  context.response.append(Uint8Array.from(found))
  return SW.OK
}

/** The search that P2 and the data ask for; undefined when an enhanced one is malformed. */
function searchOf(command: Command): Search | undefined {
  const mode = command.p2 & 7
  const data = command.data()
  if (mode !== ENHANCED) return { mode, text: data, offset: 0, behind: -1 }
  const indication = data[0]!
  if (data.length <= INDICATION || indication > 0x0f) return undefined
  const text = data.subarray(INDICATION)
  return (indication & BEHIND_VALUE) === 0
    ? { mode: indication & 7, text, offset: data[1]!, behind: -1 }
    : { mode: indication & 7, text, offset: 0, behind: data[1]! }
}

/** Numbers of the records to search, in order; undefined when P1 names none. */
function recordsToSearch({ memory, session }: Context, file: ElementaryFile, p1: number, mode: number) {
  const count = recordCount(memory, file)
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  const isForward = mode === FIRST || mode === NEXT || mode === BY_NUMBER || mode === FROM_NEXT
  const ordered = isForward ? numbers : numbers.reverse()
  const searched = ordered.filter(rangeOf(mode, p1, session.record, count))
  const named =
    mode > PREVIOUS || p1 === 0
      ? searched
      : searched.filter((number) => recordTag(memory, file, recordSlot(memory, file, number)) === p1)
  return named.length === 0 ? undefined : named
}

/** Which numbers a mode takes: a record identifier counts from the current record, a number may stand for itself. */
function rangeOf(mode: number, p1: number, current: number, count: number): (number: number) => boolean {
  const base = mode < BY_NUMBER || p1 === 0 ? current : p1
  switch (mode) {
    case FIRST:
    case LAST:
      return () => true
    case NEXT:
    case FROM_NEXT:
      return (number) => number > base
    case PREVIOUS:
    case FROM_PREVIOUS:
      return (number) => base === 0 || number < base
    case BY_NUMBER:
      return (number) => base > 0 && number >= base
    default:
      return (number) => base <= count && number <= base
  }
}

function holds({ memory }: Context, file: ElementaryFile, number: number, search: Search): boolean {
  const slot = recordSlot(memory, file, number)
  const record = memory.read({ offset: slot.offset, length: usedLength(memory, file, slot) })
  const { text, behind } = search
  const start = behind < 0 ? search.offset : record.indexOf(behind) + 1
  if (behind >= 0 && start === 0) return false
  for (let at = start; at + text.length <= record.length; at++)
    if (text.every((byte, index) => record[at + index] === byte)) return true
  return false
}
