import { equalBytes } from "../../apdu/index.js"
import { CVM, type CvmList, type CvmRule, parseCvmList } from "./cvm-list.js"
import type { HolderVerification, MethodResult } from "./holder-verification.js"
import { verifyPlainPin } from "./offline-pin.js"
import { isUnattended } from "./terminal-configuration.js"
import type { TransactionState } from "./transaction-state.js"
import { TSI, TVR } from "./verification-results.js"

/** `cancelled`: the holder or the clerk stopped the transaction at the PIN pad. */
export type CvmEnd = "done" | "cancelled"

const RESULT_CODE = { unknown: 0x00, failed: 0x01, successful: 0x02 } as const
/** Tag 9F34 when no method was performed (EMV Book 4 §6.3.4.5). */
const NO_CVM_PERFORMED = Uint8Array.of(0x3f, 0x00, 0x00)
const NO_CVM_FOUND = Uint8Array.of(0x3f, 0x00, 0x01)

/**
 * Cardholder verification: walks the card's list until a method succeeds (EMV Book 3 §10.5). Sets 9F34, TVR byte 3
 * and the TSI; an enciphered PIN block goes to `keepPinBlock`.
 *
 * @throws {CardDataError} when the list is malformed
 */
export async function verifyHolder(
  state: TransactionState,
  holder: HolderVerification,
  keepPinBlock: (block: Uint8Array) => void,
): Promise<CvmEnd> {
  const { data, verification } = state
  data.set(0x9f34, NO_CVM_PERFORMED)
  const supportedByCard = (data.get(0x82)![0]! & 0x10) !== 0
  if (!supportedByCard) return "done"
  const bytes = data.get(0x8e)
  if (!bytes) {
    verification.set(TVR.CARD_DATA_MISSING)
    return "done"
  }
  const list = parseCvmList(bytes)
  let last: Uint8Array = NO_CVM_FOUND
  let successful = false
  for (const rule of list.rules) {
    if (!conditionHolds(state, list, rule)) continue
    const result = await perform(state, holder, rule, keepPinBlock)
    if (result === "cancelled") return "cancelled"
    last = Uint8Array.of(rule.code, rule.condition, RESULT_CODE[result])
    successful = result !== "failed"
    if (successful || !rule.continueOnFailure) break
  }
  if (!successful) verification.set(TVR.CVM_FAILED)
  data.set(0x9f34, last)
  verification.performed(TSI.CARDHOLDER_VERIFICATION)
  return "done"
}

/** Condition codes of EMV Book 3 annex C3. An unknown condition, or one whose data are missing, does not hold. */
function conditionHolds(state: TransactionState, list: CvmList, rule: CvmRule): boolean {
  const { configuration, input } = state
  const cash = input.type === 0x01
  const cashback = input.type === 0x09
  const unattended = isUnattended(configuration)
  switch (rule.condition) {
    case 0x00:
      return true
    case 0x01:
      return cash && unattended
    case 0x02:
      return !cash && !cashback
    case 0x03:
      return isSupported(configuration.capabilities, rule.method)
    case 0x04:
      return cash && !unattended
    case 0x05:
      return cashback
    case 0x06:
      return inApplicationCurrency(state) && input.amountFen < list.amountX
    case 0x07:
      return inApplicationCurrency(state) && input.amountFen > list.amountX
    case 0x08:
      return inApplicationCurrency(state) && input.amountFen < list.amountY
    case 0x09:
      return inApplicationCurrency(state) && input.amountFen > list.amountY
    default:
      return false
  }
}

function inApplicationCurrency({ data, configuration }: TransactionState): boolean {
  const currency = data.get(0x9f42)
  return currency !== undefined && equalBytes(currency, configuration.constants.get(0x5f2a)!)
}

/** Terminal capabilities, tag 9F33 byte 2 (EMV Book 4 annex A2); b1 is PBOC's identity document. */
function isSupported(capabilities: Uint8Array, method: number): boolean {
  const has = (bit: number) => (capabilities[1]! & bit) !== 0
  switch (method) {
    case CVM.FAIL:
      return true
    case CVM.PLAIN_PIN:
      return has(0x80)
    case CVM.ONLINE_PIN:
      return has(0x40)
    case CVM.PLAIN_PIN_AND_SIGNATURE:
      return has(0x80) && has(0x20)
    case CVM.ENCIPHERED_PIN:
      return has(0x10)
    case CVM.ENCIPHERED_PIN_AND_SIGNATURE:
      return has(0x10) && has(0x20)
    case CVM.SIGNATURE:
      return has(0x20)
    case CVM.NONE:
      return has(0x08)
    case CVM.SHOW_DOCUMENT:
      return has(0x01)
    default:
      return false
  }
}

const KNOWN_METHODS: ReadonlySet<number> = new Set(Object.values(CVM))

async function perform(
  state: TransactionState,
  holder: HolderVerification,
  { method }: CvmRule,
  keepPinBlock: (block: Uint8Array) => void,
): Promise<MethodResult> {
  const { configuration, data, verification } = state
  if (!KNOWN_METHODS.has(method)) {
    verification.set(TVR.CVM_UNRECOGNISED)
    return "failed"
  }
  if (!isSupported(configuration.capabilities, method)) {
    if (method >= CVM.PLAIN_PIN && method <= CVM.ENCIPHERED_PIN_AND_SIGNATURE) verification.set(TVR.PIN_PAD_MISSING)
    return "failed"
  }
  switch (method) {
    case CVM.ONLINE_PIN:
      return onlinePin(state, holder, keepPinBlock)
    case CVM.PLAIN_PIN:
      return verifyPlainPin(state, holder)
    case CVM.PLAIN_PIN_AND_SIGNATURE: {
      const result = await verifyPlainPin(state, holder)
      return result === "successful" ? "unknown" : result
    }
    case CVM.SIGNATURE:
      return "unknown"
    case CVM.NONE:
      return "successful"
    case CVM.SHOW_DOCUMENT:
      return (await holder.showDocument?.(data.get(0x9f62), data.get(0x9f61))) ? "successful" : "failed"
    default:
      // FAIL, and the enciphered offline PIN that needs the card's RSA key (financial-emv §18: off by default).
      return "failed"
  }
}

async function onlinePin(
  { verification }: TransactionState,
  holder: HolderVerification,
  keepPinBlock: (block: Uint8Array) => void,
): Promise<MethodResult> {
  const entry = (await holder.onlinePin?.()) ?? { outcome: "unavailable" }
  if (entry.outcome === "cancelled") return "cancelled"
  if (entry.outcome === "entered") {
    verification.set(TVR.ONLINE_PIN_ENTERED)
    keepPinBlock(entry.block)
    return "unknown"
  }
  verification.set(entry.outcome === "bypassed" ? TVR.PIN_NOT_ENTERED : TVR.PIN_PAD_MISSING)
  return "failed"
}
