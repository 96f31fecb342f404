import {
  commandApdu,
  hex,
  parseDol,
  parseTlv,
  responseData,
  type StatusWord,
  SW,
  splitDol,
  statusWord,
  type Transport,
} from "../../apdu/index.js"
import { emvTags } from "../../dictionary/index.js"
import { readApplicationData } from "./application-data.js"
import { CardDataError } from "./card-data-error.js"
import { beginTransaction } from "./kernel.js"
import { type AuthenticationMethod, authenticateOffline } from "./offline-data-authentication.js"
import { getProcessingOptions } from "./processing-options.js"
import { findCandidates, selectByName } from "./selection.js"
import { posConfiguration, type TerminalConfiguration } from "./terminal-configuration.js"
import type { TransactionInput, TransactionState } from "./transaction-state.js"
import { type Reason, tvrBits } from "./verification-results.js"

/** A data element as a card gave it. */
export interface EmvValue {
  readonly tag: number
  readonly value: Uint8Array
  readonly from: "fci" | "gpo" | "record" | "getData"
}

/** What one application of a card shows to everybody. */
export interface EmvApplicationReading {
  readonly aid: Uint8Array
  /** Answer to SELECT: 9000, or 6283 for a blocked application, of which only FCI and GET DATA are read. */
  readonly statusWord: StatusWord
  /** In the order in which they came. They hold the PAN. */
  readonly values: readonly EmvValue[]
  /** What kept the records from being read: malformed, missing or refused. */
  readonly problem?: string
  /** Undefined when the records could not be read. */
  readonly authentication?: {
    readonly method: AuthenticationMethod
    readonly passed: boolean
    readonly why: readonly Reason[]
  }
  /** Transaction log, newest first, each record by tag as its format 9F4F says. */
  readonly log: readonly (readonly (readonly [tag: number, value: Uint8Array])[])[]
}

export interface ReadEmvOptions {
  /** Names, whole or first parts. Default: the providers whose cards are met. */
  readonly aids?: readonly Uint8Array[]
  /** With the authority keys of the offline checks. Default: a merchant's terminal without any. */
  readonly configuration?: TerminalConfiguration
  /** Date, time and random number; amount 0. */
  readonly input: Pick<TransactionInput, "date" | "time" | "unpredictableNumber">
}

export interface EmvCardReading {
  readonly applications: readonly EmvApplicationReading[]
  /** Every SELECT is refused with 6A81. */
  readonly cardBlocked: boolean
}

/** UnionPay, Visa, Mastercard, American Express, JCB, Discover. */
const PROVIDERS = ["A000000333", "A000000003", "A000000004", "A000000025", "A000000065", "A000000152"].map((name) =>
  hex(name),
)
const LOG_ENTRY = 0x9f4d
const LOG_FORMAT = 0x9f4f
/** As many as a card may say it keeps. */
const MOST_LOG_RECORDS = 30

/**
 * Reads what every payment application of a card shows to everybody, and checks its signatures (financial-emv §14–§19).
 * GET PROCESSING OPTIONS raises the card's transaction counter by one; nothing else is changed.
 *
 * @throws {CardRemovedError} {TimeoutError} and the other errors of the transport
 * @example await readEmvCard(card, { input, configuration: posConfiguration({ authorityKeys: testAuthorityKeys() }) })
 */
export async function readEmvCard(card: Transport, options: ReadEmvOptions): Promise<EmvCardReading> {
  const { found, blocked, cardBlocked } = await findCandidates(card, options.aids ?? PROVIDERS)
  const applications: EmvApplicationReading[] = []
  for (const aid of [...found.map((candidate) => candidate.aid), ...blocked]) {
    const application = await readApplication(card, aid, options)
    if (application) applications.push(application)
  }
  return { applications, cardBlocked }
}

async function readApplication(
  card: Transport,
  aid: Uint8Array,
  { configuration = posConfiguration(), input }: ReadEmvOptions,
): Promise<EmvApplicationReading | undefined> {
  const state = beginTransaction({ card, configuration, input: { ...input, type: 0, amountFen: 0 } })
  const selected = await selectByName(card, aid)
  if (!selected.fci) return undefined
  const values: EmvValue[] = [{ tag: 0x84, value: selected.fci.name, from: "fci" }]
  for (const [tag, value] of selected.fci.values) {
    state.data.set(tag, value)
    values.push({ tag, value, from: "fci" })
  }
  state.data.set(0x84, selected.fci.name)
  const records = selected.statusWord === SW.OK ? await readRecords(state, values) : {}
  const own = await getData(card)
  values.push(...own)
  const log = await readLog(card, values)
  return { aid: selected.fci.name, statusWord: selected.statusWord, values, ...records, log }
}

async function readRecords(
  state: TransactionState,
  values: EmvValue[],
): Promise<Pick<EmvApplicationReading, "problem" | "authentication">> {
  const { data, verification } = state
  let problem: string | undefined
  let authentication: EmvApplicationReading["authentication"]
  try {
    const locations = await getProcessingOptions(state)
    if (!locations) return { problem: "GET PROCESSING OPTIONS was refused" }
    const records = await readApplicationData(state, locations)
    const { method } = await authenticateOffline(state, records)
    authentication = { method, passed: method !== "none" && isClean(state), why: verification.why }
  } catch (error) {
    if (!(error instanceof CardDataError)) throw error
    problem = error.message
  }
  for (const tag of [0x82, 0x94]) {
    const value = data.get(tag)
    if (value) values.push({ tag, value, from: "gpo" })
  }
  for (const [tag, value] of data.fromCard()) values.push({ tag, value, from: "record" })
  return { ...(problem !== undefined && { problem }), ...(authentication && { authentication }) }
}

/** No bit of TVR byte 1 says that something failed. With CDA, as far as it goes without a cryptogram. */
const isClean = ({ verification }: TransactionState) => !tvrBits(verification.tvr).some(({ byte }) => byte === 1)

/** What GET DATA gives out; a card refuses what it does not have. */
async function getData(card: Transport): Promise<EmvValue[]> {
  const values: EmvValue[] = []
  for (const { tag, places } of emvTags.values()) {
    if (!places.includes("getData")) continue
    const response = await card.transmit(commandApdu(0x80, 0xca, tag >> 8, tag & 0xff, undefined, 256))
    if (statusWord(response) !== SW.OK) continue
    const [object, ...more] = parseTlv(responseData(response), { mode: "lenient" })
    if (object?.tag === tag && more.length === 0) values.push({ tag, value: object.value, from: "getData" })
  }
  return values
}

async function readLog(card: Transport, values: readonly EmvValue[]): Promise<EmvApplicationReading["log"]> {
  const entry = values.find(({ tag }) => tag === LOG_ENTRY)?.value
  const format = values.find(({ tag }) => tag === LOG_FORMAT)?.value
  if (entry?.length !== 2 || !format) return []
  const [sfi, count] = entry as unknown as [number, number]
  const log: (readonly [number, Uint8Array])[][] = []
  for (let record = 1; record <= Math.min(count, MOST_LOG_RECORDS) && sfi >= 1 && sfi <= 30; record++) {
    const response = await card.transmit(commandApdu(0x00, 0xb2, record, (sfi << 3) | 4, undefined, 256))
    if (statusWord(response) !== SW.OK) break
    const fields = logFields(format, responseData(response))
    if (fields) log.push(fields)
  }
  return log
}

function logFields(format: Uint8Array, record: Uint8Array): (readonly [number, Uint8Array])[] | undefined {
  try {
    const fields = splitDol(parseDol(format), record)
    return fields && [...fields]
  } catch {
    return undefined
  }
}
