import { InputError } from "../../apdu/index.js"
import { df01 } from "./df01.js"
import { df02 } from "./df02.js"
import { df03 } from "./df03.js"
import { df04 } from "./df04.js"
import { df07 } from "./df07.js"
import { ssse } from "./ssse.js"
import type { DirectoryDefinition, FieldDefinition, FileDefinition, SpecVersion } from "./types.js"

const TABLES: Readonly<Record<SpecVersion, readonly DirectoryDefinition[]>> = {
  "2.00": [ssse("2.00"), df01, df02, df03, df04, df07],
  "3.00": [ssse("3.00"), df01, df02, df03, df04, df07],
}

/**
 * Every directory, file and field of a version of the card specification (card-structure §5-§10). Versions 2.00 and
 * 3.00 hold the same data; 3.00 guards the SSSE.
 *
 * @example findFile(socialSecurityTables("2.00"), "SSSE", 0xef06)
 */
export function socialSecurityTables(version: SpecVersion): readonly DirectoryDefinition[] {
  return TABLES[version]
}

/**
 * The version that the text in SSSE EF05 record 3 stands for: its first digit decides, anything unknown is 3.00
 * (card-structure §2).
 *
 * @example normaliseVersion("2.01") // "2.00"
 */
export function normaliseVersion(text: string): "1.00" | SpecVersion {
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
