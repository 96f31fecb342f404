import { hexNumber, InputError } from "../../apdu/index.js"
import {
  type DirectoryDefinition,
  type DirectoryName,
  encodeFixedRecord,
  encodeRecord,
  type FieldValue,
  type FileDefinition,
  findDirectory,
  parseAccess,
  type VariableFile,
} from "../../dictionary/index.js"

/** The value of a field; of one that several records repeat a list, where `undefined` leaves a record as it is. */
export type WriteValue = FieldValue | readonly (FieldValue | undefined)[]

/** What is to be written to one file: fields by id, a new record of a cyclic file, or the whole of a transparent one. */
export type FileWrite = { readonly directory: DirectoryName /** 0xEF05 upwards. */; readonly fid: number } & (
  | { readonly fields: Readonly<Record<string, WriteValue>> }
  | { readonly append: Readonly<Record<string, FieldValue>> }
  | { readonly content: Uint8Array }
)

/** One command's worth of writing, ready to be sent. */
export interface PlannedWrite {
  readonly kind: "record" | "append" | "content"
  /** Record number; absent for appended records and content. */
  readonly record?: number
  /** Absent for a record of several fields, and for content. */
  readonly fieldId?: string
  readonly bytes: Uint8Array
}

/** Everything that is written to one file, after one authentication. */
export interface PlannedFile {
  readonly directory: DirectoryDefinition
  readonly file: FileDefinition
  readonly writes: readonly PlannedWrite[]
}

/**
 * Checks what is to be written against the tables and encodes it.
 *
 * @throws {InputError} naming the directory, file, field or value that does not fit; values are not repeated in it
 */
export function planWrites(tables: readonly DirectoryDefinition[], writes: readonly FileWrite[]): PlannedFile[] {
  return writes.map((write) => {
    const directory = findDirectory(tables, write.directory)
    const path = `${write.directory}.${hexNumber(write.fid, 4)}`
    const file = directory.files.find(({ fid }) => fid === write.fid)
    if (!file) throw new InputError(path, "expected a file of the tables")
    if (parseAccess(file.write).length === 0)
      throw new InputError(path, "nobody may write this file", { messageZh: "该文件不允许写数据" })
    return { directory, file, writes: plan(file, write, path) }
  })
}

function plan(file: FileDefinition, write: FileWrite, path: string): PlannedWrite[] {
  if ("content" in write) return [planContent(file, write.content, path)]
  if ("append" in write) return [planAppend(file, write.append, path)]
  if (file.structure !== "variable")
    throw new InputError(path, `expected ${file.structure === "transparent" ? "content" : "a record to append"}`)
  return Object.entries(write.fields).flatMap(([id, value]) => planField(file, id, value, path))
}

function planContent(file: FileDefinition, content: Uint8Array, path: string): PlannedWrite {
  if (file.structure !== "transparent") throw new InputError(path, "expected fields of records, got content")
  if (content.length > file.size)
    throw new InputError(path, `expected at most ${file.size} bytes, got ${content.length}`)
  const bytes = new Uint8Array(file.size)
  bytes.set(content)
  return { kind: "content", bytes }
}

function planAppend(file: FileDefinition, values: Readonly<Record<string, FieldValue>>, path: string): PlannedWrite {
  if (file.structure !== "cyclic") throw new InputError(path, "expected a cyclic file to append to")
  return { kind: "append", bytes: encodeFixedRecord(file, values, { path }) }
}

function planField(file: VariableFile, id: string, value: WriteValue, path: string): PlannedWrite[] {
  const records = file.records.filter(({ field }) => field.id === id)
  if (records.length === 0) throw new InputError(`${path}.${id}`, `expected one of ${fieldIds(file).join(", ")}`)
  const values = Array.isArray(value) ? (value as readonly (FieldValue | undefined)[]) : [value as FieldValue]
  if (values.length > records.length)
    throw new InputError(`${path}.${id}`, `expected at most ${records.length} values, got ${values.length}`)
  return records.flatMap(({ number, field }, at) => {
    const item = values[at]
    return item === undefined
      ? []
      : [{ kind: "record", record: number, fieldId: id, bytes: encodeRecord(field, item, { path }) }]
  })
}

const fieldIds = (file: VariableFile) => [...new Set(file.records.map(({ field }) => field.id))]
