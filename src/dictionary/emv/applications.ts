import { equalBytes, hex } from "../../apdu/index.js"
import type { Label } from "../label.js"

/** Name of the contact directory, `1PAY.SYS.DDF01` (financial-emv §14). */
export const PSE_NAME = hex("315041592E5359532E4444463031")

/** Name of the contactless directory, `2PAY.SYS.DDF01`. */
export const PPSE_NAME = hex("325041592E5359532E4444463031")

/** The debit application of PBOC. */
export const PBOC_DEBIT = hex("A000000333010101")

const NAMES: readonly (readonly [name: Uint8Array, label: Label])[] = [
  [PSE_NAME, { zh: "支付系统环境", en: "payment system environment" }],
  [PPSE_NAME, { zh: "近距离支付系统环境", en: "proximity payment system environment" }],
  [PBOC_DEBIT, { zh: "PBOC借记", en: "PBOC debit" }],
  [hex("A000000333010102"), { zh: "PBOC贷记", en: "PBOC credit" }],
  [hex("A000000333010103"), { zh: "PBOC准贷记", en: "PBOC quasi-credit" }],
  [hex("A000000333010106"), { zh: "PBOC纯电子现金", en: "PBOC electronic cash" }],
  [hex("A000000333010108"), { zh: "UnionPay US debit", en: "UnionPay US debit" }],
  [hex("504B492EC9E7BBE1B1A3D5CF"), { zh: "PKI.社会保障", en: "PKI application" }],
  [hex("53532E434552542E41444631"), { zh: "PKI证书应用", en: "PKI certificates" }],
]

/** The name of an application or directory outside the social security tables; undefined when it is not known. */
export function applicationName(dfName: Uint8Array): Label | undefined {
  return NAMES.find(([name]) => equalBytes(name, dfName))?.[1]
}
