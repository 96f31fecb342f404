import { equalBytes } from "../../apdu/index.js"
import type { DirectoryDefinition } from "../../dictionary/index.js"
import type { Card } from "../card.js"
import { type CardContents, type CardItem, cardContents, type RecordList, recordItems } from "./contents.js"

/** Something that two cards do not have alike. */
export interface CardDifference extends Omit<CardItem, "bytes"> {
  /**
   * `changed`: another value; `added`: a new record of a cyclic file; `removed`: one that is gone without having been
   * pushed out; `onlyBefore`, `onlyAfter`: only one of the two cards has the place at all, because they are laid out
   * differently.
   */
  readonly change: "changed" | "added" | "removed" | "onlyBefore" | "onlyAfter"
  /** Absent for secrets: their values never leave the card. */
  readonly before?: Uint8Array
  readonly after?: Uint8Array
}

/** A card, and the tables that name its fields. */
export interface ComparedCard {
  readonly card: Pick<Card, "layout" | "memory">
  readonly tables?: readonly DirectoryDefinition[]
}

/** What {@link compareCards} finds. */
export interface CardComparison {
  /** False where one card has places that the other has not, or of another size: they were made of different profiles. */
  readonly sameLayout: boolean
  readonly differences: readonly CardDifference[]
}

/**
 * Compares two cards place by place: two states of one card, or two cards. Volatile state and the journal do not count.
 *
 * A record pushed into a cyclic file is one record more, not a change of all.
 *
 * @example compareCards({ card: before, tables }, { card: after, tables }).differences[0]?.field?.id // "name"
 */
export function compareCards(before: ComparedCard, after: ComparedCard): CardComparison {
  const [was, is] = [contentsOf(before), contentsOf(after)]
  const differences = [...compareItems(was.items, is.items), ...compareLists(was.lists, is.lists)]
  const sameLayout = !differences.some(({ change }) => change === "onlyBefore" || change === "onlyAfter")
  return { sameLayout, differences: sorted(differences, was, is) }
}

const contentsOf = ({ card, tables }: ComparedCard) => cardContents(card, tables)

/**
 * Items by place, so that cards of different layouts can be compared as far as they go: a record that the tables know is
 * found by its field, wherever the version of the card has it.
 */
function byPlace(items: readonly CardItem[]): Map<string, CardItem> {
  const places = new Map<string, CardItem>()
  for (const item of items) {
    const { directory, name, kind, record, field } = item
    const what = field === undefined ? `record ${record ?? ""}` : `${field.tag ?? field.offset ?? ""} ${field.id}`
    let occurrence = 1
    const place = () => [directory, name, kind, what, occurrence].join("/")
    while (places.has(place())) occurrence++
    places.set(place(), item)
  }
  return places
}

function compareItems(before: readonly CardItem[], after: readonly CardItem[]): CardDifference[] {
  const later = byPlace(after)
  const found: CardDifference[] = []
  for (const [place, was] of byPlace(before)) {
    const is = later.get(place)
    later.delete(place)
    if (is === undefined) found.push(difference("onlyBefore", was, undefined))
    else if (!equalBytes(was.bytes, is.bytes)) found.push(difference("changed", was, is))
  }
  return [...found, ...[...later.values()].map((is) => difference("onlyAfter", undefined, is))]
}

function difference(
  change: CardDifference["change"],
  was: CardItem | undefined,
  is: CardItem | undefined,
): CardDifference {
  const { bytes: _, ...place } = (is ?? was)!
  if (place.secret) return { ...place, change }
  return { ...place, change, ...(was && { before: was.bytes }), ...(is && { after: is.bytes }) }
}

function compareLists(before: readonly RecordList[], after: readonly RecordList[]): CardDifference[] {
  const nameOf = ({ directory, file }: RecordList) => `${directory}/${file}`
  const later = new Map(after.map((list) => [nameOf(list), list]))
  const found: CardDifference[] = []
  for (const was of before) {
    const is = later.get(nameOf(was))
    later.delete(nameOf(was))
    found.push(...(is ? compareRecords(was, is) : [onlyThere("onlyBefore", was)]))
  }
  return [...found, ...[...later.values()].map((is) => onlyThere("onlyAfter", is))]
}

const onlyThere = (change: "onlyBefore" | "onlyAfter", { directory, file }: RecordList): CardDifference => ({
  directory,
  name: file,
  kind: "record",
  secret: false,
  change,
})

function compareRecords(was: RecordList, is: RecordList): CardDifference[] {
  const isSame =
    was.records.length === is.records.length && was.records.every((record, i) => equalBytes(record, is.records[i]!))
  if (isSame) return []
  const pushed = is.cyclic ? pushedRecords(was.records, is) : 0
  const found = is.records
    .slice(0, pushed)
    .flatMap((record, index) => recordItems(is, record, index + 1).map((item) => difference("added", undefined, item)))
  const length = Math.max(was.records.length, is.records.length - pushed)
  for (let index = 0; index < length; index++) {
    const [old, now] = [was.records[index], is.records[index + pushed]]
    // The oldest records fall out of a full file.
    if (now === undefined && pushed > 0) continue
    if (old === undefined || now === undefined) {
      const [list, record, change] = old ? ([was, old, "removed"] as const) : ([is, now!, "added"] as const)
      for (const item of recordItems(list, record, index + 1))
        found.push(old ? difference(change, item, undefined) : difference(change, undefined, item))
    } else found.push(...compareItems(recordItems(was, old, index + 1), recordItems(is, now, index + 1)))
  }
  return found
}

/** How many records were pushed in front of those that were there: the fewest that explain what is there now, else none. */
function pushedRecords(before: readonly Uint8Array[], { records: after, capacity }: RecordList): number {
  for (let pushed = 1; pushed <= after.length; pushed++) {
    if (after.length !== Math.min(before.length + pushed, capacity)) continue
    const kept = after.slice(pushed)
    if (kept.every((record, index) => equalBytes(record, before[index]!))) return pushed
  }
  return 0
}

/** In the order of the card: directory by directory, and there as the contents are listed. */
function sorted(differences: readonly CardDifference[], was: CardContents, is: CardContents): CardDifference[] {
  const names: string[] = []
  for (const { items, lists } of [was, is])
    for (const { directory } of [...items, ...lists]) if (!names.includes(directory)) names.push(directory)
  return [...differences].sort((a, b) => names.indexOf(a.directory) - names.indexOf(b.directory))
}
