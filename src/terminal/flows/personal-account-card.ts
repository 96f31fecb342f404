import { bcdRight, ShebaoError, uint32 } from "../../apdu/index.js"
import {
  type BegunDebit,
  type BegunTransfer,
  type CardKeyService,
  type Label,
  MEDICAL_TRANSACTION_TYPES,
  type MedicalKeyService,
  type PersonalAccountCard,
  type PersonalAccountOrder,
  type PersonalAccountOutcome,
} from "../../dictionary/index.js"
import {
  creditForLoad,
  debit,
  debitForUnload,
  initializeDebit,
  initializeTransfer,
  medicalClient,
  type Outcome,
} from "../clients/index.js"
import { encodePin } from "../clients/pin.js"
import type { FlowCard, FlowOptions } from "./flow.js"
import { cardOf, type MedicalFlowOptions, openAccount, terminalBytes } from "./medical-account.js"
import { proveTransaction, settleOrProve } from "./medical-proof.js"
import { readCard } from "./read-card.js"
import { cardRefused, type FlowRefusal, keyServiceRefused, notGenuine, type UnfinishedTransaction } from "./refusal.js"

/**
 * Where a terminal keeps which transaction of the card an order began, until it is answered. One that survives the
 * terminal's own end lets a centre ask about orders that were open then.
 */
export interface OrderMemory {
  get(serial: string): UnfinishedTransaction | undefined | Promise<UnfinishedTransaction | undefined>
  set(serial: string, transaction: UnfinishedTransaction): unknown
  delete(serial: string): unknown
}

export interface PersonalAccountCardOptions extends MedicalFlowOptions {
  /** Keys of accounts: a hospital's SAM or HSM for payments, the centre's for loads and unloads. */
  readonly accountKeys: MedicalKeyService
  /** Opens the card number of cards of version 3.00. */
  readonly keys?: CardKeyService
  /** Default: in this process. */
  readonly memory?: OrderMemory
  /** Number of the next transaction at this terminal; default 0, 1, 2 ... */
  readonly nextSequence?: () => number
}

/** Orders to one card. */
export interface OpenedPersonalAccount {
  readonly ok: true
  readonly account: PersonalAccountCard
}

/**
 * Presents a card's personal account to the medical centre, which orders debits, loads and unloads and asks about those that
 * stayed unanswered (card-commands §10.5, §10.6).
 *
 * @throws {InputError} for a PIN or number of wrong form; nothing is sent then
 * @example
 * const presented = await personalAccountCard(card, { pin, terminalNumber, accountKeys })
 * if (presented.ok) await centre.settle(request, presented.account)
 */
export async function personalAccountCard(
  card: FlowCard,
  options: PersonalAccountCardOptions,
): Promise<OpenedPersonalAccount | FlowRefusal> {
  encodePin(options.pin)
  terminalBytes(options.terminalNumber)
  const { onEvent, atr, algorithm, keys, memory = new Map<string, UnfinishedTransaction>() } = options
  const reading = await readCard(card, {
    ...(onEvent && { onEvent }),
    ...(atr && { atr }),
    ...(algorithm && { algorithm }),
    ...(keys && { keys }),
  })
  if (!reading.ok) return reading
  const { cardNumber } = reading.person.values
  if (typeof cardNumber !== "string") {
    const refused = reading.person.missing.find(({ field }) => field?.id === "cardNumber")
    return refused?.statusWord === undefined ? NO_NUMBER : cardRefused(refused.statusWord)
  }
  let sequence = 0
  const terminal: Terminal = {
    card,
    options,
    memory,
    nextSequence: options.nextSequence ?? (() => sequence++),
  }
  return {
    ok: true,
    account: {
      cardNumber,
      transact: (order) => transact(terminal, order),
      prove: (order) => prove(terminal, order),
    },
  }
}

export const NO_NUMBER: FlowRefusal = {
  ok: false,
  code: "CARD_ID_UNUSABLE",
  reason: { en: "the card has no card number", zh: "卡内没有卡号" },
}

interface Terminal {
  readonly card: FlowCard
  readonly options: PersonalAccountCardOptions
  readonly memory: OrderMemory
  readonly nextSequence: () => number
}

/** What the second command brought: `proof` is the TAC of a debit or load, MAC3 of an unload. */
interface Committed {
  readonly proof: Uint8Array
  /** MAC2 of a debit. */
  readonly mac2?: Uint8Array
}

async function transact(terminal: Terminal, order: PersonalAccountOrder): Promise<PersonalAccountOutcome> {
  const { card, memory } = terminal
  let begun = false
  try {
    const started = await begin(terminal, order)
    if (!started.ok) return refused(started.reason)
    const { unfinished, settle, check, ofProof } = started
    await memory.set(order.serial, unfinished)
    begun = true
    const settled = await settleOrProve(() => settle(card), ofProof, unfinished, terminal.options.reconnect)
    if (settled.end === "refused") {
      if (settled.refusal.code === "OUTCOME_UNKNOWN") return { outcome: "unknown" }
      await memory.delete(order.serial)
      return refused(settled.refusal.reason)
    }
    // A card that cannot prove what it did: what happened on it is not known.
    const doubt = await check(settled.value)
    if (doubt) return { outcome: "unknown" }
    await memory.delete(order.serial)
    return { outcome: "done", proof: settled.value.proof }
  } catch (error) {
    if (!(error instanceof ShebaoError)) throw error
    return begun ? { outcome: "unknown" } : refused({ en: error.message, zh: error.messageZh ?? error.message })
  }
}

async function prove(terminal: Terminal, order: PersonalAccountOrder): Promise<PersonalAccountOutcome> {
  const { card, memory } = terminal
  const unfinished = await memory.get(order.serial)
  if (!unfinished) return refused({ en: "this terminal began no such order", zh: "本终端没有该笔交易" })
  const proof = await proveTransaction(card, unfinished)
  if (proof.end === "unknown") return { outcome: "unknown" }
  if (proof.end === "done") {
    await memory.delete(order.serial)
    return { outcome: "done", proof: order.kind === "unload" ? proof.mac : proof.tac }
  }
  const journal = await findInJournal(terminal, unfinished)
  if (journal === "unknown") return { outcome: "unknown" }
  await memory.delete(order.serial)
  if (journal === "there") return { outcome: "done", proof: NO_PROOF }
  return refused({ en: "the card did not do it", zh: "卡片未执行该笔交易" })
}

/** The card keeps a proof for its last transaction only; that an older one happened stands in its journal. */
const NO_PROOF = new Uint8Array(0)

/** Looks for a transaction in EF08: 9406 also means that another one followed it (card-commands §10.5). */
async function findInJournal(
  { card, options }: Terminal,
  { kind, number }: UnfinishedTransaction,
): Promise<"there" | "notThere" | "unknown"> {
  try {
    const account = await openAccount(card, options, report(options))
    if (!account.ok) return "unknown"
    const read = await medicalClient(card).readTransactions()
    if (!read.ok) return "unknown"
    const type = String.fromCharCode(MEDICAL_TRANSACTION_TYPES[kind])
    return read.transactions.some((row) => row.number === number && row.type === type) ? "there" : "notThere"
  } catch (error) {
    if (error instanceof ShebaoError) return "unknown"
    throw error
  }
}

interface Started {
  readonly ok: true
  readonly unfinished: UnfinishedTransaction
  readonly settle: (card: FlowCard) => Promise<Outcome<Committed>>
  readonly ofProof: (proof: { readonly mac: Uint8Array; readonly tac: Uint8Array }) => Committed
  /** Why the proof is not the card's, or nobody can tell. */
  readonly check: (committed: Committed) => Promise<FlowRefusal | undefined>
}

/** PIN, INITIALIZE, and the MAC that lets the card go on. Nothing has changed on the card yet. */
async function begin(terminal: Terminal, order: PersonalAccountOrder): Promise<Started | FlowRefusal> {
  const { card, options } = terminal
  const account = await openAccount(card, options, report(options))
  if (!account.ok) return account
  const number = terminalBytes(options.terminalNumber)
  const dateTime = bcdRight(order.date + order.time, 7)
  const personalFen = fen(order.personalFen)

  if (order.kind === "debit") {
    const begun = await initializeDebit(card, personalFen, fen(order.pooledFen), number)
    if (!begun.ok) return cardRefused(begun.statusWord)
    const terminalSequence = terminal.nextSequence()
    const payment: BegunDebit = {
      ...cardOf(account.card, begun),
      ...{ random: begun.random, number: begun.number, terminalSequence, personalFen },
      ...{ pooledFen: fen(order.pooledFen), terminal: number, dateTime },
    }
    const allowed = await options.accountKeys.authorizeDebit(payment)
    if (!allowed.ok) return keyServiceRefused(allowed)
    return {
      ok: true,
      unfinished: { kind: "debit", number: begun.number },
      async settle(line) {
        const paid = await debit(line, terminalSequence, dateTime, allowed.mac1)
        return paid.ok ? { ok: true, proof: paid.tac, mac2: paid.mac2 } : paid
      },
      ofProof: ({ mac, tac }) => ({ proof: tac, mac2: mac }),
      check: async ({ mac2 }) => doubtOf(await options.accountKeys.checkDebit(payment, mac2!)),
    }
  }

  const { kind } = order
  const begun = await initializeTransfer(card, kind, personalFen, number)
  if (!begun.ok) return cardRefused(begun.statusWord)
  const transfer: BegunTransfer = {
    ...cardOf(account.card, begun),
    ...{ kind, random: begun.random, number: begun.number, balanceFen: begun.balanceFen },
    ...{ amountFen: personalFen, terminal: number, dateTime },
  }
  const agreed = await options.accountKeys.authorizeTransfer(transfer, begun.mac1)
  if (!agreed.ok) return keyServiceRefused(agreed)
  return {
    ok: true,
    unfinished: { kind, number: begun.number },
    settle: (line) => (kind === "load" ? creditForLoad : debitForUnload)(line, dateTime, agreed.mac2),
    ofProof: ({ mac, tac }) => ({ proof: kind === "load" ? tac : mac }),
    check: async ({ proof }) => doubtOf(await options.accountKeys.checkTransfer(transfer, proof)),
  }
}

type Checked = Awaited<ReturnType<MedicalKeyService["checkDebit"]>>

function doubtOf(checked: Checked): FlowRefusal | undefined {
  if (!checked.ok) return keyServiceRefused(checked)
  return checked.genuine ? undefined : notGenuine()
}

/** Amounts on the card are 4 bytes. @throws {RangeError} for any other */
function fen(amount: bigint): number {
  uint32(Number(amount))
  return Number(amount)
}

const refused = (reason: Label): PersonalAccountOutcome => ({ outcome: "refused", reason })

const report = ({ onEvent }: FlowOptions) => onEvent ?? (() => undefined)
