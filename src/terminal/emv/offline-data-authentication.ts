import { buildDol, commandApdu, hex, parseTlv, responseData, SW, statusWord } from "../../apdu/index.js"
import { type EmvPublicKey, recoverDynamicData, recoverStaticData } from "../../crypto/index.js"
import { AIP, hasBit, TERMINAL_CAPABILITIES, TSI, TVR } from "../../dictionary/index.js"
import type { AuthenticatedRecord } from "./application-data.js"
import { cardKey, explainFault, issuerKey, staticDataOf } from "./card-keys.js"
import { parseDolOf } from "./processing-options.js"
import type { TransactionState } from "./transaction-state.js"

/** How the card's data are authenticated. */
export type AuthenticationMethod = "none" | "sda" | "dda" | "cda"

/** What offline data authentication leaves for the steps behind it. */
export interface OfflineAuthentication {
  readonly method: AuthenticationMethod
  /** The key that signs the cryptograms of CDA; undefined when CDA is not made, or failed already. */
  readonly combinedKey?: EmvPublicKey
  /** The issuer's and the card's key, and what they cover, for an enciphered PIN. */
  readonly keys?: {
    readonly issuer: EmvPublicKey
    readonly card: EmvPublicKey | undefined
    readonly staticData: Uint8Array
  }
}

/** What a terminal signs with when the card has no DDOL: the unpredictable number (financial-emv §26). */
const DEFAULT_DDOL = hex("9F3704")
const UNPREDICTABLE_NUMBER = 0x9f37
const FAILED = { sda: TVR.sdaFailed, dda: TVR.ddaFailed, cda: TVR.cdaFailed } as const

/** The strongest method that card and terminal both know (EMV Book 3 §10.3). */
export function authenticationMethod({ data, configuration }: TransactionState): AuthenticationMethod {
  const aip = data.get(0x82)!
  const { capabilities, authorityKeys } = configuration
  if (!authorityKeys) return "none"
  if (hasBit(aip, AIP.cda) && hasBit(capabilities, TERMINAL_CAPABILITIES.cda)) return "cda"
  if (hasBit(aip, AIP.dda) && hasBit(capabilities, TERMINAL_CAPABILITIES.dda)) return "dda"
  return hasBit(aip, AIP.sda) && hasBit(capabilities, TERMINAL_CAPABILITIES.sda) ? "sda" : "none"
}

/**
 * Offline data authentication (EMV Book 2 §5, §6; Book 3 §10.3). Sets TVR byte 1 and the TSI; a card that fails goes on,
 * the action codes decide. With CDA only the keys are recovered here, see `combined-authentication`.
 */
export async function authenticateOffline(
  state: TransactionState,
  records: readonly AuthenticatedRecord[],
): Promise<OfflineAuthentication> {
  const { verification } = state
  const method = authenticationMethod(state)
  if (method === "none") {
    verification.set(TVR.odaNotPerformed)
    return { method }
  }
  const found = method === "sda" ? authenticateStatic(state, records) : await authenticateCard(state, records, method)
  if (!found) verification.set(FAILED[method])
  // With CDA the TSI is set when the signature was checked, or now that there will be none.
  if (method !== "cda" || !found) verification.performed(TSI.odaPerformed)
  return found ?? { method }
}

function authenticateStatic(
  state: TransactionState,
  records: readonly AuthenticatedRecord[],
): OfflineAuthentication | undefined {
  const signed = state.data.get(0x93)
  const issuer = issuerKey(state, signed?.length ?? 0)
  if (!issuer) return undefined
  const staticData = staticDataOf(state, records)
  if (!signed || !staticData) return refuse(state, "signed static data", "静态签名数据", signed ? "format" : "missing")
  const recovered = recoverStaticData(issuer, signed, staticData)
  if (!recovered.ok) return refuse(state, "signed static data", "静态签名数据", recovered.fault)
  state.data.set(0x9f45, recovered.value.authenticationCode)
  return { method: "sda", keys: { issuer, card: undefined, staticData } }
}

async function authenticateCard(
  state: TransactionState,
  records: readonly AuthenticatedRecord[],
  method: "dda" | "cda",
): Promise<OfflineAuthentication | undefined> {
  const issuer = issuerKey(state, state.data.get(0x9f46)?.length ?? 0)
  if (!issuer) return undefined
  const staticData = staticDataOf(state, records)
  if (!staticData) return refuse(state, "static data", "静态数据", "format")
  const card = cardKey(state, issuer, staticData)
  if (!card) return undefined
  const found = { method, keys: { issuer, card, staticData } }
  if (method === "cda") return { ...found, combinedKey: card }
  return (await authenticateDynamic(state, card)) ? found : undefined
}

/** INTERNAL AUTHENTICATE with the values of the DDOL (EMV Book 2 §6.5). */
async function authenticateDynamic(state: TransactionState, key: EmvPublicKey): Promise<boolean> {
  const { data, card } = state
  const list = parseDolOf(data.get(0x9f49) ?? DEFAULT_DDOL, 0x9f49)
  const values = buildDol(list, data.lookup)
  const refused = (fault: Parameters<typeof explainFault>[2]) => {
    explainFault(state, ["signed dynamic data", "动态签名数据"], fault)
    return false
  }
  if (!list.some(({ tag }) => tag === UNPREDICTABLE_NUMBER) || values.length > 255) return refused("format")
  const response = await card.transmit(commandApdu(0x00, 0x88, 0x00, 0x00, values, 256))
  if (statusWord(response) !== SW.OK) return refused("format")
  const signed = signedDataOf(responseData(response))
  if (!signed) return refused("format")
  const recovered = recoverDynamicData(key, signed, values)
  if (!recovered.ok) return refused(recovered.fault)
  data.set(0x9f4b, signed)
  data.set(0x9f4c, recovered.value.dynamicNumber)
  return true
}

/** Format 1 is the signature in template 80, format 2 tag 9F4B in template 77. */
function signedDataOf(bytes: Uint8Array): Uint8Array | undefined {
  const [template, ...more] = parseTlv(bytes, { mode: "lenient" })
  if (!template || more.length > 0) return undefined
  if (template.tag === 0x80) return template.value
  return template.tag === 0x77 ? template.children?.find(({ tag }) => tag === 0x9f4b)?.value : undefined
}

function refuse(state: TransactionState, en: string, zh: string, fault: Parameters<typeof explainFault>[2]): undefined {
  explainFault(state, [en, zh], fault)
}
