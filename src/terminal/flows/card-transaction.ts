import { decodeText, maskPan, parseTlv, ShebaoError, toHex } from "../../apdu/index.js"
import { answerCode, decodePrivateData, decodeScriptResults, type PrivateData } from "../../dictionary/index.js"
import type { BankTerminal, HostAnswer, Inquiry, PinPad } from "../bank/index.js"
import { cardIdentity, requestIcData } from "../bank/messages.js"
import {
  type EmvResult,
  type OnlineAnswer,
  type OnlineRequest,
  type PinEntry,
  runEmvTransaction,
  type TerminalConfiguration,
} from "../emv/index.js"
import { type Report, withCard } from "./financial.js"
import type { FlowCard } from "./flow.js"

/** One on-line transaction between card and host. */
export interface CardTransaction {
  readonly card: FlowCard
  readonly terminal: BankTerminal
  /** Left out: no PIN is asked for. */
  readonly pinPad?: PinPad
  readonly triesLeft?: number
  readonly configuration?: TerminalConfiguration
  /** Number and journal of the transaction. */
  readonly transaction: Inquiry
  /** Tag 9C. */
  readonly type: number
  /** DE3. */
  readonly processingCode: string
  readonly amountFen?: number
  /** DE103, the account that gets the money. */
  readonly payee?: string
  /** DE61: batch, STAN and date of the purchase that is paid back. */
  readonly original?: string
  /** DE48, or how it is made when the card is known: undefined then means that the person gives up, and nobody is asked. */
  readonly privateData?: Uint8Array | ((pan: string) => Promise<Uint8Array | undefined>)
  readonly report: Report
}

/** How far it came. */
export interface CardTransactionOutcome {
  /** Undefined when the host was not asked. */
  readonly answer: HostAnswer | undefined
  /** Undefined when the card went away in the middle. */
  readonly emv: EmvResult | undefined
  /** What happened to the card then. */
  readonly interruption: ShebaoError | undefined
}

/** True when the host approved and the card agreed: the only case in which money may move. */
export function isApproved({ answer, emv }: CardTransactionOutcome): boolean {
  return answer?.outcome === "answered" && answer.code === "00" && emv?.outcome === "approved"
}

/** DE48 of an answer, where it can be read. */
export function privateDataOf(answer: HostAnswer | undefined): PrivateData | undefined {
  const bytes = answer?.outcome === "answered" ? answer.fields[48] : undefined
  if (!bytes) return undefined
  try {
    return decodePrivateData(bytes)
  } catch {
    return undefined
  }
}

/**
 * Runs the kernel and asks the host in the middle of it. A card that goes away is an outcome here, since the host may
 * have to be told.
 *
 * @throws whatever journal and PIN pad throw; the journal then has the transaction open
 */
export async function cardTransaction(options: CardTransaction): Promise<CardTransactionOutcome> {
  const { card, terminal, transaction, report } = options
  let answer: HostAnswer | undefined
  /** An error of journal or PIN pad; every other one comes from the card. */
  let foreign: unknown
  const notTheCards = <T>(body: () => Promise<T>): Promise<T> =>
    body().catch((error: unknown) => {
      foreign = error
      throw error
    })
  const ask = async ({ data, pinBlock }: OnlineRequest) => {
    const identity = cardIdentity(data)
    const { privateData: given } = options
    const privateData = typeof given === "function" ? await given(identity.pan) : given
    if (typeof given === "function" && !privateData) return undefined
    const arqc = data.get(0x9f26)
    report?.({
      type: "host-asked",
      stan: transaction.stan,
      ...amountOf(options),
      ...(arqc && { arqc: toHex(arqc) }),
    })
    answer = await transaction.ask(
      {
        processingCode: options.processingCode,
        card: identity,
        icData: requestIcData(data),
        ...amountOf(options),
        ...(pinBlock && { pinBlock }),
        ...(privateData && { privateData }),
        ...(options.payee !== undefined && { payee: options.payee }),
        ...(options.original !== undefined && { original: options.original }),
      },
      data,
    )
    reportAnswer(answer, report)
    return answer.outcome === "answered" ? onlineAnswer(answer.code, answer.fields[55]) : undefined
  }
  const pin = pinOf(options)
  let emv: EmvResult
  try {
    emv = await withCard(card, () =>
      runEmvTransaction({
        card,
        configuration: options.configuration ?? terminal.configuration,
        input: {
          type: options.type,
          amountFen: options.amountFen ?? 0,
          date: transaction.begun.date,
          time: transaction.begun.time,
          unpredictableNumber: terminal.random(4),
          sequenceNumber: transaction.stan,
        },
        ...(pin && { onlinePin: (pan) => notTheCards(() => pin(pan)) }),
        onApplication: ({ label, data }) =>
          report?.({
            type: "application-selected",
            label: decodeText(label ?? NO_TEXT),
            pan: maskPan(cardIdentity(data).pan),
          }),
        online: (request) => notTheCards(() => ask(request)),
      }),
    )
  } catch (error) {
    if (error === foreign || !(error instanceof ShebaoError)) throw error
    return { answer, emv: undefined, interruption: error }
  }
  await reportCard(emv, transaction, report)
  return { answer, emv, interruption: undefined }
}

const NO_TEXT = new Uint8Array(0)

const amountOf = ({ amountFen }: CardTransaction) => (amountFen === undefined ? {} : { amountFen })

function pinOf({ pinPad, triesLeft, report }: CardTransaction): ((pan: string) => Promise<PinEntry>) | undefined {
  if (!pinPad) return undefined
  const tries = triesLeft === undefined ? {} : { triesLeft }
  return async (pan) => {
    report?.({ type: "pin-asked", purpose: "current", ...tries })
    const entry = await pinPad.enterPin({ purpose: "current", pan, ...tries })
    if (entry.outcome === "entered") report?.({ type: "pin-entered" })
    return entry
  }
}

/** Takes DE39 and DE55 of an answer apart for the kernel. */
function onlineAnswer(code: string, icData: Uint8Array | undefined): OnlineAnswer {
  const objects = icData ? parseTlv(icData, { mode: "lenient" }) : []
  const values = (tag: number) => objects.filter((object) => object.tag === tag).map((object) => object.value)
  return {
    code: Uint8Array.of(code.charCodeAt(0), code.charCodeAt(1)),
    issuerAuthenticationData: values(0x91)[0],
    scriptsBefore: values(0x71),
    scriptsAfter: values(0x72),
  }
}

export function reportAnswer(answer: HostAnswer, report: Report): void {
  if (answer.outcome === "none") report?.({ type: "host-silent", reason: answer.reason })
  else report?.({ type: "host-answered", code: answer.code, meaning: answerCode(answer.code).name })
}

async function reportCard(emv: EmvResult, transaction: Inquiry, report: Report): Promise<void> {
  const { outcome, tvr, tsi, why, scriptResults, data, first, second = first } = emv
  const cryptogram = second && { cryptogram: { type: second.type, value: toHex(second.value) } }
  report?.({ type: "card-decided", outcome, ...cryptogram, tvr: toHex(tvr), tsi: toHex(tsi), why })
  if (!scriptResults || !data) return
  report?.({ type: "scripts-run", results: decodeScriptResults(scriptResults) })
  await transaction.reportScripts(data)
}
