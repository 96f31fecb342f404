import { bcdDigits, concat, toHex } from "../../apdu/index.js"
import {
  type Certificate,
  type CertificateFault,
  type EmvPublicKey,
  type RecoveredCertificate,
  recoverCertificate,
} from "../../crypto/index.js"
import { TVR } from "../../dictionary/index.js"
import type { AuthorityKey } from "./authority-keys.js"
import { CardDataError } from "./card-data-error.js"
import type { TransactionState } from "./transaction-state.js"

/** Data that offline authentication needs and the card does not give; sets TVR byte 1 b6. */
const MISSING = "missing"

/** Why a key of the card is not believed. */
export type KeyFault = CertificateFault | typeof MISSING | "authority" | "expired" | "revoked" | "subject"

/** Explanations for people. */
const TEXTS: Readonly<Record<KeyFault, readonly [en: string, zh: string]>> = {
  length: ["its length does not fit", "长度不符"],
  format: ["what is recovered has no such form", "恢复的数据格式不符"],
  algorithm: ["it names an unknown algorithm", "算法未知"],
  hash: ["hash or signature is wrong", "哈希或签名错误"],
  missing: ["data for it is missing", "缺少数据"],
  authority: ["the terminal has no key of that authority and index", "终端无该CA公钥"],
  expired: ["it has expired", "已过期"],
  revoked: ["it was revoked", "已吊销"],
  subject: ["it belongs to another PAN", "与主账号不符"],
}

/** Notes why something signed is not believed. */
export function explainFault(
  { verification }: TransactionState,
  what: [en: string, zh: string],
  fault: KeyFault,
): void {
  const [en, zh] = TEXTS[fault]
  if (fault === MISSING) verification.set(TVR.iccDataMissing)
  verification.explain("offline data authentication", `${what[0]}: ${en}`, `${what[1]}:${zh}`)
}

/** The authority's key that tag 8F names, of the application's own RID. */
function authorityOf({ data, configuration, input }: TransactionState): AuthorityKey | KeyFault {
  const index = data.get(0x8f)?.[0]
  if (index === undefined) return MISSING
  const key = configuration.authorityKeys?.find(data.get(0x84)?.subarray(0, 5) ?? NOTHING, index)
  return !key || (key.expiry !== undefined && key.expiry < input.date) ? "authority" : key
}

const NOTHING = new Uint8Array(0)

/**
 * Recovers the issuer's key from tags 8F, 90, 92, 9F32 (EMV Book 2 §5.3).
 *
 * @param signedLength length of what the issuer signed: as long as its key
 * @returns undefined when it cannot be believed, which is explained then
 */
export function issuerKey(state: TransactionState, signedLength: number): EmvPublicKey | undefined {
  const found = findIssuerKey(state, signedLength)
  if (typeof found !== "string") return found
  explainFault(state, ["issuer certificate", "发卡行证书"], found)
  return undefined
}

function findIssuerKey(state: TransactionState, signedLength: number): EmvPublicKey | KeyFault {
  const { data } = state
  const authority = authorityOf(state)
  if (typeof authority === "string") return authority
  const certificate = certificateOf(state, 0x90, 0x92, 0x9f32, authority.key)
  if (!certificate) return MISSING
  const room = authority.key.algorithm === "rsa" ? authority.key.modulus.length - 36 : signedLength
  if (signedLength > room && !certificate.remainder) return MISSING
  const recovered = recoverCertificate("issuer", authority.key, certificate)
  if (!recovered.ok) return recovered.fault
  const { value } = recovered
  if (authority.revoked?.some((serial) => toHex(serial) === toHex(value.serial))) return "revoked"
  // 3 to 8 digits of the PAN (EMV Book 2 §5.3 step 8).
  const digits = paddedDigits(value.subject)
  if (!digits || digits.length < 3 || !bcdDigits(data.get(0x5a)!).startsWith(digits)) return "subject"
  return isExpired(state, value) ? "expired" : value.key
}

/**
 * Recovers the card's key from tags 9F46, 9F48, 9F47, or its key for PIN encipherment from 9F2D, 9F2F, 9F2E
 * (EMV Book 2 §6.4, §7.1).
 *
 * @returns undefined when it cannot be believed, which is explained then
 */
export function cardKey(
  state: TransactionState,
  issuer: EmvPublicKey,
  staticData: Uint8Array,
  use: "authentication" | "pin" = "authentication",
): EmvPublicKey | undefined {
  const found = findCardKey(state, issuer, staticData, use)
  if (typeof found !== "string") return found
  explainFault(state, ["card certificate", "IC卡证书"], found)
  return undefined
}

function findCardKey(
  state: TransactionState,
  issuer: EmvPublicKey,
  staticData: Uint8Array,
  use: "authentication" | "pin",
): EmvPublicKey | KeyFault {
  const certificate =
    use === "pin"
      ? certificateOf(state, 0x9f2d, 0x9f2f, 0x9f2e, issuer)
      : certificateOf(state, 0x9f46, 0x9f48, 0x9f47, issuer)
  if (!certificate) return MISSING
  // A certificate for PIN encipherment covers no static data.
  const recovered = recoverCertificate("card", issuer, certificate, use === "pin" ? NOTHING : staticData)
  if (!recovered.ok) return recovered.fault
  const { value } = recovered
  if (paddedDigits(value.subject) !== bcdDigits(state.data.get(0x5a)!)) return "subject"
  return isExpired(state, value) ? "expired" : value.key
}

function certificateOf(
  { data }: TransactionState,
  certificateTag: number,
  remainderTag: number,
  exponentTag: number,
  signer: EmvPublicKey,
): Certificate | undefined {
  const certificate = data.get(certificateTag)
  const exponent = data.get(exponentTag)
  if (!certificate || (signer.algorithm === "rsa" && !exponent)) return undefined
  const remainder = data.get(remainderTag)
  return { certificate, ...(exponent && { exponent }), ...(remainder?.length && { remainder }) }
}

/** Digits with F behind them, undefined for anything else. */
function paddedDigits(bytes: Uint8Array): string | undefined {
  return /^(\d*)F*$/.exec(toHex(bytes))?.[1]
}

/** MMYY, good to the end of that month; years 50 to 99 are of the last century. */
function isExpired({ input }: TransactionState, { expiry }: RecoveredCertificate): boolean {
  const digits = toHex(expiry)
  if (!/^(0[1-9]|1[0-2])\d\d$/.test(digits)) return true
  const order = (yymm: string) => Number(yymm) + (yymm < "5000" ? 10_000 : 0)
  return order(input.date.slice(0, 4)) > order(digits.slice(2) + digits.slice(0, 2))
}

/**
 * The data that certificates and tag 93 cover: the records of the AFL, and the AIP when tag 9F4A asks for it. The only
 * tag that may stand in 9F4A is 82 (EMV Book 3 §10.3).
 *
 * @returns undefined when a record or the list is not what the rules allow
 */
export function staticDataOf(
  { data }: TransactionState,
  records: readonly (Uint8Array | undefined)[],
): Uint8Array | undefined {
  if (records.some((record) => record === undefined)) return undefined
  const list = data.get(0x9f4a)
  if (list && !(list.length === 1 && list[0] === 0x82)) return undefined
  const aip = data.get(0x82)
  if (!aip) throw new CardDataError(0x82, "mandatory data is missing")
  return concat(...(records as Uint8Array[]), list ? aip : NOTHING)
}
