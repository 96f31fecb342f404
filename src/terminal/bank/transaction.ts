import { decodeMessage, encodeForMac, type Message, type MessageFields } from "../../dictionary/index.js"
import type { DataStore } from "../emv/index.js"
import type { HostAnswer } from "./host-answer.js"
import type {
  CountedCash,
  Journal,
  JournalRecord,
  OpenTransaction,
  QueuedMessage,
  SentRequest,
  Step,
} from "./journal.js"
import type { LocalTime } from "./local-time.js"
import {
  type Advice,
  advice,
  type FinancialRequest,
  financialRequest,
  followUpFields,
  type ReversalReason,
  resultIcData,
  reversal,
  type Sender,
  scriptResult,
} from "./messages.js"

/** What needs a number and an answer but moves no money: nothing to reverse, nothing to recover. */
export interface Inquiry {
  readonly stan: number
  readonly begun: LocalTime
  /** @param data what followers of the request repeat of the chip's data */
  ask(content: FinancialRequest, data: Pick<DataStore, "get">): Promise<HostAnswer>
  /** Queues 0620; it is sent with the next forwarding. @param data with DF31 */
  reportScripts(data: Pick<DataStore, "get">): Promise<void>
}

/** What the journal keeps of a step besides its name. */
export type StepDetails = Pick<OpenTransaction, "stackedFen" | "countedFen">

/** A movement of money, with its steps in the journal. Ends with `reverse`, `advise` or `close`, once. */
export interface MoneyTransaction extends Inquiry {
  readonly id: string
  readonly amountFen: number
  /** Writes a step; it is on the disk when the promise resolves. */
  step(step: Step, details?: StepDetails): Promise<void>
  /** Queues 0420 and closes, together. */
  reverse(reason: ReversalReason): Promise<void>
  /** Queues 0220 and closes, together with the step that it tells of. */
  advise(told: Advice, step?: Step): Promise<void>
  /** Closes what needs no message. @param isDone cash moved: it counts for the batch */
  close(isDone?: boolean): Promise<void>
}

/** What transactions need of their terminal. */
export interface TransactionHost {
  readonly sender: Sender
  readonly journal: Journal
  readonly now: () => LocalTime
  readonly nextStan: () => number
  readonly exchange: (message: Message) => Promise<HostAnswer>
  readonly onQueued: (message: QueuedMessage) => void
  readonly onAnswer: (answer: HostAnswer) => void
}

export async function inquiry(host: TransactionHost): Promise<Inquiry> {
  const stan = host.nextStan()
  await host.journal.append({ type: "stan", stan })
  return conversation(host, stan, host.now(), async () => {})
}

export async function moneyTransaction(
  host: TransactionHost,
  kind: OpenTransaction["kind"],
  amountFen: number,
): Promise<MoneyTransaction> {
  const begun = host.now()
  const stan = host.nextStan()
  const id = `${begun.monthDay}-${String(stan).padStart(6, "0")}`
  await host.journal.append({ type: "opened", id, kind, amountFen, stan })
  return money(host, { id, kind, amountFen, step: "intent" }, stan, begun)
}

/** Goes on with what the journal has open; a request was sent, or there is nothing to go on with. */
export function resumeTransaction(host: TransactionHost, open: OpenTransaction): MoneyTransaction {
  return money(host, open, Number(open.id.slice(5)), host.now())
}

function money(host: TransactionHost, open: OpenTransaction, stan: number, begun: LocalTime): MoneyTransaction {
  const { id, amountFen } = open
  const { journal } = host
  let request = open.request
  const finish = async (message: Message | undefined, counted: readonly CountedCash[], step?: Step) => {
    const records: JournalRecord[] = step ? [{ type: "step", id, step }] : []
    const queued = message && toQueue(message)
    if (queued) records.push({ type: "queued", message: queued })
    await journal.append(...records, counted.length > 0 ? { type: "closed", id, counted } : { type: "closed", id })
    if (queued) host.onQueued(queued)
  }
  const original = () => {
    if (!request) throw new RangeError("transaction: expected a request that was sent")
    return request.fields
  }
  const { ask, reportScripts } = conversation(host, stan, begun, (sent) => {
    request = sent
    return journal.append({ type: "step", id, step: "sent", request: sent })
  })
  return {
    stan,
    begun,
    ask,
    reportScripts,
    id,
    amountFen,
    step: (step, details) =>
      journal.append(details ? { type: "step", id, step, ...details } : { type: "step", id, step }),
    reverse: (reason) => finish(reversal(original(), reason, host.now()), [{ total: "reversals", fen: amountFen }]),
    advise: (told, step) => finish(advice(original(), told, host.now()), countedOf(open, told), step),
    close: (isDone = false) => finish(undefined, isDone ? cashOf(open.kind, amountFen) : []),
  }
}

const TOTAL_OF: Readonly<Partial<Record<OpenTransaction["kind"], CountedCash["total"]>>> = {
  withdrawal: "withdrawals",
  deposit: "deposits",
}

/** What goes from account to account is no cash. */
function cashOf(kind: OpenTransaction["kind"], fen: number): CountedCash[] {
  const total = TOTAL_OF[kind]
  return total && fen > 0 ? [{ total, fen }] : []
}

/** What an advice says was in hands or stored, and what was pulled back in. */
function countedOf({ kind, amountFen }: OpenTransaction, { outcome, actualFen = amountFen }: Advice): CountedCash[] {
  if (outcome === "unknown" || outcome === "returned") return []
  const moved = cashOf(kind, actualFen)
  return outcome === "retracted" ? [...moved, { total: "retracts", fen: amountFen - actualFen }] : moved
}

function conversation(
  host: TransactionHost,
  stan: number,
  begun: LocalTime,
  beforeSending: (sent: SentRequest) => Promise<void>,
): Inquiry {
  let original: MessageFields | undefined
  return {
    stan,
    begun,
    async ask(content, data) {
      const message = financialRequest(host.sender, content, { stan, begun, sent: host.now() })
      original = followUpFields(message, data)
      await beforeSending({ messageType: message.messageType, fields: original })
      const answer = await host.exchange(message)
      host.onAnswer(answer)
      return answer
    },
    async reportScripts(data) {
      if (!original) throw new RangeError("transaction: expected a request that was sent")
      const own = host.nextStan()
      const message = scriptResult(host.sender, original, { stan: own, sent: host.now(), icData: resultIcData(data) })
      const queued = toQueue(message)
      await host.journal.append({ type: "stan", stan: own }, { type: "queued", message: queued })
      host.onQueued(queued)
    },
  }
}

function toQueue(message: Message): QueuedMessage {
  const { messageType, fields } = message
  const bytes = encodeForMac(message)
  decoded.set(bytes, message)
  return {
    id: `${messageType}-${fields[13]}-${fields[11]}`,
    messageType: messageType as QueuedMessage["messageType"],
    bytes,
    tries: 0,
  }
}

/** Messages of this process, so that they need not be decoded to be sent. */
const decoded = new WeakMap<Uint8Array, Message>()

/** The message inside a queued one, to compare the answer with. */
export function fromQueue({ bytes }: QueuedMessage): Message {
  return decoded.get(bytes) ?? decodeMessage(bytes)
}
