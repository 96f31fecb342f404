import {
  type DirectoryDefinition,
  type FieldDefinition,
  type FileDefinition,
  splitRecord,
} from "../../dictionary/index.js"
import type { Card } from "../card.js"
import type { Directory, ElementaryFile, Secret } from "../layout.js"
import { recordCount, recordSlot, usedLength } from "../records.js"

/** What a card holds in one place. */
export interface CardItem {
  /** Name of the directory: `SSSE`, `DF04`. */
  readonly directory: string
  /** What it is of the directory: `EF06`, `PIN`, `RKssse`, `cia`. */
  readonly name: string
  readonly kind: "record" | "binary" | "pin" | "key" | "tries" | "element"
  /** Number of a record, 1 upwards; 1 is the newest of a cyclic file. */
  readonly record?: number
  /** Its field, where the tables know it: of a fixed record there are several, each an item of its own. */
  readonly field?: FieldDefinition
  /** What stands there: the value of a field, else the whole record. Of a PIN or key show that it differs, never the bytes. */
  readonly bytes: Uint8Array
  readonly secret: boolean
}

/** A cyclic or fixed file counts its records as they move: see `compareCards`. */
export interface RecordList {
  readonly directory: string
  readonly file: string
  readonly cyclic: boolean
  /** How many records there is room for. */
  readonly capacity: number
  /** The definition of its records, where the tables have one. */
  readonly definition: FileDefinition | undefined
  /** Newest first in a cyclic file. */
  readonly records: readonly Uint8Array[]
}

/** Everything that a card holds, from the MF downwards. */
export interface CardContents {
  readonly items: readonly CardItem[]
  /** Files of records of one length. */
  readonly lists: readonly RecordList[]
}

/**
 * What a card holds, whoever may read it: an emulated card shows its memory to its owner.
 *
 * @param tables names the fields; what they do not know is whole records
 */
export function cardContents(
  card: Pick<Card, "layout" | "memory">,
  tables: readonly DirectoryDefinition[] = [],
): CardContents {
  const items: CardItem[] = []
  const lists: RecordList[] = []
  for (const directory of directoriesOf(card.layout.root)) {
    const definition = tables.find(({ name }) => name === directory.name)
    items.push(...secretItems(card, directory), ...elementItems(card, directory))
    for (const file of directory.files) {
      const known = definition?.files.find(({ fid }) => fid === file.fid)
      if (file.structure === "fixed" || file.structure === "cyclic") lists.push(recordList(card, file, known))
      else items.push(...fileItems(card, file, known))
    }
  }
  return { items, lists }
}

function directoriesOf(directory: Directory): Directory[] {
  return [directory, ...directory.directories.flatMap(directoriesOf)]
}

function secretItems({ memory }: Pick<Card, "memory">, { name: directory, pin, keys }: Directory): CardItem[] {
  const of = (secret: Secret): CardItem[] => {
    const isPin = secret.use === "pin"
    const start = isPin ? secret.lengthOffset : secret.value.offset
    const length = secret.value.offset + secret.value.length - start
    return [
      {
        directory,
        name: secret.name,
        kind: isPin ? "pin" : "key",
        bytes: memory.read({ offset: start, length }),
        secret: true,
      },
      {
        directory,
        name: secret.name,
        kind: "tries",
        bytes: memory.read({ offset: secret.triesOffset, length: 1 }),
        secret: false,
      },
    ]
  }
  return [...(pin ? of(pin) : []), ...keys.flatMap(of)]
}

function elementItems({ memory }: Pick<Card, "memory">, { name: directory, elements }: Directory): CardItem[] {
  return Object.entries(elements).map(([name, region]) => ({
    directory,
    name,
    kind: "element",
    bytes: memory.read(region),
    secret: region.secret === true,
  }))
}

function fileItems(
  { memory }: Pick<Card, "memory">,
  file: ElementaryFile,
  known: FileDefinition | undefined,
): CardItem[] {
  const common = { directory: file.directory.name, name: file.name, secret: false }
  if (file.structure === "transparent") {
    const field = known?.structure === "transparent" ? known.field : undefined
    return [{ ...common, kind: "binary", bytes: memory.read(file.region), ...(field && { field }) }]
  }
  return file.records.map((slot, index) => {
    const bytes = memory.read({ offset: slot.offset, length: usedLength(memory, file, slot) })
    const split = splitRecord(bytes)
    const definition = known?.structure === "variable" ? known.records[index]?.field : undefined
    const matches = definition !== undefined && split?.tag === definition.tag
    return {
      ...common,
      kind: "record" as const,
      record: index + 1,
      bytes: matches ? split!.value : bytes,
      ...(matches && { field: definition }),
    }
  })
}

function recordList(
  { memory }: Pick<Card, "memory">,
  file: ElementaryFile,
  definition: FileDefinition | undefined,
): RecordList {
  const count = recordCount(memory, file)
  const records = Array.from({ length: count }, (_, index) => memory.read(recordSlot(memory, file, index + 1)))
  return {
    directory: file.directory.name,
    file: file.name,
    cyclic: file.structure === "cyclic",
    capacity: file.records.length,
    definition,
    records,
  }
}

/** The fields of a record of fixed length; the whole of it where the tables do not know it. */
export function recordItems(
  { directory, file, definition }: RecordList,
  record: Uint8Array,
  number: number,
): CardItem[] {
  const common = { directory, name: file, kind: "record", record: number, secret: false } as const
  if (definition?.structure !== "cyclic" && definition?.structure !== "fixed") return [{ ...common, bytes: record }]
  if (definition.recordLength !== record.length) return [{ ...common, bytes: record }]
  return definition.fields.map((field) => ({
    ...common,
    field,
    bytes: record.subarray(field.offset!, field.offset! + field.length),
  }))
}
