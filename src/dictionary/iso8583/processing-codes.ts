import { findCode, transactionTypeCodes } from "../codes/index.js"
import type { Label } from "../label.js"

/** Processing codes, DE3 (host-iso8583 §4.1): type, from-account, to-account. */
export const PROCESSING_CODE = {
  PURCHASE: "000000",
  WITHDRAWAL: "010000",
  REFUND: "200000",
  DEPOSIT: "210000",
  BALANCE_INQUIRY: "300000",
  /** As POS terminals send it; hosts take both. */
  BALANCE_INQUIRY_POS: "310000",
  STATEMENT: "380000",
  TRANSFER_OWN: "400000",
  TRANSFER_OUT: "460000",
  TRANSFER_IN: "470000",
  LOAD_DESIGNATED: "600000",
  LOAD_OTHER: "620000",
  LOAD_CASH: "630000",
  PIN_CHANGE: "900000",
  PIN_UNBLOCK: "910000",
  ACTIVATION: "920000",
} as const

/** What a processing code asks for, by its first two digits; undefined when they are not known. */
export function processingCodeName(processingCode: string): Label | undefined {
  return findCode(transactionTypeCodes, processingCode.slice(0, 2))
}

/** Ciphers of the PIN block by DE53 (host-iso8583 §4.4). */
export const SECURITY_CONTROL = { "3des": "2600000000000000", sm4: "2300000000000000" } as const

/** What DE53 says about the PIN block. */
export interface SecurityControl {
  /** False for a block without PAN, which the host does not accept. */
  readonly withPan: boolean
  readonly cipher: "des" | "3des" | "sm4"
}

const CIPHERS: Readonly<Record<string, SecurityControl["cipher"]>> = { "0": "des", "6": "3des", "3": "sm4" }

/** Reads DE53; undefined when its digits have no meaning. */
export function securityControl(digits: string): SecurityControl | undefined {
  const cipher = CIPHERS[digits[1] ?? ""]
  if (!/^[12]\d0{14}$/.test(digits) || cipher === undefined) return undefined
  return { withPan: digits[0] === "2", cipher }
}
