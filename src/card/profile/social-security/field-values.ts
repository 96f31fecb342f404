import { InputError } from "../../../apdu/index.js"
import {
  type DirectoryDefinition,
  type FieldDefinition,
  type FieldValue,
  type FileDefinition,
  fieldsOf,
} from "../../../dictionary/index.js"
import type { SocialSecurityProfile } from "./schema.js"

/** What `fields` of a profile says of one field or one cyclic file: one value, or a list of them. */
export type ProfileValue = SocialSecurityProfile["fields"][string]

/** The values of a profile by directory and id: `DF01.householdAddress`. */
export type FieldValues = ReadonlyMap<string, ProfileValue>

/** Ids that the sections `holder` and `issuer` own, and those that are computed. */
const OWNED: Readonly<Record<string, string>> = {
  "SSSE.cardId": "computed from region, ATR and IRK",
  "SSSE.specVersion": "given as specVersion",
}

/**
 * All field values of a profile: `fields`, `holder` and `issuer`, each under directory and dictionary id.
 *
 * @param computed values that the profile does not give itself
 * @throws {InputError} when a path names no field of the tables, or one that another section gives
 */
export function fieldValues(
  profile: SocialSecurityProfile,
  tables: readonly DirectoryDefinition[],
  computed: Readonly<Record<string, ProfileValue>>,
): FieldValues {
  const values = new Map<string, ProfileValue>(Object.entries(computed))
  for (const section of ["holder", "issuer"] as const)
    for (const [id, value] of Object.entries(profile[section])) if (value !== undefined) values.set(`SSSE.${id}`, value)
  for (const [path, value] of Object.entries(profile.fields)) {
    const field = `fields.${path}`
    if (OWNED[path]) throw new InputError(field, `${OWNED[path]}, not here`)
    if (values.has(path)) throw new InputError(field, "given in holder or issuer, not here")
    if (!isKnown(tables, path)) throw new InputError(field, "no field of this name in the tables of this version")
    values.set(path, value)
  }
  return values
}

function isKnown(tables: readonly DirectoryDefinition[], path: string): boolean {
  const [directoryName, id] = path.split(".")
  const directory = tables.find(({ name }) => name === directoryName)
  return directory?.files.some((file) => idsOf(file).includes(id!)) ?? false
}

/** The ids under which a profile gives the contents of a file: its fields, or the file itself where it has many records. */
function idsOf(file: FileDefinition): string[] {
  return file.structure === "variable" ? fieldsOf(file).map((field) => field.id) : [file.id]
}

/**
 * The value of one record of a variable file.
 *
 * @param repetition position among the records that repeat the field; absent when it stands alone
 * @throws {InputError} when a list stands where one value belongs, or the other way round
 */
export function recordValue(
  values: FieldValues,
  directory: string,
  field: FieldDefinition,
  repetition: number | undefined,
  repetitions: number,
): FieldValue | undefined {
  const path = `${directory}.${field.id}`
  const value = values.get(path)
  if (value === undefined) return undefined
  if (!Array.isArray(value)) {
    if (field.items) throw new InputError(`fields.${path}`, "expected a list of objects")
    return repetition ? undefined : value
  }
  if (value.length > repetitions)
    throw new InputError(`fields.${path}`, `expected at most ${repetitions} entries, got ${value.length}`)
  return value[repetition ?? 0] as FieldValue | undefined
}

/** The records of a cyclic or fixed file, newest first. @throws {InputError} unless it is a list of objects that fits */
export function fixedRecords(
  values: FieldValues,
  directory: string,
  file: { readonly id: string; readonly recordCount: number },
): Readonly<Record<string, FieldValue>>[] {
  const path = `${directory}.${file.id}`
  const value = values.get(path)
  if (value === undefined) return []
  if (!Array.isArray(value) || value.some((record) => typeof record !== "object"))
    throw new InputError(`fields.${path}`, "expected a list of records, newest first, each an object")
  if (value.length > file.recordCount)
    throw new InputError(`fields.${path}`, `expected at most ${file.recordCount} records, got ${value.length}`)
  return value as Readonly<Record<string, FieldValue>>[]
}
