import { regionCodes } from "./codes/index.js"
import { isCalendarDate } from "./dates.js"
import type { Label } from "./label.js"

/** What is wrong with a number; a number without fault is `undefined`. */
export type NumberFault = "length" | "characters" | "region" | "birthDate" | "check" | "synthetic"

/** The faults in words. */
export const numberFaults: Readonly<Record<NumberFault, Label>> = {
  length: { zh: "长度不正确", en: "wrong length" },
  characters: { zh: "含有不允许的字符", en: "a character that is not allowed" },
  region: { zh: "行政区划代码不存在", en: "unknown region" },
  birthDate: { zh: "出生日期不存在", en: "no such birth date" },
  check: { zh: "校验码不正确", en: "wrong check digit" },
  synthetic: { zh: "测试号码,未允许使用", en: "a synthetic number where none is allowed" },
}

/** How strictly a citizen identity number is judged. */
export interface CitizenIdOptions {
  /** Takes the areas 999999 and 000000 too, which belong to nobody (domain-rules §17.7). */
  readonly synthetic?: boolean
  /** Business date, YYYYMMDD: a later birth date is a fault. Without it any date is taken. */
  readonly today?: string
}

const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CITIZEN_CHECKS = "10X98765432"
const SYNTHETIC_AREAS = ["999999", "000000"]
/** Residence permits of Hong Kong, Macao and Taiwan begin with 81, 82, 83 (domain-rules §17.4). */
const TAIWAN_PERMIT = "83"

/**
 * Judges a citizen identity number (公民身份号码, GB 11643), which is also the social security number: region, birth date,
 * check character. That it passes does not say that it is anybody's.
 *
 * @example checkCitizenId("11010519491231002X") // undefined
 */
export function checkCitizenId(id: string, options: CitizenIdOptions = {}): NumberFault | undefined {
  if (id.length !== 18) return "length"
  if (!/^\d{17}[\dX]$/.test(id)) return "characters"
  if (computeCitizenIdCheck(id.slice(0, 17)) !== id[17]) return "check"
  const area = id.slice(0, 6)
  if (SYNTHETIC_AREAS.includes(area)) {
    if (!options.synthetic) return "synthetic"
  } else if (!isProvince(area)) return "region"
  const birthDate = id.slice(6, 14)
  if (!isCalendarDate(birthDate) || (options.today !== undefined && birthDate > options.today)) return "birthDate"
  return undefined
}

/** The 18th character of a citizen identity number. @param first17 its 17 digits */
export function computeCitizenIdCheck(first17: string): string {
  assertPattern("first17", first17, /^\d{17}$/, "17 digits")
  const sum = CITIZEN_WEIGHTS.reduce((total, weight, i) => total + weight * Number(first17[i]), 0)
  return CITIZEN_CHECKS[sum % 11]!
}

/** What a citizen identity number says about its holder. @param id 18 characters */
export function readCitizenId(id: string): { region: string; birthDate: string; sex: "1" | "2" } {
  return { region: id.slice(0, 6), birthDate: id.slice(6, 14), sex: Number(id[16]) % 2 === 1 ? "1" : "2" }
}

/**
 * Turns an old number of 15 digits into one of 18: the century 19 goes in, the check character behind.
 *
 * @returns `undefined` when it is not 15 digits
 * @example convertCitizenId15("110105491231002") // "11010519491231002X"
 */
export function convertCitizenId15(id: string): string | undefined {
  if (!/^\d{15}$/.test(id)) return undefined
  const first17 = `${id.slice(0, 6)}19${id.slice(6)}`
  return first17 + computeCitizenIdCheck(first17)
}

const CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const CREDIT_PATTERN = new RegExp(`^[${CREDIT_ALPHABET}]{18}$`)

/** Judges a unified social credit code (统一社会信用代码, GB 32100). */
export function checkUnifiedCreditCode(code: string): NumberFault | undefined {
  if (code.length !== 18) return "length"
  if (!CREDIT_PATTERN.test(code)) return "characters"
  if (!/^\d{6}$/.test(code.slice(2, 8))) return "region"
  return computeUnifiedCreditCheck(code.slice(0, 17)) === code[17] ? undefined : "check"
}

/** The 18th character of a unified social credit code. @param first17 without I, O, S, V, Z */
export function computeUnifiedCreditCheck(first17: string): string {
  assertPattern("first17", first17, new RegExp(`^[${CREDIT_ALPHABET}]{17}$`), "17 characters of GB 32100")
  const sum = CREDIT_WEIGHTS.reduce((total, weight, i) => total + weight * CREDIT_ALPHABET.indexOf(first17[i]!), 0)
  return CREDIT_ALPHABET[(31 - (sum % 31)) % 31]!
}

const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/** Judges an organisation code (组织机构代码, GB 11714), 9 characters without hyphen. */
export function checkOrganisationCode(code: string): NumberFault | undefined {
  if (code.length !== 9) return "length"
  if (!/^[0-9A-Z]{8}[0-9X]$/.test(code)) return "characters"
  return computeOrganisationCheck(code.slice(0, 8)) === code[8] ? undefined : "check"
}

/**
 * The ninth character of an organisation code and of a social security card number: 11 − Σ mod 11; 10 is X, 11 is 0.
 *
 * @param first8 digits and capital letters
 */
export function computeOrganisationCheck(first8: string): string {
  assertPattern("first8", first8, /^[0-9A-Z]{8}$/, "8 digits or capital letters")
  const sum = ORGANISATION_WEIGHTS.reduce((total, weight, i) => total + weight * Number.parseInt(first8[i]!, 36), 0)
  const check = 11 - (sum % 11)
  return check === 10 ? "X" : check === 11 ? "0" : String(check)
}

/** Judges a social security card number (卡号): as an organisation code (card-structure §18.2). */
export const checkCardNumber = checkOrganisationCode

/** The ninth character of a social security card number. @param first8 digits and capital letters */
export const computeCardNumberCheck = computeOrganisationCheck

/** Judges a bank card number: 13 to 19 digits with the check digit of Luhn (ISO/IEC 7812-1). */
export function checkBankCardNumber(pan: string): NumberFault | undefined {
  if (!/^\d*$/.test(pan)) return "characters"
  if (pan.length < 13 || pan.length > 19) return "length"
  return computeLuhn(pan.slice(0, -1)) === pan.at(-1) ? undefined : "check"
}

/** The check digit that follows the digits. @example computeLuhn("621700000000000004") // "6" */
export function computeLuhn(digits: string): string {
  assertPattern("digits", digits, /^\d+$/, "digits")
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 1 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit
  }
  return String((10 - (sum % 10)) % 10)
}

function isProvince(area: string): boolean {
  const isSynthetic = area.startsWith("00") || area.startsWith("99")
  return area.startsWith(TAIWAN_PERMIT) || (!isSynthetic && regionCodes.entries.has(`${area.slice(0, 2)}0000`))
}

// The text is not repeated in the message: it may be a person's number.
function assertPattern(name: string, text: string, pattern: RegExp, expected: string): void {
  if (!pattern.test(text)) throw new RangeError(`${name}: expected ${expected}, got ${text.length} characters`)
}
