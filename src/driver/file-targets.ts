import { SW } from "../apdu/index.js"
import {
  type DirectoryDefinition,
  type FieldDefinition,
  type FileDefinition,
  type FixedFile,
  findFile,
  type RecordDefinition,
  type TransparentFile,
  type VariableFile,
} from "../dictionary/index.js"
import { type Answer, type DriverFailure, fail, refusedWith } from "./codes.js"
import type { AddressItem, FileAddress } from "./file-address.js"

/** What one item of a fileAddr means on a card of a certain version. */
export type Target =
  | { readonly kind: "record"; readonly record: RecordDefinition; readonly first: boolean }
  | { readonly kind: "cyclic"; readonly file: FixedFile; readonly number: number }
  | { readonly kind: "content"; readonly field: FieldDefinition; readonly size: number }

/** A file of a fileAddr, found in the tables. */
export interface TargetFile {
  readonly directory: DirectoryDefinition
  readonly file: FileDefinition
  readonly targets: readonly Target[]
}

/**
 * Finds the files and items of a fileAddr in the tables of the card's version.
 *
 * @returns −27266 for a directory or file that the tables do not have, −27267 for a tag that the file does not have,
 *   −14 for a record number where there are tags, or the other way round
 */
export function findTargets(
  tables: readonly DirectoryDefinition[],
  addresses: readonly FileAddress[],
): Answer<{ readonly files: readonly TargetFile[] }> {
  const files: TargetFile[] = []
  for (const address of addresses) {
    const directory = tables.find(({ name }) => name === address.directory)
    const file = findFile(tables, address.directory, address.fid)
    if (!directory || !file) return refusedWith(SW.FILE_NOT_FOUND)
    const found = targetsOf(file, address)
    if (!found.ok) return found
    files.push({ directory, file, targets: found.targets })
  }
  return { ok: true, files }
}

function targetsOf(file: FileDefinition, address: FileAddress): Answer<{ readonly targets: readonly Target[] }> {
  const { record, items } = address
  if (file.structure !== "variable" && file.structure !== "transparent")
    return record === undefined ? fail("PARAMETER") : { ok: true, targets: [{ kind: "cyclic", file, number: record }] }
  if (record !== undefined) return fail("PARAMETER")
  const targets: Target[] = []
  for (const item of items) {
    const target = itemTarget(file, item)
    if (!target) return tagNotFound()
    targets.push(target)
  }
  return { ok: true, targets }
}

function itemTarget(file: VariableFile | TransparentFile, item: AddressItem): Target | undefined {
  return file.structure === "transparent" ? contentTarget(file, item) : recordTarget(file.records, item)
}

function contentTarget({ field, size }: TransparentFile, { tag, occurrence }: AddressItem): Target | undefined {
  return tag <= 1 && occurrence === undefined ? { kind: "content", field, size } : undefined
}

function recordTarget(records: readonly RecordDefinition[], { tag, occurrence = 1 }: AddressItem): Target | undefined {
  const record = records.find(({ field, repetition = 0 }) => field.tag === tag && repetition === occurrence - 1)
  return record && { kind: "record", record, first: occurrence === 1 }
}

export const tagNotFound = (): DriverFailure => refusedWith(SW.RECORD_NOT_FOUND)

/** Who may read or write a target: an access expression of card-structure §1.3. */
export function accessOf(file: FileDefinition, target: Target, what: "read" | "write"): string {
  return (target.kind === "record" ? target.record[what] : undefined) ?? file[what]
}
