import { type StatusWord, SW, type Transport } from "../../apdu/index.js"
import {
  decodeField,
  decodeFixedRecord,
  type FieldDefinition,
  type FieldValue,
  type FileDefinition,
  type FixedFile,
  splitRecord,
  type TransparentFile,
  type VariableFile,
} from "../../dictionary/index.js"
import { readBinary, readRecord, selectByFid } from "./files.js"

/** A field that a card holds. */
export interface FieldReading {
  readonly field: FieldDefinition
  /** Record number; absent in a file without records. */
  readonly record?: number
  /** What the card stores. */
  readonly bytes: Uint8Array
  /** `undefined` for a field that was never written. */
  readonly value: FieldValue | undefined
}

/** A record that the card did not give. */
export interface MissingRecord {
  readonly record?: number
  /** What the tables expect there. */
  readonly field?: FieldDefinition
  /** Why: 6982 access refused, 6A83 no such record, ... */
  readonly statusWord: StatusWord
}

/** A record that the tables do not explain; local files have such (card-structure §11). */
export interface UnknownRecord {
  readonly record: number
  readonly bytes: Uint8Array
  /** `malformed`: not tag, length, value, or a value that its field does not allow. */
  readonly reason: "unknownTag" | "malformed"
}

/** What a card holds in one file. */
export interface FileReading {
  readonly file: FileDefinition
  /** The tables do not name this file: nothing is known of it but what it holds. */
  readonly unlisted?: boolean
  /** SELECT was refused with this; nothing else is filled in then. */
  readonly refusal?: StatusWord
  readonly values: readonly FieldReading[]
  readonly missing: readonly MissingRecord[]
  readonly unknown: readonly UnknownRecord[]
}

/** Variable files have no more records than P1 can number. */
const LAST_RECORD = 254

interface Draft {
  values: FieldReading[]
  missing: MissingRecord[]
  unknown: UnknownRecord[]
}

/**
 * Selects a file of the current directory and reads all of it, forgiving what real cards do: a record that is refused
 * or absent is listed as missing, one with an unknown tag is kept as it is.
 */
export async function readFile(card: Transport, file: FileDefinition): Promise<FileReading> {
  const draft: Draft = { values: [], missing: [], unknown: [] }
  const selected = await selectByFid(card, file.fid)
  if (!selected.ok) return { file, refusal: selected.statusWord, ...draft }
  if (file.structure === "variable") await readVariable(card, file, draft)
  else if (file.structure === "transparent") await readTransparent(card, file, draft)
  else await readFixed(card, file, draft)
  return { file, ...draft }
}

async function readVariable(card: Transport, file: VariableFile, draft: Draft): Promise<void> {
  const ruledAsWhole = file.records.every((record) => record.read === undefined)
  for (let number = 1; number <= LAST_RECORD; number++) {
    const expected = file.records[number - 1]?.field
    const outcome = await readRecord(card, number)
    if (outcome.ok) {
      addRecord(file, number, outcome.record, draft)
      continue
    }
    // Behind the records of the tables a card may have local ones, up to the first that is not there.
    if (!expected) return
    draft.missing.push({ record: number, field: expected, statusWord: outcome.statusWord })
    if (ruledAsWhole && outcome.statusWord === SW.SECURITY_STATUS_NOT_SATISFIED) return refuseRest(file, number, draft)
  }
}

/** One access rule for the whole file: what refused one record would refuse the others. */
function refuseRest(file: VariableFile, after: number, draft: Draft): void {
  for (const { number, field } of file.records)
    if (number > after) draft.missing.push({ record: number, field, statusWord: SW.SECURITY_STATUS_NOT_SATISFIED })
}

function addRecord(file: VariableFile, number: number, bytes: Uint8Array, draft: Draft): void {
  const parts = splitRecord(bytes)
  if (!parts) {
    draft.unknown.push({ record: number, bytes, reason: "malformed" })
    return
  }
  const field = file.records.find((record) => record.field.tag === parts.tag)?.field
  if (!field) draft.unknown.push({ record: number, bytes, reason: "unknownTag" })
  else addField(field, number, parts.value, bytes, draft)
}

function addField(field: FieldDefinition, record: number, value: Uint8Array, whole: Uint8Array, draft: Draft): void {
  try {
    draft.values.push({ field, record, bytes: value, value: decodeField(field, value) })
  } catch {
    draft.unknown.push({ record, bytes: whole, reason: "malformed" })
  }
}

async function readFixed(card: Transport, file: FixedFile, draft: Draft): Promise<void> {
  for (let number = 1; number <= file.recordCount; number++) {
    const outcome = await readRecord(card, number)
    if (!outcome.ok) {
      // The end of what was written so far is no refusal (card-commands §4.3).
      if (outcome.statusWord !== SW.RECORD_NOT_FOUND)
        draft.missing.push({ record: number, statusWord: outcome.statusWord })
      return
    }
    addFixedRecord(file, number, outcome.record, draft)
  }
}

function addFixedRecord(file: FixedFile, number: number, bytes: Uint8Array, draft: Draft): void {
  try {
    const values = decodeFixedRecord(file, bytes)
    if (!values) return
    for (const field of file.fields)
      draft.values.push({
        field,
        record: number,
        bytes: bytes.subarray(field.offset!, field.offset! + field.length),
        value: values[field.id],
      })
  } catch {
    draft.unknown.push({ record: number, bytes, reason: "malformed" })
  }
}

async function readTransparent(card: Transport, file: TransparentFile, draft: Draft): Promise<void> {
  // To its end, which need not be where the tables have it (card-structure §5.3).
  const outcome = await readBinary(card)
  if (!outcome.ok) draft.missing.push({ field: file.field, statusWord: outcome.statusWord })
  else draft.values.push({ field: file.field, bytes: outcome.content, value: decodeField(file.field, outcome.content) })
}
