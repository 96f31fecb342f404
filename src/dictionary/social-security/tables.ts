import { InputError } from "../../apdu/index.js"
import { date } from "./define.js"
import { df01 } from "./df01.js"
import { df02 } from "./df02.js"
import { df03 } from "./df03.js"
import { df04 } from "./df04.js"
import { df07 } from "./df07.js"
import { keysForFiles } from "./directory-keys.js"
import { employerDf01, employerDf03 } from "./employer.js"
import { keysOf } from "./keys.js"
import { type LocalTables, localTables } from "./local/index.js"
import { ssse } from "./ssse.js"
import type { TableOptions } from "./table-options.js"
import type { DirectoryDefinition, FieldDefinition, FileDefinition, SpecVersion } from "./types.js"
import { version1Df01, version1Df02, version1Df03, version1Df04 } from "./version1/index.js"

/**
 * Every directory, file and field of a version of the card specification (card-structure §5-§11, §13, §14). Versions 2.00
 * and 3.00 hold the same data; 3.00 guards the SSSE.
 *
 * @param options where cards of one version differ: an employer's, local files, sizes
 * @example findFile(socialSecurityTables("2.00"), "SSSE", 0xef06)
 * @example socialSecurityTables("3.00", { holder: "employer" })
 */
export function socialSecurityTables(version: SpecVersion, options: TableOptions = {}): readonly DirectoryDefinition[] {
  const name = JSON.stringify([version, ...Object.entries(options).sort()])
  const tables = known.get(name) ?? makeTables(version, options)
  known.set(name, tables)
  return tables
}

/** Tables are made once: definitions are compared by identity. */
const known = new Map<string, readonly DirectoryDefinition[]>()

function makeTables(version: SpecVersion, options: TableOptions): readonly DirectoryDefinition[] {
  const environment = ssse(version, options)
  if (options.holder === "employer") return [environment, employerDf01, employerDf03]
  const national =
    version === "1.00"
      ? [environment, version1Df01, version1Df02, version1Df03, version1Df04]
      : [environment, publicData(options), df02, socialInsurance(options), df04, df07]
  return options.local === undefined ? national : withLocalTables(national, localTables[options.local])
}

/** Tables with what a region or a city adds: files in directories that exist, and directories, in the order of names. */
export function withLocalTables(
  tables: readonly DirectoryDefinition[],
  { files, keys = {}, directories }: LocalTables,
): readonly DirectoryDefinition[] {
  const extended = tables.map((directory) => {
    const own = files[directory.name]
    if (!own) return directory
    const all = [...directory.files, ...own]
    const named = keysForFiles(directory.name, all)
    const national = keysOf(directory.name).filter((key) => directory.keys.includes(key) || named.includes(key))
    return { ...directory, files: all, keys: [...national, ...(keys[directory.name] ?? [])] }
  })
  const [environment, ...others] = extended
  return [environment!, ...[...others, ...directories].sort((a, b) => a.fid - b.fid)]
}

function publicData({ educationInPersonalStatus = false }: TableOptions): DirectoryDefinition {
  const level = educationInPersonalStatus && findField([df01], "educationLevel")
  return level ? withRecord(df01, "personalStatus", { ...level.field, id: "personalStatus2A" }, 1) : df01
}

function socialInsurance({ unemploymentRecord60 = false }: TableOptions): DirectoryDefinition {
  if (!unemploymentRecord60) return df03
  return withRecord(
    df03,
    "unemployment",
    date("unemploymentDate60", 0x60, "失业保险日期(60)", "unemployment date (60)"),
    1,
  )
}

/** The directory with one more record in a variable file. */
function withRecord(
  directory: DirectoryDefinition,
  id: string,
  field: FieldDefinition,
  index: number,
): DirectoryDefinition {
  const files = directory.files.map((file) => {
    if (file.id !== id || file.structure !== "variable") return file
    const records = [...file.records.slice(0, index), { number: 0, field }, ...file.records.slice(index)]
    return { ...file, records: records.map((record, position) => ({ ...record, number: position + 1 })) }
  })
  return { ...directory, files }
}

/**
 * The version that the text in SSSE EF05 record 3 stands for: its first digit decides, anything unknown is 3.00
 * (card-structure §2).
 *
 * @example normaliseVersion("2.01") // "2.00"
 */
export function normaliseVersion(text: string): SpecVersion {
  if (text.startsWith("1")) return "1.00"
  return text.startsWith("2") ? "2.00" : "3.00"
}

/** A directory by name. @throws {InputError} when the tables have none of that name */
export function findDirectory(tables: readonly DirectoryDefinition[], name: string): DirectoryDefinition {
  const directory = tables.find((candidate) => candidate.name === name)
  if (!directory)
    throw new InputError("directory", `expected one of ${tables.map((d) => d.name).join(", ")}, got ${name}`)
  return directory
}

/** A file by directory and FID, or undefined. */
export function findFile(
  tables: readonly DirectoryDefinition[],
  directory: string,
  fid: number,
): FileDefinition | undefined {
  return tables.find((candidate) => candidate.name === directory)?.files.find((file) => file.fid === fid)
}

/** The distinct fields of a file, each once even when several records repeat it. */
export function fieldsOf(file: FileDefinition): readonly FieldDefinition[] {
  if (file.structure === "transparent") return [file.field]
  if (file.structure !== "variable") return file.fields
  return file.records.filter((record) => !record.repetition).map((record) => record.field)
}

/** A field found by its id, with where it stands. */
export interface FieldLocation {
  readonly directory: DirectoryDefinition
  readonly file: FileDefinition
  readonly field: FieldDefinition
}

/**
 * Finds a field by id, or by directory and id where one id occurs in several directories.
 *
 * @example findField(socialSecurityTables("2.00"), "birthDate")?.file.fid // 0xef06
 */
export function findField(
  tables: readonly DirectoryDefinition[],
  id: string,
  directoryName?: string,
): FieldLocation | undefined {
  for (const directory of tables) {
    if (directoryName !== undefined && directory.name !== directoryName) continue
    for (const file of directory.files) {
      const field = fieldsOf(file).find((candidate) => candidate.id === id)
      if (field) return { directory, file, field }
    }
  }
  return undefined
}
