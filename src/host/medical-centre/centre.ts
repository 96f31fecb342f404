import type { MedicalCentreLink, PayoutLink, PersonalAccountCard } from "../../dictionary/index.js"
import type { Region } from "../regions/region.js"
import { fixedRegion, type RegionTimeline, regionTimeline } from "../regions/timeline.js"
import type { InsuredRow, VisitRow } from "../store/medical-rows.js"
import { openStore, type StoreChoice } from "../store/open-store.js"
import { creditInterest } from "./account/interest.js"
import { type CardTransfer, type CardTransferOutcome, transferToCard } from "./account/load.js"
import { type Credited, creditMonth, type MonthlyCredit } from "./account/premium.js"
import { type CentreContext, centreTime } from "./context.js"
import { type FilingOutcome, type FilingRequest, fileTreatmentElsewhere } from "./cross-region/filing.js"
import { preSettleElsewhere, settleElsewhere } from "./cross-region/insured-elsewhere.js"
import type { HomeCentre, PlatformLink } from "./cross-region/platform.js"
import { decideMedicalWithdrawal } from "./decide-withdrawal.js"
import {
  addProvider,
  type CardCancelled,
  cancelCard,
  cancelVisit,
  changeInsured,
  type Enrolled,
  type Insured,
  type InsuredChanges,
  insure,
  type Provider,
  registerVisit,
  reportDeath,
  type VisitRequest,
} from "./enrolment.js"
import { bindFamily, type FamilyBond, type FamilyOutcome, releaseFamily } from "./family.js"
import { accountOf } from "./insured.js"
import { type Cleared, type Clearing, clear } from "./ledger/clearing.js"
import { endowFunds } from "./ledger/funds.js"
import { type MedicalLedgerCheck, verifyMedicalLedger } from "./ledger/verify.js"
import { queryRecords, type RecordQuery, type RecordRefusal, type Records } from "./records/query.js"
import { type Reconciliation, type ReconciliationRequest, reconcile } from "./records/reconcile.js"
import { type CardOrderResolution, resolveCardOrder } from "./resolve-card-order.js"
import type { NotSettled, SettlementOutcome, SettlementRequest } from "./settlement/request.js"
import type { ReversalRequest, Reversed } from "./settlement/reverse.js"
import { findSettlement, preSettle, reverseSettlement, settle } from "./settlement/visits.js"
import { parseApplication, type WithdrawalApplicationJson } from "./withdrawal/application.js"
import type { WithdrawalOutcome } from "./withdrawal/case-file.js"
import type { EventRegistry } from "./withdrawal/event-registry.js"
import { pay, redirect } from "./withdrawal/pay.js"
import { clearingHouse } from "./withdrawal/payout-link.js"
import { approve, freeze, submit, verify } from "./withdrawal/steps.js"

/** How a centre is set up. Everything has a default: `createMedicalCentre()` is one in memory with the default region. */
export interface MedicalCentreOptions {
  /** Default "memory". The bank's store may be shared: the tables are others. */
  readonly store?: StoreChoice
  /** A region's name or file, one profile for all days, or a timeline. */
  readonly region?: string | Region | RegionTimeline
  readonly clock?: () => Date
  /** Default a clearing house that takes every order. */
  readonly payouts?: PayoutLink
  readonly events?: EventRegistry
  readonly platform?: PlatformLink
}

/** What a personal account holds, in fen: at the centre, on the card, and both. */
export interface PersonalAccount {
  readonly state: "open" | "frozen" | "closed"
  readonly centreFen: bigint
  readonly cardFen: bigint
  readonly totalFen: bigint
}

/** The steps of a withdrawal. */
export interface Withdrawals {
  /** @throws {InputError} naming a field of the application that is not of its form */
  submit(application: WithdrawalApplicationJson, operator: string): Promise<WithdrawalOutcome>
  verify(id: string, operator: string): Promise<WithdrawalOutcome>
  /** With the card, its account is unloaded and closed; without it the card is refused from now on. */
  freeze(id: string, operator: string, card?: PersonalAccountCard): Promise<WithdrawalOutcome>
  approve(id: string, operator: string): Promise<WithdrawalOutcome>
  /** By another operator than the approval. */
  pay(id: string, operator: string): Promise<WithdrawalOutcome>
  /** Names another account for a payment that a bank refused. */
  redirect(id: string, position: number, accountNumber: string): Promise<boolean>
}

/** A medical insurance service centre: the insured, their accounts, settlements, and lawful withdrawals. */
export interface MedicalCentre extends MedicalCentreLink, HomeCentre {
  insure(insured: Insured): Promise<Enrolled>
  changeInsured(person: string, changes: InsuredChanges): Promise<boolean>
  reportDeath(person: string, diedOn: string): Promise<string[] | undefined>
  /** Cancels a card whose account is empty; C11 otherwise. */
  cancelCard(person: string): Promise<CardCancelled>
  addProvider(provider: Provider): Promise<void>
  registerVisit(request: VisitRequest): Promise<{ ok: true; id: string } | NotSettled>
  cancelVisit(id: string): Promise<boolean>
  bindFamily(bond: FamilyBond): Promise<FamilyOutcome>
  releaseFamily(owner: string, member: string): Promise<boolean>
  fileTreatmentElsewhere(request: FilingRequest): Promise<FilingOutcome>
  /** Credits a month's premium, or a retired person's month. */
  creditMonth(credit: MonthlyCredit): Promise<Credited | undefined>
  creditInterest(person: string, year: string): Promise<bigint | undefined>
  /** Endows the funds. */
  endow(key: string, fundsFen: Readonly<Record<string, bigint>>): Promise<boolean>
  /** Pays a provider's claims, or clears with another region, once under a key. */
  clear(clearing: Clearing): Promise<Cleared | undefined>
  account(person: string): Promise<PersonalAccount | undefined>
  /** The record of a person, by identity number or by the centre's number. */
  findInsured(key: { readonly person: string } | { readonly number: string }): Promise<InsuredRow | undefined>
  findVisit(id: string): Promise<VisitRow | undefined>
  /** The visit that was settled under a serial. */
  visitOfSettlement(serial: string): Promise<string | undefined>
  /** Serial of a load or unload of a person that still waits for its card: to be ended before another begins. */
  openCardOrder(person: string, kind: CardTransfer["kind"]): Promise<string | undefined>
  transferToCard(request: CardTransfer, card: PersonalAccountCard): Promise<CardTransferOutcome>
  /** Ends an order whose card will never answer, as staff found out. @returns false when no such order waits */
  resolveCardOrder(resolution: CardOrderResolution): Promise<boolean>
  preSettle(request: SettlementRequest): Promise<SettlementOutcome>
  settle(request: SettlementRequest, card?: PersonalAccountCard): Promise<SettlementOutcome>
  reverse(request: ReversalRequest): Promise<Reversed | NotSettled>
  /** Withdrawals from personal accounts, step by step (domain-rules §8.2); each step names its operator. */
  readonly withdrawals: Withdrawals
  /** Reads records, and writes down who asked for what, and why. */
  records(query: RecordQuery): Promise<Records | RecordRefusal>
  /** Compares a provider's sums with ours. */
  reconcile(request: ReconciliationRequest): Promise<Reconciliation>
  readonly ledger: { verify(): Promise<MedicalLedgerCheck> }
  /** Finishes what is running and lets go of the store. */
  close(): Promise<void>
}

function timelineOf(region: MedicalCentreOptions["region"] = "default"): RegionTimeline {
  if (typeof region === "string") return regionTimeline(region)
  return "at" in region ? region : fixedRegion(region)
}

/**
 * Opens a medical centre.
 *
 * @example
 * const centre = createMedicalCentre({ region: "bj-like" })
 * const { id } = await centre.registerVisit({ person, provider: "H1", care: "inpatient" })
 * await centre.settle({ serial: "0001", visit: id, lines, pinVerified: true })
 */
export function createMedicalCentre(options: MedicalCentreOptions = {}): MedicalCentre {
  const centre: CentreContext = {
    store: openStore(options.store),
    regions: timelineOf(options.region),
    clock: options.clock ?? (() => new Date()),
    payouts: options.payouts ?? clearingHouse(),
    ...(options.events && { events: options.events }),
    ...(options.platform && { platform: options.platform }),
  }
  return {
    decideWithdrawal: async (request) => decideMedicalWithdrawal(request, centreTime(centre).region.withdraw),
    insure: (insured) => insure(centre, insured),
    changeInsured: (person, changes) => changeInsured(centre, person, changes),
    reportDeath: (person, diedOn) => reportDeath(centre, person, diedOn),
    cancelCard: (person) => cancelCard(centre, person),
    addProvider: (provider) => addProvider(centre, provider),
    registerVisit: (request) => registerVisit(centre, request),
    cancelVisit: (id) => cancelVisit(centre, id),
    bindFamily: (bond) => bindFamily(centre, bond),
    releaseFamily: (owner, member) => releaseFamily(centre, owner, member),
    fileTreatmentElsewhere: (request) => fileTreatmentElsewhere(centre, request),
    creditMonth: (credit) => creditMonth(centre, credit),
    creditInterest: (person, year) => creditInterest(centre, person, year),
    endow: (key, fundsFen) => endowFunds(centre, key, fundsFen),
    clear: (clearing) => clear(centre, clearing),
    account: (person) =>
      centre.store.transaction(async (rows) => {
        const insured = await rows.get("insured", person)
        return insured && { state: insured.account, ...(await accountOf(rows, insured.number)) }
      }),
    findInsured: (key) =>
      centre.store.transaction(async (rows) =>
        "person" in key ? rows.get("insured", key.person) : (await rows.list("insured", { number: key.number }))[0],
      ),
    findVisit: (id) => centre.store.transaction((rows) => rows.get("visits", id)),
    visitOfSettlement: (serial) =>
      centre.store.transaction(async (rows) => (await rows.get("medicalSettlements", serial))?.visit),
    openCardOrder: (person, kind) =>
      centre.store.transaction(
        async (rows) => (await rows.list("medicalCardOrders", { person, kind, state: "prepared" }))[0]?.serial,
      ),
    transferToCard: (request, card) => transferToCard(centre, request, card),
    resolveCardOrder: (resolution) => resolveCardOrder(centre, resolution),
    preSettle: (request) => preSettle(centre, request),
    settle: (request, card) => settle(centre, request, card),
    reverse: (request) => reverseSettlement(centre, request),
    find: (serial) => findSettlement(centre, serial),
    preSettleElsewhere: (request) => preSettleElsewhere(centre, request),
    settleElsewhere: (request) => settleElsewhere(centre, request),
    withdrawals: {
      submit: async (application, operator) => submit(centre, parseApplication(application), operator),
      verify: (id, operator) => verify(centre, id, operator),
      freeze: (id, operator, card) => freeze(centre, id, operator, card),
      approve: (id, operator) => approve(centre, id, operator),
      pay: (id, operator) => pay(centre, id, operator),
      redirect: (id, position, accountNumber) => redirect(centre, id, position, accountNumber),
    },
    records: (query) => queryRecords(centre, query),
    reconcile: (request) => reconcile(centre, request),
    ledger: { verify: () => verifyMedicalLedger(centre.store) },
    close: () => centre.store.close(),
  }
}
