import { wrongInput } from "../../../apdu/index.js"
import {
  type DirectoryDefinition,
  type FieldDefinition,
  type FieldValue,
  type FileDefinition,
  fieldsOf,
  type SpecVersion,
  splitHolderName,
} from "../../../dictionary/index.js"
import type { PersonProfile, SocialSecurityProfile } from "./schema.js"

/** What `fields` of a profile says of one field or one cyclic file: one value, or a list of them. */
export type ProfileValue = SocialSecurityProfile["fields"][string]

/** The values of a profile by directory and id: `DF01.householdAddress`. */
export type FieldValues = ReadonlyMap<string, ProfileValue>

/** Ids that are computed. */
const COMPUTED: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  "SSSE.cardId": ["由地区、ATR和IRK计算得出,不在此处填写", "computed from region, ATR and IRK, not here"],
  "SSSE.specVersion": ["由specVersion给出,不在此处填写", "given as specVersion, not here"],
}

const PERSONAL_CARD = "1"
const EMPLOYER_CARD = "2"

/**
 * All field values of a profile: `fields`, `holder` or `employer`, and `issuer`, each under directory and dictionary id.
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
  for (const [path, value, field] of sectionValues(profile)) {
    if (!isKnown(tables, path)) throw unknownField(field)
    values.set(path, value)
  }
  for (const [path, value] of Object.entries(profile.fields)) {
    const field = `fields.${path}`
    if (COMPUTED[path]) throw wrongInput(field, ...COMPUTED[path])
    if (values.has(path))
      throw wrongInput(field, "已在持卡人或发卡信息中给出,不在此处填写", "given in holder or issuer, not here")
    if (!isKnown(tables, path)) throw unknownField(field)
    values.set(path, value)
  }
  return values
}

const unknownField = (field: string) =>
  wrongInput(field, "本版本的数据表中没有这个字段", "no field of this name in the tables of this version")

/** What the sections of a profile give of the SSSE, with the path of each in the profile. */
function* sectionValues(profile: SocialSecurityProfile): Generator<[path: string, value: ProfileValue, field: string]> {
  const isEmployer = profile.personKind === "employer"
  const { cardClass = isEmployer ? EMPLOYER_CARD : PERSONAL_CARD, ...issuer } = profile.issuer
  const sections = {
    issuer: { ...issuer, cardClass },
    ...(isEmployer ? { employer: profile.employer } : { holder: wholeName(profile.holder, profile.specVersion) }),
  }
  for (const [section, given] of Object.entries(sections))
    for (const [id, value] of Object.entries(given))
      if (value !== undefined) yield [`SSSE.${id}`, value as ProfileValue, `${section}.${id}`]
}

/** A name that is too long goes on in the extension, where the version has one and the profile does not fill it itself. */
function wholeName(holder: PersonProfile["holder"], version: SpecVersion): PersonProfile["holder"] {
  if (holder.nameExtension !== undefined || version === "1.00") return holder
  return { ...holder, ...splitHolderName(holder.name, "holder.name") }
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
    if (field.items !== undefined && typeof value !== "object")
      throw wrongInput(`fields.${path}`, "应为对象或对象的列表", "expected an object or a list of objects")
    return repetition ? undefined : value
  }
  if (value.length > repetitions)
    throw wrongInput(
      `fields.${path}`,
      `最多${repetitions}项,收到${value.length}项`,
      `expected at most ${repetitions} entries, got ${value.length}`,
    )
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
    throw wrongInput(
      `fields.${path}`,
      "应为记录的列表,最新的在前,每条为一个对象",
      "expected a list of records, newest first, each an object",
    )
  if (value.length > file.recordCount)
    throw wrongInput(
      `fields.${path}`,
      `最多${file.recordCount}条记录,收到${value.length}条`,
      `expected at most ${file.recordCount} records, got ${value.length}`,
    )
  return value as Readonly<Record<string, FieldValue>>[]
}
