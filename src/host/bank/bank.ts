import { randomBytes } from "node:crypto"
import { InputError } from "../../apdu/index.js"
import type { HostLink, PayoutLink } from "../../dictionary/index.js"
import { createHsm, type HsmKeys } from "../hsm/hsm.js"
import { customerAccount } from "../ledger/accounts.js"
import { owedFen } from "../ledger/post.js"
import { type LedgerSummary, summarizeLedger } from "../ledger/summary.js"
import { type LedgerCheck, type LedgerCheckOptions, verifyLedger } from "../ledger/verify.js"
import { inProcessLink } from "../link.js"
import { defaultRegion, type Region } from "../regions/region.js"
import { openStore, type StoreChoice } from "../store/open-store.js"
import type { AccountClass, CardRow, CardState, CaseRow } from "../store/rows.js"
import { supplyCash } from "./cash-supply.js"
import type { BankContext, BankPolicies } from "./context.js"
import { closeDay, settleSuspense } from "./end-of-day.js"
import { type Enrolment, enroll, reissue } from "./enrolment.js"
import { type BankEvent, bankEvents } from "./events.js"
import { type Fen, toFen } from "./fen.js"
import { acceptsPayout, cardOfAccount, takePayout } from "./payout.js"
import { handleFrame } from "./processor.js"
import { type CashCount, countMachine, type Difference, type JournalItem, reconcileTerminal } from "./reconcile.js"
import { type BankReport, reportDay } from "./report.js"
import { type LossOutcome, type LossReport, reportLoss } from "./report-loss.js"
import { reserve } from "./reservations.js"
import { DEFAULT_TERMINALS, type TerminalOptions, terminalOf } from "./terminals.js"
import { type BankTime, bankTime } from "./time.js"
import { cancelTransfer, payDueTransfers } from "./transfer.js"

/** How a bank is set up. Everything has a default: `createBank()` is a bank in memory with published test keys. */
export interface BankOptions {
  /** Default "memory". A file survives the death of the process; it needs the optional package libsql. */
  readonly store?: StoreChoice
  /** Limits and rules; default the default region. */
  readonly region?: Region
  readonly clock?: () => Date
  /** Where fresh keys, nonces and salts come from. */
  readonly random?: (length: number) => Uint8Array
  /** Terminals that may talk to it; default ATM00001, KSK00001 and TLR00001. */
  readonly terminals?: readonly TerminalOptions[]
  /** Keys of its security module; default the published test keys. */
  readonly keys?: HsmKeys
  readonly policies?: Partial<BankPolicies>
  /** First six digits of the PANs it issues: an unknown PAN among them is 14, any other 15. */
  readonly issuedPrefixes?: readonly string[]
  readonly onEvent?: (event: BankEvent) => void
}

/** A card and its account as staff see them. */
export interface AccountView {
  readonly accountNumber: string
  readonly accountClass: AccountClass
  readonly state: CardState
  readonly balanceFen: bigint
  readonly pinTriesLeft: number
}

/** A bank: issuer and acquirer of its own terminals. */
export interface Bank {
  /**
   * Answers a frame (TPDU ‖ header ‖ message) of a terminal.
   *
   * @returns undefined when it cannot be answered at all; never rejects because of what the frame holds
   */
  handle(frame: Uint8Array): Promise<Uint8Array | undefined>
  /** Takes a card and its account into the books; a known PAN is left as it is. @returns true when it is new */
  enroll(enrolment: Enrolment): Promise<boolean>
  /** Issues a card again with the same PAN: a new chip on the old account. @returns true when the PAN is new */
  reissue(enrolment: Enrolment): Promise<boolean>
  /** Card and account of a PAN, or undefined. */
  account(pan: string): Promise<AccountView | undefined>
  /** Changes the state of a card: loss, freezing, closing ... @returns false when there is no such card */
  setCardState(pan: string, state: CardState): Promise<boolean>
  /** Reports a card lost, by its holder's document; such a card is refused with 41. */
  reportLoss(report: LossReport): Promise<LossOutcome>
  /** Puts a card on the stop list with an answer code ("41", "43", "04" ...), or takes it off. */
  listCard(pan: string, code: string | undefined): Promise<boolean>
  /** Orders cash at the counter for a day. @param day YYYYMMDD */
  reserveCash(pan: string, day: string, amountFen: Fen): Promise<void>
  /** `cutover` and `stopped` refuse new requests (90, 91). */
  setService(service: BankContext["service"]): void
  /** End of day: money nobody confirmed goes to suspense. @returns the keys of those transactions */
  closeDay(): Promise<string[]>
  /** Carries out the transfers whose time has come (T2). @returns their keys */
  payDueTransfers(): Promise<string[]>
  /** Calls off a transfer that still waits. @returns false when there is none with this key */
  cancelTransfer(key: string): Promise<boolean>
  /** Settles a suspense item by order of staff. @returns false when there is none with this key */
  settleSuspense(key: string, to: "customer" | "machine"): Promise<boolean>
  /**
   * Compares the journal of a terminal with the book, item by item, and mends what can be mended (host-iso8583 §19).
   *
   * @throws {InputError} when there is no such terminal
   */
  reconcile(terminal: string, items: readonly JournalItem[]): Promise<Difference[]>
  /**
   * Compares a physical count of a machine with the book; the rest is surplus or shortage (host-iso8583 §19 step 4).
   *
   * @throws {InputError} when there is no such terminal
   */
  countCash(terminal: string, countedFen: Fen): Promise<CashCount>
  /** Cards, terminals, open items and totals of a business day. @param businessDate YYYYMMDD; default the present one */
  report(businessDate?: string): Promise<BankReport>
  /** What waits for staff: contradicting advices and the like. */
  cases(): Promise<CaseRow[]>
  readonly ledger: {
    /** Checks the invariants of host-iso8583 §18 over the whole book. */
    verify(options?: LedgerCheckOptions): Promise<LedgerCheck>
    summary(): Promise<LedgerSummary>
  }
  /** Whether an account, or a card of one, is of this bank. */
  hasAccount(accountNumber: string): Promise<boolean>
  /** Takes approved payouts of an agency into its accounts (R3). */
  payouts(): PayoutLink
  /** A link to this bank for a terminal in the same process. */
  link(): HostLink
  /** Finishes what is running and lets go of the store. */
  close(): Promise<void>
}

const DEFAULT_POLICIES: BankPolicies = { duplicates: "94", unknownReversal: "00", retracted: "suspense" }
/** Prefixes of the synthetic cards (domain-rules §17.7). */
const DEFAULT_PREFIXES = ["621700", "621799", "622848", "621660"]

function contextOf(options: BankOptions): BankContext {
  const random = options.random ?? ((length) => new Uint8Array(randomBytes(length)))
  const hsm = createHsm(options.keys ? { random, keys: options.keys } : { random })
  const terminals = (options.terminals ?? DEFAULT_TERMINALS).map((terminal) => terminalOf(terminal, hsm))
  return {
    store: openStore(options.store),
    hsm,
    region: options.region ?? defaultRegion(),
    clock: options.clock ?? (() => new Date()),
    terminals: new Map(terminals.map((terminal) => [terminal.id, terminal])),
    policies: { ...DEFAULT_POLICIES, ...options.policies },
    issuedPrefixes: options.issuedPrefixes ?? DEFAULT_PREFIXES,
    events: bankEvents(options.onEvent),
    service: "open",
  }
}

/**
 * Opens a bank.
 *
 * @throws {ShebaoError} `SQLITE_MISSING`, `STORE_UNUSABLE` or `STORE_TOO_NEW` when its ledger cannot be opened
 * @throws {InputError} when a terminal is described wrongly
 * @example
 * const bank = createBank({ store: { sqlite: "ledger.db" } })
 * await bank.enroll({ pan: "6217000000000000046", expiry: "3512", holderName: "测试一号", idNumber: "999999199001010016" })
 * const { port } = await startBankServer({ bank })
 */
export function createBank(options: BankOptions = {}): Bank {
  const context = contextOf(options)
  const { store, region } = context
  const now = (): BankTime => bankTime(context.clock())
  const isOpened = store.transaction((rows) => supplyCash(rows, context.terminals.values(), now()))
  // Whoever uses the bank hears of a failure; nobody else need.
  isOpened.catch(() => undefined)

  async function changeCard(pan: string, change: Partial<CardRow>): Promise<boolean> {
    await isOpened
    return store.transaction(async (rows) => {
      const card = await rows.get("cards", pan)
      if (!card) return false
      await rows.put("cards", { ...card, ...change })
      return true
    })
  }

  function knownTerminal(id: string) {
    const terminal = context.terminals.get(id)
    if (!terminal) throw new InputError("terminal", "expected a terminal of this bank")
    return terminal
  }

  const bank: Bank = {
    async handle(frame) {
      await isOpened
      return handleFrame(context, frame)
    },
    async enroll(enrolment) {
      await isOpened
      return store.transaction((rows) => enroll(context, rows, enrolment, now()))
    },
    async reissue(enrolment) {
      await isOpened
      return store.transaction((rows) => reissue(context, rows, enrolment, now()))
    },
    account: (pan) =>
      store.transaction(async (rows) => {
        const card = await rows.get("cards", pan)
        if (!card) return undefined
        const { accountNumber, accountClass, state } = card
        const balanceFen = await owedFen(rows, customerAccount(accountNumber))
        const pinTriesLeft = Math.max(0, region.card.bankPinTries - card.pinTries)
        return { accountNumber, accountClass, state, balanceFen, pinTriesLeft }
      }),
    hasAccount: (number) => store.transaction(async (rows) => (await cardOfAccount(rows, number)) !== undefined),
    payouts: () => ({
      accepts: (number, name) =>
        store.transaction(async (rows) => acceptsPayout(await cardOfAccount(rows, number), name, region)),
      pay: (order) => store.transaction((rows) => takePayout(rows, order, region, now())),
    }),
    setCardState: (pan, state) =>
      changeCard(pan, state === "active" ? { state, pinTries: 0, pinTriesAt: null } : { state }),
    reportLoss: (report) => store.transaction((rows) => reportLoss(rows, report)),
    listCard: (pan, code) => changeCard(pan, { listedCode: code ?? null }),
    reserveCash: (pan, day, amountFen) =>
      store.transaction((rows) => reserve(rows, pan, day, toFen("amountFen", amountFen), now())),
    setService: (service) => {
      context.service = service
    },
    closeDay: () =>
      store.transaction(async (rows) => {
        await payDueTransfers(rows, now())
        return closeDay(rows, now())
      }),
    payDueTransfers: () => store.transaction((rows) => payDueTransfers(rows, now())),
    cancelTransfer: (key) => store.transaction((rows) => cancelTransfer(context, rows, key, now())),
    settleSuspense: (key, to) => store.transaction((rows) => settleSuspense(rows, key, to, now())),
    reconcile: (id, items) => {
      const terminal = knownTerminal(id)
      return store.transaction((rows) => reconcileTerminal({ bank: context, rows, terminal, time: now() }, items))
    },
    countCash: (id, fen) => {
      const [terminal, countedFen] = [knownTerminal(id), toFen("countedFen", fen)]
      return store.transaction(async (rows) => {
        const key = `COUNT-${id}-${await rows.next("count")}`
        return countMachine({ bank: context, rows, terminal, time: now() }, countedFen, key)
      })
    },
    async report(businessDate) {
      await isOpened
      const time = now()
      const terminals = context.terminals.values()
      return store.transaction((rows) => reportDay(rows, terminals, businessDate ?? time.businessDate, time))
    },
    cases: () => store.transaction((rows) => rows.list("cases")),
    ledger: { verify: (options) => verifyLedger(store, options), summary: () => summarizeLedger(store) },
    link: () => inProcessLink(bank),
    close: () => store.close(),
  }
  return bank
}
