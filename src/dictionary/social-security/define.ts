import type { Label } from "../label.js"
import { keysForFiles } from "./directory-keys.js"
import type { DirectoryName } from "./keys.js"
import type {
  DirectoryDefinition,
  FieldDefinition,
  FieldType,
  FileDefinition,
  FixedFile,
  RecordDefinition,
  TransparentFile,
  VariableFile,
} from "./types.js"

type More = Partial<Omit<FieldDefinition, "id" | "tag" | "length" | "type" | "name">>
/** A field of its own, or one that several records repeat. */
type Row = FieldDefinition | { readonly field: FieldDefinition; readonly times: number }

const ofType =
  (type: FieldType) =>
  (id: string, tag: number, length: number, zh: string, en: string, more: More = {}): FieldDefinition => ({
    id,
    tag,
    length,
    type,
    name: { zh, en },
    ...more,
  })

export const an = ofType("AN")
export const cn = ofType("CN")
export const raw = ofType("B")
export const dec = ofType("DEC")

/** A CN field that holds a date, YYYYMMDD. */
export const date = (id: string, tag: number, zh: string, en: string): FieldDefinition =>
  cn(id, tag, 4, zh, en, { format: "date" })

/** A B-TLV field. The length is given, not computed, so that a test can compare it with its items. */
export const list = (
  id: string,
  tag: number,
  length: number,
  zh: string,
  en: string,
  items: readonly FieldDefinition[],
): FieldDefinition => ({ id, tag, length, type: "B-TLV", name: { zh, en }, items })

/** Several records of one form. */
export const times = (count: number, field: FieldDefinition): Row => ({ field, times: count })

/** A field in a record of fixed length. */
export const at = (
  offset: number,
  length: number,
  type: FieldType,
  id: string,
  zh: string,
  en: string,
  more: More = {},
): FieldDefinition => ({ id, offset, length, type, name: { zh, en }, ...more })

interface FileHead {
  readonly fid: number
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly read: string
  readonly write: string
}

const common = (head: FileHead) => ({
  fid: head.fid,
  sfi: head.fid & 0x1f,
  id: head.id,
  name: { zh: head.zh, en: head.en },
  read: head.read,
  write: head.write,
})

/** A variable-length file; records are numbered in the order given. */
export function variable(head: FileHead, rows: readonly Row[]): VariableFile {
  const records: RecordDefinition[] = []
  for (const row of rows)
    if ("field" in row)
      for (let repetition = 0; repetition < row.times; repetition++)
        records.push({ number: records.length + 1, field: row.field, repetition })
    else records.push({ number: records.length + 1, field: row })
  return { ...common(head), structure: "variable", records }
}

/** A cyclic file of records without tags. */
export function cyclic(
  head: FileHead,
  recordCount: number,
  recordLength: number,
  fields: readonly FieldDefinition[],
): FixedFile {
  return { ...common(head), structure: "cyclic", recordCount, recordLength, fields }
}

/** A transparent file. */
export function transparent(
  head: FileHead,
  size: number,
  format: Exclude<FieldDefinition["format"], undefined> | undefined = undefined,
): TransparentFile {
  const field: FieldDefinition = {
    id: head.id,
    length: size,
    type: "B",
    name: { zh: head.zh, en: head.en },
    ...(format && { format }),
    ...(format && { mask: "hidden" as const }),
  }
  return { ...common(head), structure: "transparent", size, field }
}

/** An application DF under the SSSE, with the keys that its files name. The FID is as its name says (card-structure §4.1). */
export function applicationDirectory(
  name: Exclude<DirectoryName, "SSSE">,
  label: Label,
  aid: Uint8Array,
  files: readonly FileDefinition[],
): DirectoryDefinition {
  return {
    name,
    label,
    fid: 0xdf00 | Number.parseInt(name.slice(2), 16),
    aid,
    parent: "SSSE",
    files,
    keys: keysForFiles(name, files),
  }
}
