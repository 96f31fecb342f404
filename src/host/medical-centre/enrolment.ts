import { InputError } from "../../apdu/index.js"
import {
  cardServiceRefusals,
  checkCitizenId,
  isCalendarDate,
  type Label,
  numberFaults,
  readCitizenId,
} from "../../dictionary/index.js"
import type { InsuredRow, ProviderRow, VisitRow } from "../store/medical-rows.js"
import { type CentreContext, centreTime } from "./context.js"
import { accountOf, isInsuredOn } from "./insured.js"
import { type NotSettled, notSettled } from "./settlement/request.js"
import { reverse } from "./settlement/reverse.js"

/** A person who enters the medical insurance. */
export interface Insured {
  /** Citizen identity number. */
  readonly person: string
  readonly name: string
  readonly kind: InsuredRow["kind"]
  /** YYYYMMDD. */
  readonly insuredFrom: string
  /** psn_no; default the next number of the centre. */
  readonly number?: string
  readonly cardNumber: string
  readonly cardState?: InsuredRow["cardState"]
  readonly hasInitialPin?: boolean
  readonly isCivilServant?: boolean
  readonly getsAid?: boolean
  readonly employer?: string
}

export type Enrolled =
  | { readonly ok: true; readonly number: string }
  /** A kind of holder that the region does not serve (R13). */
  | { readonly ok: false; readonly code: "C12"; readonly rule: "R13"; readonly reason: Label }

function assertDate(field: string, date: string): void {
  if (!isCalendarDate(date)) throw new InputError(field, "expected a date of the calendar, YYYYMMDD")
}

/**
 * Takes a person into the records; one who is known keeps his number and account.
 *
 * @throws {InputError} for an identity number or a date that cannot be
 */
export async function insure(centre: CentreContext, insured: Insured): Promise<Enrolled> {
  const fault = checkCitizenId(insured.person, { synthetic: true })
  if (fault) throw new InputError("person", numberFaults[fault].en, { messageZh: `person:${numberFaults[fault].zh}` })
  assertDate("insuredFrom", insured.insuredFrom)
  const { region } = centreTime(centre)
  return centre.store.transaction(async (rows) => {
    if (!region.card.holderKinds.includes(insured.kind)) {
      return { ok: false, code: "C12", rule: "R13", reason: cardServiceRefusals.C12 }
    }
    const known = await rows.get("insured", insured.person)
    const number = known?.number ?? insured.number ?? `P${String(await rows.next("insured")).padStart(9, "0")}`
    await rows.put("insured", {
      person: insured.person,
      number,
      name: insured.name,
      kind: insured.kind,
      birthDate: readCitizenId(insured.person).birthDate,
      civilServant: insured.isCivilServant ? 1 : 0,
      aid: insured.getsAid ? 1 : 0,
      state: "1",
      insuredFrom: insured.insuredFrom,
      stoppedOn: null,
      employer: insured.employer ?? null,
      cardNumber: insured.cardNumber,
      cardState: insured.cardState ?? "normal",
      hasInitialPin: insured.hasInitialPin ? 1 : 0,
      account: known?.account ?? "open",
      diedOn: known?.diedOn ?? null,
    })
    return { ok: true, number }
  })
}

/** What may change about an insured person. */
export type InsuredChanges = Partial<
  Pick<InsuredRow, "kind" | "state" | "stoppedOn" | "cardState" | "cardNumber" | "hasInitialPin" | "employer">
>

/** Changes a person's record. @returns false when nobody of this number is known */
export async function changeInsured(centre: CentreContext, person: string, changes: InsuredChanges): Promise<boolean> {
  return centre.store.transaction(async (rows) => {
    const insured = await rows.get("insured", person)
    if (!insured) return false
    await rows.put("insured", { ...insured, ...changes })
    return true
  })
}

/**
 * Writes down a death: from its day on nothing new is done for the person, and what was settled for a visit after it is
 * reversed (domain-rules §3.4, 6).
 *
 * @returns the serials that were reversed; undefined when nobody of this number is known
 */
export async function reportDeath(
  centre: CentreContext,
  person: string,
  diedOn: string,
): Promise<string[] | undefined> {
  assertDate("diedOn", diedOn)
  if (diedOn > centreTime(centre).date) throw new InputError("diedOn", "expected a day that is not in the future")
  const wrong = await centre.store.transaction(async (rows) => {
    const insured = await rows.get("insured", person)
    if (!insured) return undefined
    await rows.put("insured", { ...insured, diedOn })
    const serials: string[] = []
    for (const { serial, visit } of await rows.list("medicalSettlements", { person, state: "settled" })) {
      const beganOn = (await rows.get("visits", visit))?.beganOn
      if (beganOn !== undefined && beganOn > diedOn) serials.push(serial)
    }
    return serials
  })
  for (const original of wrong ?? []) await reverse(centre, { serial: `${original}-D`, original })
  return wrong
}

/** A card is cancelled, or C11: the money in its medical account comes out first (domain-rules §3.2, L15). */
export type CardCancelled =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: "C01" | "C11"; readonly reason: Label }

/** Cancels a person's card, when nothing is left in his personal account. */
export async function cancelCard(centre: CentreContext, person: string): Promise<CardCancelled> {
  return centre.store.transaction(async (rows) => {
    const insured = await rows.get("insured", person)
    if (!insured || insured.cardState === "cancelled")
      return { ok: false, code: "C01", reason: cardServiceRefusals.C01 }
    const { totalFen } = await accountOf(rows, insured.number)
    if (totalFen > 0n) return { ok: false, code: "C11", reason: cardServiceRefusals.C11 }
    await rows.put("insured", { ...insured, cardState: "cancelled" })
    return { ok: true }
  })
}

/** A provider with, or without, a service agreement. */
export interface Provider {
  readonly code: string
  readonly name: string
  readonly kind: ProviderRow["kind"]
  readonly level?: ProviderRow["level"]
  readonly hasAgreement?: boolean
}

export async function addProvider(
  centre: CentreContext,
  { level = "1", hasAgreement = true, ...provider }: Provider,
): Promise<void> {
  return centre.store.transaction((rows) =>
    rows.put("providers", { ...provider, level, hasAgreement: hasAgreement ? 1 : 0 }),
  )
}

/** A visit that a provider registers. */
export interface VisitRequest {
  readonly person: string
  readonly provider: string
  readonly care: VisitRow["care"]
  readonly cause?: VisitRow["cause"]
  /** YYYYMMDD; default today. */
  readonly beganOn?: string
  /** Place of insurance of somebody who is not insured here. */
  readonly homeArea?: string
  /** Number of the visit; default the next of the centre. */
  readonly id?: string
}

/** Registers a visit, a stay or a purchase. @returns its number, or S02, S03 */
export async function registerVisit(
  centre: CentreContext,
  request: VisitRequest,
): Promise<{ ok: true; id: string } | NotSettled> {
  const { date } = centreTime(centre)
  const { beganOn = date, homeArea = null, cause = "illness", person, provider, care } = request
  assertDate("beganOn", beganOn)
  if (beganOn > date) throw new InputError("beganOn", "expected a day that is not in the future")
  return centre.store.transaction(async (rows) => {
    const place = await rows.get("providers", provider)
    if (!place || place.hasAgreement === 0)
      return notSettled("S03", "非定点医药机构", "the provider has no service agreement")
    const insured = await rows.get("insured", person)
    if (homeArea === null && (!insured || !isInsuredOn(insured, beganOn)))
      return notSettled("S02", "就诊日未正常参保", "not insured on the day of the visit")
    if (insured?.diedOn && insured.diedOn < beganOn)
      return notSettled("S01", "持卡人已死亡", "the holder is deceased", { detail: "C07" })
    const id = request.id ?? `V${String(await rows.next("visit")).padStart(9, "0")}`
    const isNew = await rows.insert("visits", {
      id,
      person,
      provider,
      care,
      cause,
      beganOn,
      homeArea,
      state: "registered",
    })
    return isNew ? { ok: true, id } : notSettled("S07", "就诊号已存在", "the number of the visit is in use")
  })
}

/** Cancels a registered visit that is not settled. @returns false when it cannot be cancelled */
export async function cancelVisit(centre: CentreContext, id: string): Promise<boolean> {
  return centre.store.transaction(async (rows) => {
    const visit = await rows.get("visits", id)
    if (visit?.state !== "registered") return false
    await rows.put("visits", { ...visit, state: "cancelled" })
    return true
  })
}
