import { InputError, readUint32 } from "../../apdu/index.js"
import { codeList } from "../codes/index.js"

/** Methods of cardholder verification, low six bits of the code (financial-emv §26). */
export const CVM = {
  FAIL: 0x00,
  PLAIN_PIN: 0x01,
  ONLINE_PIN: 0x02,
  PLAIN_PIN_AND_SIGNATURE: 0x03,
  ENCIPHERED_PIN: 0x04,
  ENCIPHERED_PIN_AND_SIGNATURE: 0x05,
  SIGNATURE: 0x1e,
  NONE: 0x1f,
  /** PBOC: compare with tags 9F61 and 9F62. */
  SHOW_DOCUMENT: 0x20,
} as const

/** Names of the methods by their code in two hex digits. */
export const cvmMethodCodes = codeList("cvmMethod", { zh: "持卡人验证方法", en: "CVM" }, [
  ["00", "CVM失败", "fail CVM processing"],
  ["01", "卡片明文PIN核对", "plaintext PIN by the card"],
  ["02", "联机PIN", "online PIN"],
  ["03", "卡片明文PIN核对+签名", "plaintext PIN by the card and signature"],
  ["04", "卡片密文PIN核对", "enciphered PIN by the card"],
  ["05", "卡片密文PIN核对+签名", "enciphered PIN by the card and signature"],
  ["1E", "签名", "signature"],
  ["1F", "无需CVM", "no CVM required"],
  ["20", "出示证件", "show identity document"],
  ["3F", "未执行CVM", "no CVM performed"],
])

/** Names of the conditions by their code in two hex digits. */
export const cvmConditionCodes = codeList("cvmCondition", { zh: "CVM条件", en: "CVM condition" }, [
  ["00", "总是", "always"],
  ["01", "无人值守现金", "if unattended cash"],
  ["02", "非现金或返现", "if not cash or cashback"],
  ["03", "终端支持该CVM", "if the terminal supports it"],
  ["04", "有人值守现金", "if attended cash"],
  ["05", "返现", "if cashback"],
  ["06", "应用货币且金额小于X", "if in application currency and under X"],
  ["07", "应用货币且金额大于X", "if in application currency and over X"],
  ["08", "应用货币且金额小于Y", "if in application currency and under Y"],
  ["09", "应用货币且金额大于Y", "if in application currency and over Y"],
])

/** Names of the results by their code in two hex digits. */
export const cvmResultCodes = codeList("cvmResult", { zh: "CVM结果", en: "CVM result" }, [
  ["00", "未知", "unknown"],
  ["01", "失败", "failed"],
  ["02", "成功", "successful"],
])

/** One rule of a CVM list. */
export interface CvmRule {
  /** Byte 1 as it stands in the list. */
  readonly code: number
  /** One of `CVM`. */
  readonly method: number
  /** When this method fails: go on with the next rule (b7), or stop. */
  readonly continueIfFailed: boolean
  readonly condition: number
}

/** A CVM list, tag 8E. */
export interface CvmList {
  /** In the application currency's smallest unit. */
  readonly amountX: number
  readonly amountY: number
  readonly rules: readonly CvmRule[]
}

/**
 * Reads a CVM list: X 4, Y 4, then pairs of method and condition (EMV Book 3 §10.5).
 *
 * @throws {InputError} when it is shorter than 10 bytes or its length is odd
 */
export function parseCvmList(bytes: Uint8Array): CvmList {
  if (bytes.length < 10 || bytes.length % 2 !== 0)
    throw new InputError("8E", `expected an even number of bytes, at least 10, got ${bytes.length}`)
  const rules: CvmRule[] = []
  for (let at = 8; at < bytes.length; at += 2) {
    const code = bytes[at]!
    rules.push({ code, method: code & 0x3f, continueIfFailed: (code & 0x40) !== 0, condition: bytes[at + 1]! })
  }
  return { amountX: readUint32(bytes, 0), amountY: readUint32(bytes, 4), rules }
}
