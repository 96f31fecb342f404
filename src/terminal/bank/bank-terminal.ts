import type { Algorithm, LineMacMethod } from "../../crypto/index.js"
import {
  answerCode,
  type BatchTotals,
  decodePrivateData,
  encodeForMac,
  encodeFrame,
  encodeMessage,
  type HostLink,
  type Message,
} from "../../dictionary/index.js"
import {
  atmConfiguration,
  counterConfiguration,
  posConfiguration,
  type TerminalConfiguration,
  testAuthorityKeys,
} from "../emv/index.js"
import { askHost, type HostAnswer } from "./host-answer.js"
import { type Journal, memoryJournal, type OpenTransaction, type QueuedMessage } from "./journal.js"
import { type KeyModule, keyModule } from "./key-module.js"
import { type LocalTime, localTime } from "./local-time.js"
import { batchMessage, type Sender, signOnMessage, type TerminalKind, withMac } from "./messages.js"
import { pooledRandom } from "./pooled-random.js"
import { queueOfOne } from "./queue-of-one.js"
import { MAXIMUM_QUEUE, type Scheduler, storeAndForward } from "./store-and-forward.js"
import {
  fromQueue,
  type Inquiry,
  inquiry,
  type MoneyTransaction,
  moneyTransaction,
  resumeTransaction,
  type TransactionHost,
} from "./transaction.js"

export interface BankTerminalOptions {
  /** The way to the host. Closed with the terminal. */
  readonly link: HostLink
  readonly kind: TerminalKind
  /** DE41, 8 characters, for example `ATM00001`. */
  readonly terminalId: string
  /** DE42. Default `SHEBAO000000001`. */
  readonly merchantId?: string
  /** Terminal master key, 16 bytes. */
  readonly tmk: Uint8Array
  readonly algorithm?: Algorithm
  readonly macMethod?: LineMacMethod
  /** Default: a journal that does not survive the process. Closed with the terminal. */
  readonly journal?: Journal
  /** Parameters of the EMV kernel. Default: the ATM's or the counter's, with the public test keys of authorities. */
  readonly configuration?: TerminalConfiguration
  readonly clock?: () => Date
  readonly random?: (length: number) => Uint8Array
  /** Retries advices that the host has not answered. Default: only when the next transaction begins. */
  readonly scheduler?: Scheduler
  readonly onEvent?: (event: TerminalEvent) => void
}

/** What an operator may want to see. */
export type TerminalEvent =
  | { readonly type: "signedOn" }
  | { readonly type: "signOnFailed"; readonly code: string }
  | { readonly type: "queued" | "alarm"; readonly messageType: string; readonly id: string }
  | { readonly type: "delivered"; readonly messageType: string; readonly id: string; readonly code: string }

/** Whether the terminal may begin a financial transaction, and why not. */
export type Readiness =
  | { readonly ready: true }
  /** `code`: what the host answered to the sign-on, 98 when it did not. */
  | { readonly ready: false; readonly reason: "signOn"; readonly code: string }
  /** Advices wait that the host does not take; no new transaction may overtake them. */
  | { readonly ready: false; readonly reason: "queue" | "queueFull" }
  /** A movement of money is not finished: the batch cannot be closed. */
  | { readonly ready: false; readonly reason: "open" }

/** The terminal's side of the bank's line: keys, numbers, journal, and the queue of advices. */
export interface BankTerminal {
  readonly kind: TerminalKind
  readonly terminalId: string
  readonly configuration: TerminalConfiguration
  readonly keys: KeyModule
  readonly journal: Journal
  now(): LocalTime
  random(length: number): Uint8Array
  /** Fetches fresh working keys (host-iso8583 §11.1). @returns the answer code, 00 when the keys are loaded */
  signOn(): Promise<string>
  /** Signs on when there are no keys, then sends what waits: both come before a financial request. */
  prepare(): Promise<Readiness>
  /** Begins a movement of money: takes a STAN and writes `intent`. */
  beginMoney(kind: OpenTransaction["kind"], amountFen: number): Promise<MoneyTransaction>
  /** Goes on with a movement that the journal has open, after a power cut. */
  resumeMoney(open: OpenTransaction): MoneyTransaction
  /** Begins what moves no money: inquiry, activation. */
  beginInquiry(): Promise<Inquiry>
  /** Sends what waits. @returns whether nothing waits any more */
  forward(): Promise<boolean>
  /** Tells the host what the batch comes to, once nothing is open any more, and begins the next (host-iso8583 §19). */
  closeBatch(): Promise<BatchClosed | Extract<Readiness, { ready: false }>>
  close(): Promise<void>
}

/** What came of closing a batch. */
export type BatchClosed =
  /** The host's totals are there only when it answered. */
  | { readonly outcome: "equal" | "different"; readonly own: BatchTotals; readonly host: BatchTotals | undefined }
  | { readonly outcome: "none"; readonly code: string }

/**
 * Makes a terminal that talks to a bank host.
 *
 * @throws {RangeError} when the master key is not 16 bytes
 * @example bankTerminal({ link, kind: "atm", terminalId: "ATM00001", tmk: testTerminalKeys().tmk })
 */
export function bankTerminal(options: BankTerminalOptions): BankTerminal {
  const { link, kind, terminalId, merchantId = "SHEBAO000000001", algorithm = "3des" } = options
  const { journal = memoryJournal(), clock = () => new Date(), random = pooledRandom() } = options
  const keys = keyModule({ tmk: options.tmk, algorithm, ...(options.macMethod && { macMethod: options.macMethod }) })
  const configuration = options.configuration ?? defaultConfiguration(kind, terminalId, merchantId)
  const sender: Sender = {
    kind,
    terminalId,
    merchantId,
    acquirer: "00010000",
    algorithm,
    get batch() {
      return String(journal.state.batch).padStart(6, "0")
    },
  }
  const report = options.onEvent ?? (() => undefined)
  const now = () => localTime(clock())
  const oneAtATime = queueOfOne()

  // Counted here, since the journal knows a number only when it is on the disk and two may be wanted at once.
  let stan = journal.state.stan
  const nextStan = () => {
    stan = (stan % 999_999) + 1
    return stan
  }
  const exchange = (message: Message, bytes = encodeForMac(message)): Promise<HostAnswer> =>
    oneAtATime(() => askHost(link, encodeFrame(withMac(bytes, keys.mac)), message, keys))

  async function signOn(): Promise<string> {
    const own = nextStan()
    await journal.append({ type: "stan", stan: own })
    const message = signOnMessage(sender, own)
    const answer = await oneAtATime(() => askHost(link, encodeFrame(encodeMessage(message)), message, undefined))
    const code = answer.outcome === "answered" ? answer.code : answer.reason
    const wrapped = answer.outcome === "answered" && code === "00" ? answer.fields[62] : undefined
    // Keys whose check values are wrong must never be used (host-iso8583 §7).
    const result = wrapped ? (keys.load(wrapped) ? "00" : "A0") : code === "00" ? "30" : code
    report(result === "00" ? { type: "signedOn" } : { type: "signOnFailed", code: result })
    return result
  }

  /** Codes that end an advice; everything else means: again (host-iso8583 §12). */
  const ends = new Set(["00", "25", "22"])
  async function deliver(queued: QueuedMessage): Promise<string | undefined> {
    if (!keys.ready && (await signOn()) !== "00") return undefined
    for (let attempt = 0; ; attempt++) {
      const answer = await exchange(fromQueue(queued), queued.bytes)
      const code = answer.outcome === "answered" ? answer.code : answer.reason
      if (answer.outcome === "answered" && ends.has(code)) {
        report({ type: "delivered", messageType: queued.messageType, id: queued.id, code })
        return code
      }
      if (attempt > 0 || !needsSignOn(code) || (await signOn()) !== "00") return undefined
    }
  }
  const forwarding = storeAndForward({
    journal,
    deliver,
    scheduler: options.scheduler,
    onAlarm: ({ messageType, id }) => report({ type: "alarm", messageType, id }),
  })

  const shared: TransactionHost = {
    sender,
    journal,
    now,
    nextStan,
    exchange,
    onQueued: ({ messageType, id }) => report({ type: "queued", messageType, id }),
    onAnswer(answer) {
      if (needsSignOn(answer.outcome === "answered" ? answer.code : answer.reason)) keys.forget()
    },
  }

  async function prepare(): Promise<Readiness> {
    if (journal.state.queue.length >= MAXIMUM_QUEUE && !(await forwarding.forward()))
      return { ready: false, reason: "queueFull" }
    if (!keys.ready) {
      const code = await signOn()
      if (code !== "00") return { ready: false, reason: "signOn", code }
    }
    return (await forwarding.forward()) ? { ready: true } : { ready: false, reason: "queue" }
  }

  return {
    kind,
    terminalId,
    configuration,
    keys,
    journal,
    now,
    random,
    signOn,
    prepare,
    beginMoney: (money, amountFen) => moneyTransaction(shared, money, amountFen),
    resumeMoney: (open) => resumeTransaction(shared, open),
    beginInquiry: () => inquiry(shared),
    forward: forwarding.forward,
    async closeBatch() {
      const readiness = await prepare()
      if (!readiness.ready) return readiness
      if (journal.state.open.length > 0) return { ready: false, reason: "open" }
      const stan = nextStan()
      await journal.append({ type: "stan", stan })
      const own = journal.state.totals
      const answer = await exchange(batchMessage(sender, stan, own, now()))
      shared.onAnswer(answer)
      if (answer.outcome === "none") return { outcome: "none", code: answer.reason }
      if (answer.code !== "00" && answer.code !== "95") return { outcome: "none", code: answer.code }
      await journal.append({ type: "batchClosed" })
      return { outcome: answer.code === "00" ? "equal" : "different", own, host: totalsOf(answer.fields[48]) }
    },
    async close() {
      const stopped = forwarding.stop()
      await link.close()
      await stopped
      await journal.close()
    },
  }
}

/** Sign on again: keys unknown to the host, PIN block or MAC not readable with them (host-iso8583 §11.1). */
function needsSignOn(code: string): boolean {
  const { action } = answerCode(code)
  return action === "signOn" || action === "keyExchange"
}

function totalsOf(privateData: Uint8Array | undefined): BatchTotals | undefined {
  try {
    return privateData && decodePrivateData(privateData).totals
  } catch {
    return undefined
  }
}

function defaultConfiguration(kind: TerminalKind, terminalId: string, merchantId: string): TerminalConfiguration {
  const options = { terminalId, merchantId, authorityKeys: testAuthorityKeys() }
  if (kind === "pos") return posConfiguration(options)
  return kind === "teller" ? counterConfiguration(options) : atmConfiguration(options)
}
