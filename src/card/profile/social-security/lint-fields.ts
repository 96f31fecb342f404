import {
  type DirectoryDefinition,
  type FieldDefinition,
  fieldsOf,
  findCode,
  isCalendarDate,
  regionCodes,
} from "../../../dictionary/index.js"
import { error, type Finding, warning } from "../finding.js"
import type { ProfileValue } from "./field-values.js"
import type { SocialSecurityProfile } from "./schema.js"
import { socialSecurityProfileTables } from "./tables.js"

/** All fields of the card: dates, code lists, and the region. */
export function lintFields(profile: SocialSecurityProfile): Finding[] {
  const tables = socialSecurityProfileTables(profile)
  const findings = Object.entries(profile.fields).flatMap(([path, value]) => {
    const [directory, id] = path.split(".") as [string, string]
    return lintValue(`fields.${path}`, findDefinition(tables, directory, id), value)
  })
  const who = profile.personKind === "employer" ? { employer: profile.employer } : { holder: profile.holder }
  for (const [section, given] of Object.entries({ ...who, issuer: profile.issuer }))
    for (const [id, value] of Object.entries(given))
      if (value !== undefined)
        findings.push(...lintValue(`${section}.${id}`, findDefinition(tables, "SSSE", id), value as ProfileValue))
  if (!findCode(regionCodes, profile.region))
    findings.push(warning("region", "不在行政区划代码表中", "not in the list of regions"))
  return findings
}

/** The fields that a path of the profile names: one, or all of a cyclic file. */
function findDefinition(
  tables: readonly DirectoryDefinition[],
  directory: string,
  id: string,
): readonly FieldDefinition[] {
  for (const file of tables.find(({ name }) => name === directory)?.files ?? []) {
    if (file.structure !== "variable" && file.id === id) return fieldsOf(file)
    const field = file.structure === "variable" && fieldsOf(file).find((candidate) => candidate.id === id)
    if (field) return field.items ?? [field]
  }
  return []
}

function lintValue(path: string, fields: readonly FieldDefinition[], value: ProfileValue): Finding[] {
  if (Array.isArray(value))
    return value.flatMap((entry, index) =>
      typeof entry === "string"
        ? lintText(`${path}[${index}]`, fields[0], entry)
        : Object.entries(entry).flatMap(([id, item]) =>
            lintText(
              `${path}[${index}].${id}`,
              fields.find((field) => field.id === id),
              String(item),
            ),
          ),
    )
  if (typeof value === "object")
    return Object.entries(value).flatMap(([id, item]) =>
      lintText(
        `${path}.${id}`,
        fields.find((field) => field.id === id),
        String(item),
      ),
    )
  return lintText(path, fields[0], String(value))
}

function lintText(path: string, field: FieldDefinition | undefined, text: string): Finding[] {
  if (field === undefined || text === "") return []
  if (field.format === "date" && !isCalendarDate(text)) return [error(path, "日期不存在", "no such date")]
  if (field.format === "month" && !isCalendarDate(`${text}01`)) return [error(path, "年月不存在", "no such month")]
  if (field.format === "insuredKinds" && !/^[01]{10}$/.test(text))
    return [error(path, "应为十个0或1", "expected ten characters 0 or 1")]
  if (field.codes && !findCode(field.codes, text))
    return [warning(path, `不在代码表“${field.codes.name.zh}”中`, `not in the code list "${field.codes.name.en}"`)]
  return []
}
