import { hex, wrongInput } from "../../../apdu/index.js"
import type {
  DirectoryDefinition,
  DirectoryName,
  FieldDefinition,
  FileDefinition,
  KeyDefinition,
  Label,
  LocalTables,
  RecordDefinition,
} from "../../../dictionary/index.js"
import type { LocalDirectory, LocalFile } from "./schema-local.js"

/** Local keys have two levels, as those of a PSAM usage byte 47 (card-structure §16.2). */
const LEVELS = 2

/**
 * What a profile's `localFiles` add to the national tables.
 *
 * @param tables those of the version
 * @throws {InputError} when a new directory has no AID
 */
export function localTablesOf(given: readonly LocalDirectory[], tables: readonly DirectoryDefinition[]): LocalTables {
  const files: Record<string, readonly FileDefinition[]> = {}
  const keys: Record<string, readonly KeyDefinition[]> = {}
  const directories: DirectoryDefinition[] = []
  for (const [index, local] of given.entries()) {
    const path = `localFiles[${index}]`
    const ownFiles = local.files.map(fileOf)
    const ownKeys = local.keys.map((key) => keyOf(local.directory as DirectoryName, key))
    if (tables.some(({ name }) => name === local.directory)) {
      files[local.directory] = [...(files[local.directory] ?? []), ...ownFiles]
      keys[local.directory] = [...(keys[local.directory] ?? []), ...ownKeys]
    } else directories.push(directoryOf(local, ownFiles, ownKeys, path))
  }
  return { files, keys, directories }
}

function directoryOf(
  { directory, aid, label }: LocalDirectory,
  files: readonly FileDefinition[],
  keys: readonly KeyDefinition[],
  path: string,
): DirectoryDefinition {
  if (aid === undefined)
    throw wrongInput(
      `${path}.aid`,
      `${directory} 不在本版本的数据表中,须给出AID`,
      `missing: ${directory} is no directory of this version`,
    )
  return {
    name: directory as DirectoryName,
    label: label ?? { zh: `地方应用${directory}`, en: `local application ${directory}` },
    fid: 0xdf00 | Number.parseInt(directory.slice(2), 16),
    aid: hex(aid, `${path}.aid`),
    parent: "SSSE",
    files,
    keys: [...everyDirectoryKeys(directory as DirectoryName), ...keys],
  }
}

/** Master and maintenance key, which every directory has (card-structure §16.3). */
const everyDirectoryKeys = (directory: DirectoryName): KeyDefinition[] => [
  { name: `MK${directory}`, directory, role: "master", cardId: 0x80, levels: LEVELS, testId: `${directory}.MK` },
  { name: `STK${directory}`, directory, role: "maintenance", cardId: 0x81, levels: LEVELS, testId: `${directory}.STK` },
]

function keyOf(directory: DirectoryName, { name, id, role }: LocalDirectory["keys"][number]): KeyDefinition {
  return { name, directory, role, cardId: Number.parseInt(id, 16), levels: LEVELS, testId: name }
}

function fileOf(file: LocalFile): FileDefinition {
  const fid = Number.parseInt(file.fid, 16)
  const { id, read, write, name = nameOf(id) } = file
  const common = { fid, sfi: fid & 0x1f, id, name, read, write }
  switch (file.structure) {
    case "transparent":
      return {
        ...common,
        structure: "transparent",
        size: file.size,
        field: { id, length: file.size, type: "B", name },
      }
    case "variable":
      return { ...common, structure: "variable", records: recordsOf(file) }
    case "cyclic": {
      const fields: FieldDefinition[] = []
      let offset = 0
      for (const { name: own, ...field } of file.fields) {
        fields.push({ ...field, offset, name: own ?? nameOf(field.id) })
        offset += field.length
      }
      return { ...common, structure: "cyclic", recordCount: file.recordCount, recordLength: offset, fields }
    }
  }
}

function recordsOf({ records }: Extract<LocalFile, { structure: "variable" }>): RecordDefinition[] {
  const all: RecordDefinition[] = []
  for (const { times, ...record } of records) {
    const field = fieldOf(record)
    for (let repetition = 0; repetition < times; repetition++)
      all.push({ number: all.length + 1, field, ...(times > 1 && { repetition }) })
  }
  return all
}

type LocalRecord = Omit<Extract<LocalFile, { structure: "variable" }>["records"][number], "times">

function fieldOf({ tag, id, name = nameOf(id), length, type, items }: LocalRecord): FieldDefinition {
  const common = { id, tag: Number.parseInt(tag, 16), name }
  if (items !== undefined) {
    const own = items.map((item) => fieldOf(item))
    return { ...common, type: "B-TLV", length: own.reduce((sum, each) => sum + 2 + each.length, 0), items: own }
  }
  if (length === undefined || type === undefined)
    throw wrongInput(`localFiles.${id}`, "应给出length与type,或items", "expected length and type, or items")
  return { ...common, length, type }
}

/** What a field is called that the profile gives no name. */
const nameOf = (id: string): Label => ({ zh: `地方数据项(${id})`, en: `local item (${id})` })
