import { randomBytes } from "node:crypto"
import { assertBytes, assertInteger, bcdDigits, bcdRight, concat, SW, type Transport, toHex } from "../../apdu/index.js"
import type { EmvPublicKey } from "../../crypto/index.js"
import { type CryptogramType, TSI, TVR } from "../../dictionary/index.js"
import { actionAnalysis, actionAnalysisUnableOnline } from "./action-analysis.js"
import { readApplicationData } from "./application-data.js"
import { CardDataError } from "./card-data-error.js"
import { cardKey, issuerKey } from "./card-keys.js"
import { verifyHolder } from "./cardholder-verification.js"
import { type DataStore, dataStore } from "./data-store.js"
import { type Cryptogram, generateAc } from "./generate-ac.js"
import type { HolderVerification, PinEntry } from "./holder-verification.js"
import { authenticateIssuer } from "./issuer-authentication.js"
import { runIssuerScripts } from "./issuer-scripts.js"
import { authenticateOffline, type OfflineAuthentication } from "./offline-data-authentication.js"
import type { PinEncipherment } from "./offline-pin.js"
import { getProcessingOptions } from "./processing-options.js"
import { processingRestrictions } from "./processing-restrictions.js"
import type { EmvOutcome, EmvResult, OnlineAnswer, OnlineRequest } from "./result.js"
import { type Candidate, findCandidates, selectByName } from "./selection.js"
import type { TerminalConfiguration } from "./terminal-configuration.js"
import { terminalRiskManagement } from "./terminal-risk-management.js"
import type { TransactionInput, TransactionState } from "./transaction-state.js"
import { type Verification, verification } from "./verification-results.js"

/** What one transaction needs. */
export interface EmvOptions {
  /** A connection that hides 61xx and 6Cxx, as `openCard` gives it. */
  readonly card: Transport
  readonly configuration: TerminalConfiguration
  readonly input: TransactionInput
  /** Asks the issuer. Undefined as an answer: it could not be reached, or its answer cannot be trusted. */
  readonly online: (request: OnlineRequest) => Promise<OnlineAnswer | undefined>
  /** Asks for the on-line PIN, enciphered for that PAN. Left out: the terminal has no PIN pad. */
  readonly onlinePin?: (pan: string) => Promise<PinEntry>
  readonly holder?: Omit<HolderVerification, "onlinePin">
  /** Fills the block of an enciphered offline PIN. Default: the system's generator. */
  readonly random?: (length: number) => Uint8Array
  /** The terminal's exception file: true for a card that must not be believed offline (EMV Book 3 §10.6.1). */
  readonly isListed?: (pan: string, sequenceNumber: string | undefined) => boolean
  /** Draws a whole number 1..99 for random selection. Default: none is ever selected. */
  readonly percent?: () => number
  /**
   * Lets the holder choose among several applications, or confirm the only one where the card wants that (EMV Book 1
   * §12.4). Undefined as an answer: cancelled. Default: the one with the highest priority, of those that need nobody's
   * confirmation.
   */
  readonly choose?: (candidates: readonly Candidate[]) => Promise<Candidate | undefined>
  /** Told once, when the application is selected and read, before anything is decided. */
  readonly onApplication?: (application: SelectedApplication) => void
}

/** The application that a transaction is made with. */
export interface SelectedApplication {
  readonly aid: Uint8Array
  /** Tag 50, text of the issuer's. */
  readonly label: Uint8Array | undefined
  readonly data: DataStore
}

/**
 * Runs one transaction with a card, from selection to the final cryptogram and the last script (financial-emv §26).
 *
 * A card that refuses, is blocked, or answers nonsense gives an outcome; `approved` stands only for a TC.
 *
 * @throws {CardRemovedError} {TimeoutError} and the other errors of the transport, and what the callbacks throw
 */
export async function runEmvTransaction(options: EmvOptions): Promise<EmvResult> {
  checkInput(options.input)
  const candidates = await findCandidates(options.card, options.configuration.aids)
  if (candidates.cardBlocked) return ended("cardBlocked", verification())
  let blocked = candidates.blocked.length > 0
  let refused = false
  let left = candidates.found
  while (left.length > 0) {
    const candidate = await chooseFrom(left, options)
    if (candidate === "cancelled") return ended("cancelled", verification())
    if (!candidate) break
    left = left.filter((other) => other !== candidate)
    const state = beginTransaction(options)
    const selected = await select(state, candidate)
    if (selected === "blocked") blocked = true
    if (selected !== "selected") continue
    try {
      const result = await run(state, options)
      if (result !== "refused") return result
      refused = true
    } catch (error) {
      if (!(error instanceof CardDataError)) throw error
      state.verification.explain("card data", error.message, error.messageZh!)
      return ended("cardDataError", state.verification, state)
    }
  }
  return ended(blocked ? "applicationBlocked" : refused ? "conditionsNotSatisfied" : "noApplication", verification())
}

async function chooseFrom(
  candidates: readonly Candidate[],
  { choose }: EmvOptions,
): Promise<Candidate | "cancelled" | undefined> {
  const automatic = candidates.find(({ needsConfirmation }) => !needsConfirmation)
  if (!choose || (automatic && candidates.length === 1)) return automatic
  const chosen = await choose(candidates)
  if (chosen && !candidates.includes(chosen)) throw new RangeError("choose: expected one of the candidates")
  return chosen ?? "cancelled"
}

function checkInput({ type, amountFen, otherAmountFen = 0, unpredictableNumber }: TransactionInput): void {
  assertInteger("type", type, 0, 255)
  assertInteger("amountFen", amountFen, 0, 999_999_999_999)
  assertInteger("otherAmountFen", otherAmountFen, 0, amountFen)
  assertBytes("unpredictableNumber", unpredictableNumber, 4)
}

/** The state of a transaction before an application is selected. */
export function beginTransaction({
  card,
  configuration,
  input,
}: Pick<EmvOptions, "card" | "configuration" | "input">): TransactionState {
  const data = dataStore(configuration.constants)
  const found = verification()
  data.set(0x95, found.tvr)
  data.set(0x9b, found.tsi)
  data.set(0x9a, bcdRight(input.date, 3, "date"))
  data.set(0x9c, Uint8Array.of(input.type))
  data.set(0x9f02, bcdRight(String(input.amountFen), 6))
  data.set(0x9f03, bcdRight(String(input.otherAmountFen ?? 0), 6))
  data.set(0x9f21, bcdRight(input.time, 3, "time"))
  data.set(0x9f37, input.unpredictableNumber)
  data.set(0x9f41, bcdRight(String(input.sequenceNumber ?? 0), 4))
  return { card, configuration, input, data, verification: found, sent: [] }
}

async function select(state: TransactionState, { aid }: Candidate): Promise<"selected" | "blocked" | "no"> {
  const { statusWord, fci } = await selectByName(state.card, aid)
  if (!fci) return "no"
  if (statusWord !== SW.OK) return "blocked"
  for (const [tag, value] of fci.values) state.data.set(tag, value)
  state.data.set(0x84, fci.name)
  state.data.set(0x9f06, aid)
  return "selected"
}

async function run(state: TransactionState, options: EmvOptions): Promise<EmvResult | "refused"> {
  const { data, verification: found } = state
  const locations = await getProcessingOptions(state)
  if (!locations) return "refused"
  const records = await readApplicationData(state, locations)
  options.onApplication?.({ aid: data.get(0x84)!, label: data.get(0x50), data })
  const authentication = await authenticateOffline(state, records)
  processingRestrictions(state)

  let pinBlock: Uint8Array | undefined
  const pan = bcdDigits(data.get(0x5a)!)
  const onlinePin = options.onlinePin && (() => options.onlinePin!(pan))
  const holder = { ...options.holder, ...(onlinePin && { onlinePin }) }
  const keep = (block: Uint8Array) => {
    pinBlock = block
  }
  const verified = await verifyHolder(state, holder, keep, () => pinEncipherment(state, authentication, options))
  if (verified === "cancelled") return ended("cancelled", found, state)
  const sequence = data.get(0x5f34)
  if (options.isListed?.(pan, sequence && toHex(sequence))) found.set(TVR.onHotlist)
  await terminalRiskManagement(state, options.percent ?? (() => 99))

  const ask = actionAnalysis(state)
  const { method, combinedKey } = authentication
  // A terminal that declines asks for no signature: the authentication it had chosen is never made (EMV Book 3 §10.3).
  if (method === "cda" && combinedKey && ask === "AAC") found.set(TVR.odaNotPerformed)
  const first = await generateAc(state, 0x8c, ask, ask === "AAC" ? undefined : combinedKey)
  found.performed(TSI.cardRiskManagementPerformed)
  if (first.signatureFailed) return notBelieved(state, first)
  if (first.type !== "ARQC") return decidedOffline(state, ask, first)
  return goOnline(state, options, first, { data, pinBlock }, combinedKey)
}

/** The card's own key, or the one it has for PINs; made only when a PIN is to be enciphered. */
function pinEncipherment(
  state: TransactionState,
  { keys }: OfflineAuthentication,
  { random = randomBytes }: EmvOptions,
): PinEncipherment | undefined {
  const signed = state.data.get(0x9f2d)
  const issuer = signed && (keys?.issuer ?? issuerKey(state, signed.length))
  const key = issuer ? cardKey(state, issuer, new Uint8Array(0), "pin") : keys?.card
  return key?.algorithm === "rsa" ? { key, random } : undefined
}

/**
 * The signature of the first cryptogram failed: an ARQC is ended with an AAC, a TC counts for nothing
 * (EMV Book 2 §6.6.2, Book 4 §6.3.2).
 */
async function notBelieved(state: TransactionState, first: Cryptogram): Promise<EmvResult> {
  state.data.set(0x8a, ARC.OFFLINE_DECLINED)
  explainSignature(state)
  if (first.type === "TC") return ended("declinedOffline", state.verification, state, { first })
  const second = await generateAc(state, 0x8d, "AAC")
  return ended("declinedOffline", state.verification, state, { first, second })
}

function explainSignature({ verification: found }: TransactionState): void {
  found.explain("card signature", "the cryptogram's signature is not believed", "密文签名不可信")
}

function decidedOffline(state: TransactionState, ask: CryptogramType, first: Cryptogram): EmvResult {
  if (first.type === "TC") {
    state.data.set(0x8a, ARC.OFFLINE_APPROVED)
    return ended("approved", state.verification, state, { first })
  }
  state.data.set(0x8a, ARC.OFFLINE_DECLINED)
  if (ask !== "AAC") state.verification.explain("card declined", "the card declined offline", "卡片脱机拒绝")
  return ended("declinedOffline", state.verification, state, { first })
}

async function goOnline(
  state: TransactionState,
  { online }: EmvOptions,
  first: Cryptogram,
  request: OnlineRequest,
  combinedKey: EmvPublicKey | undefined,
): Promise<EmvResult> {
  const { card, data, verification: found } = state
  const answer = await online(request)
  let ask: "TC" | "AAC"
  let scripts: Uint8Array = new Uint8Array(0)
  if (answer) {
    data.set(0x8a, answer.code)
    await authenticateIssuer(state, answer.issuerAuthenticationData)
    if (answer.scriptsBefore.length > 0) {
      const { results, failed } = await runIssuerScripts(card, answer.scriptsBefore)
      found.performed(TSI.scriptProcessed)
      if (failed) found.set(TVR.scriptBeforeGacFailed)
      scripts = results
    }
    ask = isApproval(answer.code) ? "TC" : "AAC"
  } else {
    ask = actionAnalysisUnableOnline(state)
    data.set(0x8a, ask === "TC" ? ARC.UNABLE_APPROVED : ARC.UNABLE_DECLINED)
  }

  const second = await generateAc(state, 0x8d, ask, ask === "TC" ? combinedKey : undefined)
  if (second.signatureFailed) explainSignature(state)
  if (answer && answer.scriptsAfter.length > 0) {
    const { results, failed } = await runIssuerScripts(card, answer.scriptsAfter)
    found.performed(TSI.scriptProcessed)
    if (failed) found.set(TVR.scriptAfterGacFailed)
    scripts = concat(scripts, results)
  }
  if (scripts.length > 0) data.set(0xdf31, scripts)
  return ended(outcomeOf(found, ask, second, answer !== undefined), found, state, { first, second })
}

function outcomeOf(found: Verification, ask: CryptogramType, second: Cryptogram, answered: boolean): EmvOutcome {
  if (second.type === "TC" && !second.signatureFailed) return "approved"
  if (!answered) return "unableOnline"
  if (ask === "AAC") return "declinedByIssuer"
  if (second.signatureFailed) return "declinedByCard"
  found.explain("card declined", "the issuer approved but the card declined", "发卡行批准,但卡片拒绝")
  return "declinedByCard"
}

/** Authorisation response codes, tag 8A (financial-emv §26). */
const ARC = {
  OFFLINE_APPROVED: ascii("Y1"),
  OFFLINE_DECLINED: ascii("Z1"),
  UNABLE_APPROVED: ascii("Y3"),
  UNABLE_DECLINED: ascii("Z3"),
} as const

function isApproval(code: Uint8Array): boolean {
  return code.length === 2 && code[0] === 0x30 && code[1] === 0x30
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function ended(
  outcome: EmvOutcome,
  found: Verification,
  state?: TransactionState,
  cryptograms: { first?: Cryptogram; second?: Cryptogram } = {},
): EmvResult {
  return {
    outcome,
    tvr: found.tvr,
    tsi: found.tsi,
    why: found.why,
    data: state?.data,
    scriptResults: state?.data.get(0xdf31),
    ...cryptograms,
  }
}
