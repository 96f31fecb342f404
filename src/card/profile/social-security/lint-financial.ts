import { hex, InputError, parseDol } from "../../../apdu/index.js"
import {
  AIP,
  checkBankCardNumber,
  checkCitizenId,
  hasBit,
  isCalendarDate,
  numberFaults,
} from "../../../dictionary/index.js"
import { error, type Finding, warning } from "../finding.js"
import { processingOptions } from "./financial.js"
import type { FinancialProfile, PersonProfile } from "./schema.js"

const IDENTITY_CARD = "00"
/** Tags that a cryptogram of version 01 needs from the terminal (financial-emv §20). */
const CRYPTOGRAM_TAGS = [0x9f02, 0x9f03, 0x9f1a, 0x95, 0x5f2a, 0x9a, 0x9c, 0x9f37]
const RESPONSE_CODE = 0x8a
const [HOLDER_FILE, ACCOUNT_FILE, CASH_FILE] = [1, 2, 3]

/** The financial application: numbers, dates, and data that must agree with one another (financial-emv §15, §27.11). */
export function lintFinancial(profile: PersonProfile, financial: FinancialProfile): Finding[] {
  return [
    ...lintNumbers(profile, financial),
    ...lintValidity(financial),
    ...lintTrack2(financial),
    ...lintLists(financial),
    ...lintOfflineAuthentication(financial),
    ...lintFileLocator(financial),
  ]
}

function lintNumbers(profile: PersonProfile, financial: FinancialProfile): Finding[] {
  const findings: Finding[] = []
  const fault = checkBankCardNumber(financial.pan)
  if (fault) findings.push(error("financial.pan", numberFaults[fault].zh, numberFaults[fault].en))
  const { idNumber, idType } = financial
  if (idNumber === undefined) return findings
  const idFault = idType === IDENTITY_CARD ? checkCitizenId(idNumber, { synthetic: true }) : undefined
  if (idFault) findings.push(error("financial.idNumber", numberFaults[idFault].zh, numberFaults[idFault].en))
  if (idType === IDENTITY_CARD && idNumber !== profile.holder.socialSecurityNumber)
    findings.push(warning("financial.idNumber", "与社会保障号码不一致", "differs from the social security number"))
  return findings
}

function lintValidity({ effective, expiry }: FinancialProfile): Finding[] {
  const findings: Finding[] = []
  for (const [id, date] of Object.entries({ effective, expiry }))
    if (!isCalendarDate(date)) findings.push(error(`financial.${id}`, "日期不存在", "no such date"))
  if (findings.length === 0 && expiry <= effective)
    findings.push(error("financial.expiry", "应晚于生效日期", "must be later than the effective date"))
  return findings
}

/** 57 repeats PAN, expiry and service code of 5A, 5F24 and 5F30: a kernel that compares them ends the transaction. */
function lintTrack2(financial: FinancialProfile): Finding[] {
  if (financial.track2 === undefined) return []
  const field = "financial.track2"
  const match = /^(\d{13,19})D(\d{4})(\d{3})\d*F?$/.exec(financial.track2.toUpperCase())
  if (!match || financial.track2.length > 38)
    return [
      error(
        field,
        "应为主账号、D、有效期、服务代码和自定义数据,最多19字节",
        "expected PAN, D, expiry, service code, discretionary digits, at most 19 bytes",
      ),
    ]
  const findings: Finding[] = []
  if (match[1] !== financial.pan) findings.push(error(field, "主账号与5A不一致", "PAN differs from 5A"))
  if (match[2] !== financial.expiry.slice(2, 6))
    findings.push(error(field, "有效期与5F24不一致", "expiry differs from 5F24"))
  if (match[3] !== financial.serviceCode)
    findings.push(error(field, "服务代码与5F30不一致", "service code differs from 5F30"))
  return findings
}

function lintLists(financial: FinancialProfile): Finding[] {
  const findings: Finding[] = []
  const { cardholderVerification } = financial
  if (cardholderVerification.length < 20 || cardholderVerification.length % 4 !== 0)
    findings.push(
      error(
        "financial.cardholderVerification",
        "CVM列表至少10字节且为偶数",
        "a CVM list has an even number of bytes, at least 10",
      ),
    )
  for (const id of ["pdol", "cdol1", "cdol2"] as const) {
    const tags = tagsOf(financial[id] ?? "")
    const field = `financial.${id}`
    if (tags === undefined) findings.push(error(field, "不是合法的数据对象列表", "no well-formed data object list"))
    else if (id !== "pdol" && CRYPTOGRAM_TAGS.some((tag) => !tags.includes(tag)))
      findings.push(error(field, "缺少计算应用密文所需的数据", "lacks data that the cryptogram is made of"))
    else if (id === "cdol2" && tags[0] !== RESPONSE_CODE)
      findings.push(error(field, "第一项应为8A授权响应码", "must begin with 8A, the response code"))
  }
  return findings
}

function tagsOf(list: string): number[] | undefined {
  try {
    return parseDol(hex(list)).map(({ tag }) => tag)
  } catch (cause) {
    if (cause instanceof InputError) return undefined
    throw cause
  }
}

/** What the AIP announces and what certificates and keys allow must be the same, or every terminal finds a fault. */
function lintOfflineAuthentication(financial: FinancialProfile): Finding[] {
  const { aip } = processingOptions(financial)
  const method = financial.authentication?.method
  const announced = (["cda", "dda", "sda"] as const).find((name) => hasBit(aip, AIP[name]))
  if (announced !== undefined && method === undefined)
    return [
      warning(
        "financial.aip",
        "声明了脱机数据认证,但卡上没有证书",
        "announces off-line data authentication, but the card holds no certificates",
      ),
    ]
  return METHODS.indexOf(announced) > METHODS.indexOf(method)
    ? [
        warning(
          "financial.aip",
          "声明的脱机数据认证方式超出卡片能力",
          "announces more off-line data authentication than the card can do",
        ),
      ]
    : []
}

const METHODS = [undefined, "sda", "dda", "cda"] as const

function lintFileLocator(financial: FinancialProfile): Finding[] {
  const bytes = processingOptions(financial).afl
  const accountRecords = financial.authentication ? 5 : 2
  const findings: Finding[] = []
  for (let at = 0; at < bytes.length; at += 4) {
    const [sfi, first, last, signed] = [bytes[at]! >> 3, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!]
    const field = "financial.afl"
    if ((bytes[at]! & 7) !== 0 || sfi < 1 || sfi > 30 || first < 1 || last < first || signed > last - first + 1)
      findings.push(error(field, `第${at / 4 + 1}项不合法`, `entry ${at / 4 + 1} is not lawful`))
    else if (last > (sfi === ACCOUNT_FILE ? accountRecords : sfi === HOLDER_FILE || sfi === CASH_FILE ? 1 : 0))
      findings.push(
        warning(
          field,
          `第${at / 4 + 1}项指向不存在的记录`,
          `entry ${at / 4 + 1} points at a record that the card does not have`,
        ),
      )
  }
  return findings
}
