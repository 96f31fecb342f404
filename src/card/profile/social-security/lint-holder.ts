import {
  checkCardNumber,
  checkCitizenId,
  type DirectoryDefinition,
  type FieldDefinition,
  fieldsOf,
  findCode,
  isCalendarDate,
  numberFaults,
  readCitizenId,
  regionCodes,
  socialSecurityTables,
} from "../../../dictionary/index.js"
import { error, type Finding, warning } from "../finding.js"
import type { ProfileValue } from "./field-values.js"
import type { SocialSecurityProfile } from "./schema.js"

const SYNTHETIC_AREA = /^(999999|000000)/

/** Identity, issuer data and all other fields: check digits, dates, code lists. */
export function lintHolder(profile: SocialSecurityProfile): Finding[] {
  return [...lintIdentity(profile), ...lintIssuer(profile), ...lintFields(profile)]
}

function lintIdentity(profile: SocialSecurityProfile): Finding[] {
  const { holder } = profile
  const field = "holder.socialSecurityNumber"
  const fault = checkCitizenId(holder.socialSecurityNumber, { synthetic: true })
  if (fault) return [error(field, numberFaults[fault].zh, numberFaults[fault].en)]
  const findings: Finding[] = []
  const invented = SYNTHETIC_AREA.test(holder.socialSecurityNumber)
  if (!profile.synthetic)
    findings.push(
      error(
        "synthetic",
        invented
          ? "999999、000000地区的号码须声明synthetic为true"
          : "号码可能属于真实的人;虚构的持卡人须声明synthetic为true",
        invented
          ? "numbers of the areas 999999 and 000000 demand synthetic: true"
          : "the number may belong to a real person; an invented holder demands synthetic: true",
      ),
    )
  else if (!invented)
    findings.push(
      warning(
        field,
        "虚构的持卡人宜用999999地区的号码",
        "an invented holder had better have a number of the area 999999",
      ),
    )
  const said = readCitizenId(holder.socialSecurityNumber)
  if (said.birthDate !== holder.birthDate)
    findings.push(
      error(
        "holder.birthDate",
        "与社会保障号码中的出生日期不一致",
        "differs from the date in the social security number",
      ),
    )
  if ((holder.sex === "1" || holder.sex === "2") && said.sex !== holder.sex)
    findings.push(
      error("holder.sex", "与社会保障号码中的性别不一致", "differs from the sex in the social security number"),
    )
  return findings
}

function lintIssuer({ issuer }: SocialSecurityProfile): Finding[] {
  const findings: Finding[] = []
  const fault = checkCardNumber(issuer.cardNumber)
  if (fault) findings.push(error("issuer.cardNumber", numberFaults[fault].zh, numberFaults[fault].en))
  if (isCalendarDate(issuer.issueDate) && isCalendarDate(issuer.expiryDate) && issuer.expiryDate <= issuer.issueDate)
    findings.push(error("issuer.expiryDate", "应晚于发卡日期", "must be later than the issue date"))
  return findings
}

function lintFields(profile: SocialSecurityProfile): Finding[] {
  const tables = socialSecurityTables("2.00")
  const findings = Object.entries(profile.fields).flatMap(([path, value]) => {
    const [directory, id] = path.split(".") as [string, string]
    return lintValue(`fields.${path}`, findDefinition(tables, directory, id), value)
  })
  for (const section of ["holder", "issuer"] as const)
    for (const [id, value] of Object.entries(profile[section]))
      if (value !== undefined)
        findings.push(...lintValue(`${section}.${id}`, findDefinition(tables, "SSSE", id), value))
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
  return lintText(path, fields[0], String(value))
}

function lintText(path: string, field: FieldDefinition | undefined, text: string): Finding[] {
  if (field === undefined || text === "") return []
  if (field.format === "date" && !isCalendarDate(text)) return [error(path, "日期不存在", "no such date")]
  if (field.format === "month" && !isCalendarDate(`${text}01`)) return [error(path, "年月不存在", "no such month")]
  if (field.codes && !findCode(field.codes, text))
    return [warning(path, `不在代码表“${field.codes.name.zh}”中`, `not in the code list "${field.codes.name.en}"`)]
  return []
}
