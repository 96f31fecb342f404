import {
  checkCardNumber,
  checkCitizenId,
  checkUnifiedCreditCode,
  isCalendarDate,
  numberFaults,
  readCitizenId,
} from "../../../dictionary/index.js"
import { error, type Finding, warning } from "../finding.js"
import type { EmployerProfile, PersonProfile, SocialSecurityProfile } from "./schema.js"

const SYNTHETIC_AREA = /^(999999|000000)/

/** Who the card belongs to, and what the issuer says of it: check digits, dates, contradictions. */
export function lintCardHolder(profile: SocialSecurityProfile): Finding[] {
  const who = profile.personKind === "employer" ? lintEmployer(profile) : lintIdentity(profile)
  return [...who, ...lintIssuer(profile)]
}

function lintIdentity(profile: PersonProfile): Finding[] {
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

function lintEmployer({ employer, synthetic }: EmployerProfile): Finding[] {
  const field = "employer.unifiedSocialCreditCode"
  const fault = checkUnifiedCreditCode(employer.unifiedSocialCreditCode)
  if (fault) return [error(field, numberFaults[fault].zh, numberFaults[fault].en)]
  if (synthetic) return []
  return [
    error(
      "synthetic",
      "代码可能属于真实的单位;虚构的单位须声明synthetic为true",
      "the code may belong to a real employer; an invented one demands synthetic: true",
    ),
  ]
}

function lintIssuer({ issuer, personKind }: SocialSecurityProfile): Finding[] {
  const findings: Finding[] = []
  const fault = checkCardNumber(issuer.cardNumber)
  if (fault) findings.push(error("issuer.cardNumber", numberFaults[fault].zh, numberFaults[fault].en))
  if (isCalendarDate(issuer.issueDate) && isCalendarDate(issuer.expiryDate) && issuer.expiryDate <= issuer.issueDate)
    findings.push(error("issuer.expiryDate", "应晚于发卡日期", "must be later than the issue date"))
  if (issuer.cardClass !== undefined && (issuer.cardClass === "2") !== (personKind === "employer"))
    findings.push(
      warning(
        "issuer.cardClass",
        "与personKind不一致:2为用人单位卡",
        "contradicts personKind: 2 is the card of an employer",
      ),
    )
  return findings
}
