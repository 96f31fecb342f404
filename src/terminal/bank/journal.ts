import type { BatchTotals, MessageFields } from "../../dictionary/index.js"

/**
 * How far a movement of money got (terminal-devices §9.3). A withdrawal goes `intent`, `sent`, `answered`, `stacking`,
 * `stacked`, `cardOut`, `presenting`, `presented`, `taken` or `retracted`; a deposit `intent`, `sent`, `answered`, then
 * `storing`, `stored` or `returning`, `returned`. Each step is written before what it announces is done; `answered` stands
 * only when the host approved and the card agreed, so that nothing but the cash is left to be done.
 */
export type Step =
  | "intent"
  | "sent"
  | "answered"
  | "stacking"
  | "stacked"
  | "cardOut"
  | "presenting"
  | "presented"
  | "taken"
  | "retracted"
  | "storing"
  | "stored"
  | "returning"
  | "returned"

/** What a request leaves behind for the messages that may follow it. */
export interface SentRequest {
  readonly messageType: string
  /** Elements of the request that reversal and advice repeat (host-iso8583 §12). */
  readonly fields: MessageFields
}

/** A movement of money that is not finished. */
export interface OpenTransaction {
  /** Date and STAN, the key at this terminal: MMDD-nnnnnn. */
  readonly id: string
  readonly kind: "withdrawal" | "deposit" | "transfer" | "purchase" | "refund"
  readonly amountFen: number
  readonly step: Step
  readonly request?: SentRequest
  /** What lies in the stacker, where it is not the whole amount (terminal-devices §9.2 case 4). */
  readonly stackedFen?: number
  /** What the customer did not get: counted after notes were pulled back in, and what was never stacked. */
  readonly countedFen?: number
}

/** An advice that waits for its answer. Repeats have the same bytes (host-iso8583 §12). */
export interface QueuedMessage {
  /** Message type, date and STAN: 0420-MMDD-nnnnnn. */
  readonly id: string
  readonly messageType: "0420" | "0220" | "0620"
  /** Encoded message; its last 8 bytes are the place of the MAC. */
  readonly bytes: Uint8Array
  readonly tries: number
}

/** What a movement adds to the totals of its batch (host-iso8583 §19). */
export interface CountedCash {
  readonly total: keyof BatchTotals
  readonly fen: number
}

/** One line of the journal. Records that are appended together are kept together or not at all. */
export type JournalRecord =
  | { readonly type: "stan"; readonly stan: number }
  | {
      readonly type: "opened"
      readonly id: string
      readonly kind: OpenTransaction["kind"]
      readonly amountFen: number
      readonly stan: number
    }
  | {
      readonly type: "step"
      readonly id: string
      readonly step: Step
      readonly request?: SentRequest
      readonly stackedFen?: number
      readonly countedFen?: number
    }
  | { readonly type: "closed"; readonly id: string; readonly counted?: readonly CountedCash[] }
  /** The host has heard the totals; the next batch begins. */
  | { readonly type: "batchClosed" }
  | { readonly type: "queued"; readonly message: QueuedMessage }
  | { readonly type: "tried"; readonly id: string }
  | { readonly type: "delivered"; readonly id: string; readonly code: string }
  | { readonly type: "state"; readonly state: JournalState }

/** What the journal says now. */
export interface JournalState {
  /** Last STAN given out, 0 before the first. */
  readonly stan: number
  readonly open: readonly OpenTransaction[]
  /** Oldest first. */
  readonly queue: readonly QueuedMessage[]
  /** Number of the present batch, from 1, and what it comes to so far. */
  readonly batch: number
  readonly totals: BatchTotals
}

/**
 * The terminal's memory over power cuts: running number, open movements of money, and advices that wait.
 * It holds card numbers and is to be kept like cash.
 */
export interface Journal {
  readonly state: JournalState
  /** Resolves when the records would survive a power cut. */
  append(...records: JournalRecord[]): Promise<void>
  close(): Promise<void>
}

const NOTHING = { count: 0, amountFen: 0 }
const NO_TOTALS: BatchTotals = { withdrawals: NOTHING, deposits: NOTHING, reversals: NOTHING, retracts: NOTHING }

export const emptyJournal: JournalState = { stan: 0, open: [], queue: [], batch: 1, totals: NO_TOTALS }

function added(totals: BatchTotals, counted: readonly CountedCash[]): BatchTotals {
  const sum = { ...totals }
  for (const { total, fen } of counted) {
    const { count, amountFen } = sum[total]
    sum[total] = { count: count + 1, amountFen: amountFen + fen }
  }
  return sum
}

/** The state after a record. Records that speak of what is not there change nothing. */
export function applyRecord(state: JournalState, record: JournalRecord): JournalState {
  switch (record.type) {
    case "state":
      // Written before there were batches, it has none.
      return { ...emptyJournal, ...record.state }
    case "stan":
      return { ...state, stan: record.stan }
    case "opened": {
      const { id, kind, amountFen, stan } = record
      return { ...state, stan, open: [...state.open, { id, kind, amountFen, step: "intent" }] }
    }
    case "step": {
      const { type: _, ...change } = record
      return { ...state, open: state.open.map((entry) => (entry.id === record.id ? { ...entry, ...change } : entry)) }
    }
    case "closed":
      return {
        ...state,
        open: state.open.filter((entry) => entry.id !== record.id),
        totals: record.counted ? added(state.totals, record.counted) : state.totals,
      }
    case "batchClosed":
      return { ...state, batch: (state.batch % 999_999) + 1, totals: NO_TOTALS }
    case "queued":
      // A message that waits already keeps its place and its bytes.
      return state.queue.some((message) => message.id === record.message.id)
        ? state
        : { ...state, queue: [...state.queue, record.message] }
    case "tried":
      return {
        ...state,
        queue: state.queue.map((message) =>
          message.id === record.id ? { ...message, tries: message.tries + 1 } : message,
        ),
      }
    case "delivered":
      return { ...state, queue: state.queue.filter((message) => message.id !== record.id) }
  }
}

/**
 * A journal that lives as long as the process.
 *
 * @param start the state to begin with, as another journal left it
 */
export function memoryJournal(start: Partial<JournalState> = {}): Journal {
  let state: JournalState = { ...emptyJournal, ...start }
  return {
    get state() {
      return state
    },
    async append(...records) {
      for (const record of records) state = applyRecord(state, record)
    },
    async close() {},
  }
}
