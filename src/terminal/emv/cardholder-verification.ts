import { equalBytes } from "../../apdu/index.js"
import {
  AIP,
  type Bit,
  CVM,
  type CvmList,
  type CvmRule,
  hasBit,
  parseCvmList,
  TERMINAL_CAPABILITIES,
  TSI,
  TVR,
} from "../../dictionary/index.js"
import { CardDataError } from "./card-data-error.js"
import type { HolderVerification, MethodResult } from "./holder-verification.js"
import { type PinEncipherment, verifyOfflinePin } from "./offline-pin.js"
import { isUnattended } from "./terminal-configuration.js"
import type { TransactionState } from "./transaction-state.js"

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
 * @param pinEncipherment the card's key for an enciphered offline PIN; undefined when it has none that can be believed
 *
 * @throws {CardDataError} when the list is malformed
 */
export async function verifyHolder(
  state: TransactionState,
  holder: HolderVerification,
  keepPinBlock: (block: Uint8Array) => void,
  pinEncipherment: () => PinEncipherment | undefined = () => undefined,
): Promise<CvmEnd> {
  const { data, verification } = state
  data.set(0x9f34, NO_CVM_PERFORMED)
  if (!hasBit(data.get(0x82)!, AIP.cvm)) return "done"
  const bytes = data.get(0x8e)
  if (!bytes) {
    verification.set(TVR.iccDataMissing)
    return "done"
  }
  const list = readList(bytes)
  let last: Uint8Array = NO_CVM_FOUND
  let successful = false
  for (const rule of list.rules) {
    if (!conditionHolds(state, list, rule)) continue
    const result = await perform(state, holder, rule, keepPinBlock, pinEncipherment)
    if (result === "cancelled") return "cancelled"
    last = Uint8Array.of(rule.code, rule.condition, RESULT_CODE[result])
    successful = result !== "failed"
    if (successful || !rule.continueIfFailed) break
  }
  if (!successful) verification.set(TVR.cvmFailed)
  data.set(0x9f34, last)
  verification.performed(TSI.cvmPerformed)
  return "done"
}

function readList(bytes: Uint8Array): CvmList {
  try {
    return parseCvmList(bytes)
  } catch {
    throw new CardDataError(0x8e, `expected an even number of bytes, at least 10, got ${bytes.length}`)
  }
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

/** What a method needs of the terminal's capabilities, tag 9F33 (EMV Book 4 annex A2). */
const NEEDS: ReadonlyMap<number, readonly Bit[]> = new Map([
  [CVM.FAIL, []],
  [CVM.PLAIN_PIN, [TERMINAL_CAPABILITIES.plainPin]],
  [CVM.ONLINE_PIN, [TERMINAL_CAPABILITIES.onlinePin]],
  [CVM.PLAIN_PIN_AND_SIGNATURE, [TERMINAL_CAPABILITIES.plainPin, TERMINAL_CAPABILITIES.signature]],
  [CVM.ENCIPHERED_PIN, [TERMINAL_CAPABILITIES.encipheredPin]],
  [CVM.ENCIPHERED_PIN_AND_SIGNATURE, [TERMINAL_CAPABILITIES.encipheredPin, TERMINAL_CAPABILITIES.signature]],
  [CVM.SIGNATURE, [TERMINAL_CAPABILITIES.signature]],
  [CVM.NONE, [TERMINAL_CAPABILITIES.noCvm]],
  [CVM.SHOW_DOCUMENT, [TERMINAL_CAPABILITIES.showDocument]],
])

function isSupported(capabilities: Uint8Array, method: number): boolean {
  return NEEDS.get(method)?.every((bit) => hasBit(capabilities, bit)) ?? false
}

async function perform(
  state: TransactionState,
  holder: HolderVerification,
  { method }: CvmRule,
  keepPinBlock: (block: Uint8Array) => void,
  pinEncipherment: () => PinEncipherment | undefined,
): Promise<MethodResult> {
  const { configuration, data, verification } = state
  if (!NEEDS.has(method)) {
    verification.set(TVR.unrecognisedCvm)
    return "failed"
  }
  if (!isSupported(configuration.capabilities, method)) {
    if (method >= CVM.PLAIN_PIN && method <= CVM.ENCIPHERED_PIN_AND_SIGNATURE) verification.set(TVR.pinPadMissing)
    return "failed"
  }
  switch (method) {
    case CVM.ONLINE_PIN:
      return onlinePin(state, holder, keepPinBlock)
    case CVM.PLAIN_PIN:
      return verifyOfflinePin(state, holder)
    case CVM.PLAIN_PIN_AND_SIGNATURE:
      return withSignature(await verifyOfflinePin(state, holder))
    case CVM.ENCIPHERED_PIN:
    case CVM.ENCIPHERED_PIN_AND_SIGNATURE: {
      const encipherment = pinEncipherment()
      if (!encipherment) return "failed"
      const result = await verifyOfflinePin(state, holder, encipherment)
      return method === CVM.ENCIPHERED_PIN ? result : withSignature(result)
    }
    case CVM.SIGNATURE:
      return "unknown"
    case CVM.NONE:
      return "successful"
    case CVM.SHOW_DOCUMENT:
      return (await holder.showDocument?.(data.get(0x9f62), data.get(0x9f61))) ? "successful" : "failed"
    default:
      return "failed"
  }
}

/** Nobody knows yet whether a signature is right. */
const withSignature = (pin: MethodResult): MethodResult => (pin === "successful" ? "unknown" : pin)

async function onlinePin(
  { verification }: TransactionState,
  holder: HolderVerification,
  keepPinBlock: (block: Uint8Array) => void,
): Promise<MethodResult> {
  const entry = (await holder.onlinePin?.()) ?? { outcome: "unavailable" }
  if (entry.outcome === "cancelled") return "cancelled"
  if (entry.outcome === "entered") {
    verification.set(TVR.onlinePinEntered)
    keepPinBlock(entry.block)
    return "unknown"
  }
  verification.set(entry.outcome === "bypassed" ? TVR.pinNotEntered : TVR.pinPadMissing)
  return "failed"
}
