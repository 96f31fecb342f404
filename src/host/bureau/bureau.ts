import { InputError } from "../../apdu/index.js"
import { type BureauCard, checkCitizenId, isCalendarDate, numberFaults, readCitizenId } from "../../dictionary/index.js"
import type { Region } from "../regions/region.js"
import { fixedRegion, type RegionTimeline, regionTimeline } from "../regions/timeline.js"
import type { BureauEmployerRow, BureauPersonRow } from "../store/bureau-rows.js"
import { openStore, type StoreChoice } from "../store/open-store.js"
import { type BureauContext, type BureauQuestion, bureauTime } from "./context.js"
import * as employers from "./employers.js"
import {
  type BureauRecordQuery,
  type BureauRecords,
  checkDocument,
  queryBureau,
  raiseTicket,
  type Ticket,
} from "./records.js"
import type { BureauRefusal } from "./rules/explain.js"
import type { OriginalAge } from "./rules/pension.js"
import { finishCard, type ServiceOutcome, type ServiceRequest, serve } from "./serve.js"

export interface BureauOptions {
  /** Default "memory". Bank and medical centre may share it. */
  readonly store?: StoreChoice
  readonly region?: string | Region | RegionTimeline
  readonly clock?: () => Date
}

/** A holder as he is enrolled. */
export interface Holder {
  readonly person: string
  readonly name: string
  readonly kind: string
  /** Default by sex: men 60, women 55. */
  readonly originalAge?: OriginalAge
  readonly cardNumber: string
  readonly cardState?: BureauPersonRow["cardState"]
  readonly cardIssuedOn: string
  readonly hasInitialPin?: boolean
  readonly isAccountActive?: boolean
  readonly phone?: string
  readonly priorMonths?: number
  readonly priorFen?: bigint
  readonly priorIndex?: number
}

/** The bureau of labour and social security: a person's affairs, the records, the employers. */
export interface Bureau {
  enrol(holder: Holder): Promise<string>
  reportDeath(person: string, diedOn: string): Promise<boolean>
  addEmployer(employer: Omit<BureauEmployerRow, "operators"> & { operators: readonly string[] }): Promise<void>
  /** @throws {InputError} naming a detail that is not of its form */
  serve(request: ServiceRequest, card?: BureauCard): Promise<ServiceOutcome>
  /** Ends what waits for a card. */
  finishCard(person: string, card: BureauCard): Promise<readonly string[]>
  records(query: BureauRecordQuery): Promise<BureauRecords | BureauRefusal>
  raise(question: BureauQuestion, ticket: Ticket): ReturnType<typeof raiseTicket>
  answer(operator: string, id: string, answer: employers.TicketAnswer): ReturnType<typeof employers.answerTicket>
  isGenuine(code: string): Promise<boolean>
  readonly unit: {
    addEmployee(
      asker: employers.UnitAsker,
      employee: Parameters<typeof employers.addEmployee>[2],
    ): ReturnType<typeof employers.addEmployee>
    removeEmployee(
      asker: employers.UnitAsker,
      employee: Parameters<typeof employers.removeEmployee>[2],
    ): ReturnType<typeof employers.removeEmployee>
    declare(asker: employers.UnitAsker, month: string): ReturnType<typeof employers.declareMonth>
    pay(asker: employers.UnitAsker, month: string, amountFen: bigint): ReturnType<typeof employers.payMonth>
    query(asker: employers.UnitAsker, query: employers.UnitQuery): ReturnType<typeof employers.queryUnit>
  }
  close(): Promise<void>
}

function timelineOf(region: BureauOptions["region"] = "default"): RegionTimeline {
  if (typeof region === "string") return regionTimeline(region)
  return "at" in region ? region : fixedRegion(region)
}

/** Writes a holder down. @throws {InputError} for a number or date that cannot be */
async function enrol(bureau: BureauContext, holder: Holder): Promise<string> {
  const fault = checkCitizenId(holder.person, { synthetic: true })
  if (fault) throw new InputError("person", numberFaults[fault].en, { messageZh: `person:${numberFaults[fault].zh}` })
  if (!isCalendarDate(holder.cardIssuedOn)) throw new InputError("cardIssuedOn", "expected YYYYMMDD")
  const time = bureauTime(bureau)
  const { birthDate, sex } = readCitizenId(holder.person)
  return bureau.store.transaction(async (rows) => {
    const known = await rows.get("bureauPersons", holder.person)
    const number = known?.number ?? `L${String(await rows.next("bureauPersons")).padStart(9, "0")}`
    await rows.put("bureauPersons", {
      person: holder.person,
      number,
      name: holder.name,
      birthDate,
      originalAge: holder.originalAge ?? (sex === "1" ? 60 : 55),
      kind: holder.kind,
      phone: holder.phone ?? null,
      address: null,
      cardNumber: holder.cardNumber,
      cardState: holder.cardState ?? "normal",
      cardSince: time.date + time.time,
      cardIssuedOn: holder.cardIssuedOn,
      isReplacing: 0,
      hasInitialPin: holder.hasInitialPin ? 1 : 0,
      isAccountActive: holder.isAccountActive ? 1 : 0,
      priorMonths: holder.priorMonths ?? 0,
      priorFen: holder.priorFen ?? 0n,
      priorIndex: holder.priorIndex ?? 10_000,
      diedOn: known?.diedOn ?? null,
    })
    return number
  })
}

async function reportDeath(bureau: BureauContext, person: string, diedOn: string): Promise<boolean> {
  if (!isCalendarDate(diedOn) || diedOn > bureauTime(bureau).date)
    throw new InputError("diedOn", "expected a day of the calendar that is not in the future")
  return bureau.store.transaction(async (rows) => {
    const row = await rows.get("bureauPersons", person)
    if (row) await rows.put("bureauPersons", { ...row, diedOn })
    return row !== undefined
  })
}

/**
 * Opens a bureau.
 *
 * @example
 * const bureau = createBureau()
 * const asker = { kind: "person", id: person, proof: "cardAndPin" }
 * await bureau.serve({ asker, subject: person, channel: "kiosk", purpose: "own", service: "pension.estimate" })
 */
export function createBureau(options: BureauOptions = {}): Bureau {
  const bureau: BureauContext = {
    store: openStore(options.store),
    regions: timelineOf(options.region),
    clock: options.clock ?? (() => new Date()),
  }
  return {
    enrol: (holder) => enrol(bureau, holder),
    reportDeath: (person, diedOn) => reportDeath(bureau, person, diedOn),
    addEmployer: (employer) => employers.addEmployer(bureau, employer),
    serve: (request, card) => serve(bureau, request, card),
    finishCard: (person, card) => finishCard(bureau, person, card),
    records: (query) => queryBureau(bureau, query),
    raise: (question, ticket) => raiseTicket(bureau, question, ticket),
    answer: (operator, id, answer) => employers.answerTicket(bureau, operator, id, answer),
    isGenuine: (code) => checkDocument(bureau, code),
    unit: {
      addEmployee: (asker, employee) => employers.addEmployee(bureau, asker, employee),
      removeEmployee: (asker, employee) => employers.removeEmployee(bureau, asker, employee),
      declare: (asker, month) => employers.declareMonth(bureau, asker, month),
      pay: (asker, month, amountFen) => employers.payMonth(bureau, asker, month, amountFen),
      query: (asker, query) => employers.queryUnit(bureau, asker, query),
    },
    close: () => bureau.store.close(),
  }
}
