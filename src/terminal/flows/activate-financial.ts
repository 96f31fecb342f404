import {
  bcdDigits,
  CardRemovedError,
  commandApdu,
  decodeText,
  isPaddedBcd,
  maskPan,
  parseTlv,
  responseData,
  ShebaoError,
  SW,
  statusWord,
  type Transport,
} from "../../apdu/index.js"
import { decodeScriptResults, encodePrivateData, PROCESSING_CODE } from "../../dictionary/index.js"
import type { BankTerminal, HostAnswer, PinPad } from "../bank/index.js"
import { cardIdentity } from "../bank/messages.js"
import { type DataStore, dataStore, findCandidates, runIssuerScripts, selectByName } from "../emv/index.js"
import { reportAnswer } from "./card-transaction.js"
import { type FinancialFlowOptions, type Report, runFinancialFlow, withCard } from "./financial.js"
import { type FinancialBalance, financialBalance } from "./financial-balance.js"
import { type FinancialRefusal, hostRefusal, notReady, refusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import { watchCard } from "./watch-card.js"

export interface ActivateFinancialOptions extends FinancialFlowOptions {
  /** A teller's terminal, or a kiosk that staff release. */
  readonly terminal: BankTerminal
  /** Takes the new PIN, typed twice; and once more for the balance that proves it. */
  readonly pinPad: PinPad
  /** The holder as his identity document says; compared with the card and checked by the bank. */
  readonly holder: {
    /** As in tag 9F62: 00 identity card. Default 00. */
    readonly documentType?: string
    readonly identityNumber: string
    readonly name: string
  }
  /** Number of the teller, DF07. */
  readonly teller: string
  /** Number of the second person who releases a kiosk, DF08. */
  readonly authorisingTeller?: string
  /** Asks for the balance at the end, with the new PIN. Default true. */
  readonly prove?: boolean
}

/** The card's financial application works. */
export interface FinancialActivated {
  readonly ok: true
  /** The bank has heard that the card took the script. If not, it hears it later, and the account is active only then. */
  readonly confirmed: boolean
  /** Proof of the way from card to ledger, when it was asked for and possible. */
  readonly balance: FinancialBalance | undefined
}

/** What the card says of itself before it is active. */
interface InactiveCard {
  readonly aid: Uint8Array
  readonly data: DataStore
  readonly challenge: Uint8Array
}

/**
 * Activates the financial account in person at a branch (host-iso8583 §11.7): the bank answers with a script that unblocks
 * the application and sets the new PIN. Nothing is posted, so whatever is interrupted is repaired by doing it again.
 */
export function activateFinancial(
  card: FlowCard,
  { onEvent, ...options }: ActivateFinancialOptions,
): Promise<FinancialActivated | FinancialRefusal> {
  return runFinancialFlow(onEvent ? { onEvent } : {}, async (report) => {
    const { terminal, pinPad, prove = true } = options
    const readiness = await terminal.prepare()
    if (!readiness.ready) return notReady(readiness)
    const watched = watchCard(card)
    let refused: FinancialRefusal | undefined
    try {
      refused = await withCard(card, () => unblock(watched.transport, options, report))
    } catch (error) {
      if (!watched.threw(error) || !(error instanceof ShebaoError)) throw error
      refused = refusal(error instanceof CardRemovedError ? "CARD_REMOVED" : "CARD_FAILED")
    }
    const confirmed = await terminal.forward()
    if (refused) return refused
    const balance = prove && confirmed ? await financialBalance(card, { terminal, pinPad, onEvent: report }) : undefined
    return { ok: true, confirmed, balance: balance?.ok ? balance : undefined }
  })
}

async function unblock(
  card: Transport,
  { terminal, pinPad, holder, teller, authorisingTeller }: ActivateFinancialOptions,
  report: Report,
): Promise<FinancialRefusal | undefined> {
  const read = await readInactiveCard(card, terminal)
  if ("refused" in read) return read.refused
  const { aid, data, challenge } = read.found
  const identity = cardIdentity(data)
  report?.({ type: "application-selected", label: decodeText(data.get(0x50) ?? aid), pan: maskPan(identity.pan) })
  const onCard = data.get(0x9f61)
  if (onCard && decodeText(onCard).toUpperCase() !== holder.identityNumber.toUpperCase())
    return refusal("HOLDER_MISMATCH")

  report?.({ type: "pin-asked", purpose: "new" })
  const pin = await pinPad.enterPin({ purpose: "new", pan: identity.pan })
  if (pin.outcome !== "entered") return refusal("CANCELLED")
  report?.({ type: "pin-entered" })

  const inquiry = await terminal.beginInquiry()
  report?.({ type: "host-asked", stan: inquiry.stan })
  const answer = await inquiry.ask(
    {
      processingCode: PROCESSING_CODE.ACTIVATION,
      card: { ...identity, track2: undefined },
      pinBlock: pin.block,
      privateData: encodePrivateData({
        atc: data.get(0x9f36)!,
        challenge,
        documentType: holder.documentType ?? "00",
        identityNumber: holder.identityNumber,
        name: holder.name,
        teller,
        ...(authorisingTeller !== undefined && { authorisingTeller }),
      }),
    },
    data,
  )
  reportAnswer(answer, report)
  if (answer.outcome === "none") return refusal("NO_ANSWER")
  if (answer.code !== "00") return hostRefusal(answer.code)

  const scripts = scriptsOf(answer)
  const { results, failed } = await runIssuerScripts(card, scripts)
  report?.({ type: "scripts-run", results: decodeScriptResults(results) })
  data.set(0xdf31, results)
  if (scripts.length > 0) await inquiry.reportScripts(data)
  const again = await selectByName(card, aid)
  return failed || scripts.length === 0 || again.statusWord !== SW.OK ? refusal("SCRIPT_FAILED") : undefined
}

function scriptsOf(answer: HostAnswer): Uint8Array[] {
  const icData = answer.outcome === "answered" ? answer.fields[55] : undefined
  if (!icData) return []
  return parseTlv(icData, { mode: "lenient" }).flatMap(({ tag, value }) => (tag === 0x72 ? [value] : []))
}

type Reading = { readonly found: InactiveCard } | { readonly refused: FinancialRefusal }

/** What an issuer's device may read of an application that is not active (financial-emv §28). */
async function readInactiveCard(card: Transport, terminal: BankTerminal): Promise<Reading> {
  const { configuration } = terminal
  const candidates = await findCandidates(card, configuration.aids)
  if (candidates.cardBlocked) return { refused: refusal("CARD_BLOCKED") }
  const aid = candidates.found[0]?.aid ?? candidates.blocked[0]
  const selected = aid && (await selectByName(card, aid))
  if (!aid || !selected?.fci) return { refused: refusal("NO_APPLICATION") }

  const data = dataStore(configuration.constants)
  const label = selected.fci.values.get(0x50)
  if (label) data.set(0x50, label)
  data.set(0x9a, dateOf(terminal))
  await readIdentity(card, data)
  const pan = data.get(0x5a)
  if (!pan || !isPaddedBcd(pan) || !/^\d{13,19}$/.test(bcdDigits(pan))) return { refused: refusal("CARD_DATA") }
  const counter = await read(card, commandApdu(0x80, 0xca, 0x9f, 0x36, undefined, 256))
  const atc = counter && parseTlv(counter, { mode: "lenient" }).find(({ tag }) => tag === 0x9f36)?.value
  const challenge = await read(card, commandApdu(0x00, 0x84, 0x00, 0x00, undefined, 8))
  if (atc?.length !== 2 || challenge?.length !== 8) return { refused: refusal("CARD_DATA") }
  data.set(0x9f36, atc)
  return { found: { aid, data, challenge } }
}

const IDENTITY = [0x5a, 0x57, 0x5f34, 0x9f61] as const
const LAST_FILE = 10
const MAXIMUM_RECORDS = 10

/** Without GET PROCESSING OPTIONS there is no AFL, so the files are looked through until all is found. */
async function readIdentity(card: Transport, data: DataStore): Promise<void> {
  for (let sfi = 1; sfi <= LAST_FILE; sfi++) {
    for (let record = 1; record <= MAXIMUM_RECORDS; record++) {
      const bytes = await read(card, commandApdu(0x00, 0xb2, record, (sfi << 3) | 4, undefined, 256))
      if (!bytes) break
      const template = parseTlv(bytes, { mode: "lenient" }).find(({ tag }) => tag === 0x70)
      for (const { tag, value, children } of template?.children ?? []) if (!children) data.addFromCard(tag, value)
      if (IDENTITY.every((tag) => data.get(tag))) return
    }
  }
}

async function read(card: Transport, command: Uint8Array): Promise<Uint8Array | undefined> {
  const response = await card.transmit(command)
  return statusWord(response) === SW.OK ? responseData(response) : undefined
}

function dateOf(terminal: BankTerminal): Uint8Array {
  return Uint8Array.from(terminal.now().date.match(/../g)!, (digits) => Number.parseInt(digits, 16))
}
