import type { CryptogramType } from "../../dictionary/index.js"
import type { ActionCodes } from "./terminal-configuration.js"
import { isOfflineOnly, isOnlineOnly } from "./terminal-configuration.js"
import type { TransactionState } from "./transaction-state.js"
import { bitName, tvrBits } from "./verification-results.js"

const NO_BITS = new Uint8Array(5)
const ALL_BITS = new Uint8Array(5).fill(0xff)

/** An action code that the card lacks: denial none, on-line and default all bits (EMV Book 3 §10.7). */
const ISSUER_CODES = {
  denial: { tag: 0x9f0e, absent: NO_BITS, rule: "action code denial", zh: "行为代码-拒绝" },
  online: { tag: 0x9f0f, absent: ALL_BITS, rule: "action code online", zh: "行为代码-联机" },
  default: { tag: 0x9f0d, absent: ALL_BITS, rule: "action code default", zh: "行为代码-缺省" },
} as const

/**
 * Terminal action analysis before the first GENERATE AC (EMV Book 3 §10.7): denial codes decline, on-line codes
 * ask the issuer, otherwise the terminal approves offline. An on-line-only terminal never approves by itself; an
 * offline-only one has nobody to ask, so that its default codes decide.
 */
export function actionAnalysis(state: TransactionState): CryptogramType {
  if (matches(state, "denial")) return "AAC"
  if (isOnlineOnly(state.configuration)) {
    state.verification.explain(
      "online only",
      "the terminal asks the issuer for every transaction",
      "终端仅支持联机交易",
    )
    return "ARQC"
  }
  if (isOfflineOnly(state.configuration)) return matches(state, "default") ? "AAC" : "TC"
  return matches(state, "online") ? "ARQC" : "TC"
}

/**
 * The same when the issuer cannot be reached: default codes decline (ARC Z3), otherwise the transaction may be
 * approved offline (ARC Y3). An on-line-only terminal always declines.
 */
export function actionAnalysisUnableOnline(state: TransactionState): "AAC" | "TC" {
  if (matches(state, "default")) return "AAC"
  if (!isOnlineOnly(state.configuration)) return "TC"
  state.verification.explain("online only", "the issuer could not be reached", "无法联机")
  return "AAC"
}

function matches({ data, configuration, verification }: TransactionState, kind: keyof ActionCodes): boolean {
  const { tag, absent, rule, zh } = ISSUER_CODES[kind]
  const issuer = data.get(tag) ?? absent
  const terminal = configuration.actionCodes[kind]
  const { tvr } = verification
  const hit = tvr.map((byte, i) => byte & (issuer[i]! | terminal[i]!))
  if (hit.every((byte) => byte === 0)) return false
  const bits = tvrBits(hit)
  verification.explain(
    rule,
    `${rule} decides on: ${bits.map((bit) => `${bit.en} (${bitName(bit)})`).join(", ") || "reserved bits"}`,
    `${zh}命中:${bits.map((bit) => `${bit.zh}(${bitName(bit)})`).join("、") || "保留位"}`,
  )
  return true
}
