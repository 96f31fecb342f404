import { InputError } from "../../apdu/index.js"
import type { BureauCard, BureauCardWrite } from "../../dictionary/index.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { BureauCaseRow, BureauPersonRow } from "../store/bureau-rows.js"
import {
  admit,
  type BureauContext,
  type BureauQuestion,
  type BureauTime,
  bureauTime,
  questionRefusal,
  toJson,
  writeQuestion,
} from "./context.js"
import { type CardServiceState, cardStateAt, decidePin } from "./rules/card.js"
import type { BureauRefusal, BureauStep } from "./rules/explain.js"
import { refuse } from "./rules/refusals.js"
import { SERVICE_SCHEMAS, type ServiceName } from "./service-schemas.js"
import { ESTIMATES, SERVICES, type ServiceCase, type ServiceGranted } from "./services.js"

/** Asks the bureau for a service. */
export interface ServiceRequest extends BureauQuestion {
  readonly service: ServiceName
  /** As the service's schema says. */
  readonly details?: unknown
  /** The sender's serial: done once under it. */
  readonly serial?: string
}

export interface ServiceDone {
  readonly ok: true
  /** Number of the affair; absent for an estimate. */
  readonly id?: string
  /** `pendingCard`: the card has not answered; `finishCard` with the card ends it. */
  readonly state: string
  readonly steps: readonly BureauStep[]
  /** Amounts, months and dates, by the names of the rule. */
  readonly result: Readonly<Record<string, unknown>>
  /** The card still has to be written: nobody presented it. */
  readonly isCardBehind?: boolean
}

export type ServiceOutcome = ServiceDone | BureauRefusal

/** States in which an affair no longer stands. */
const hasEnded = ({ state }: BureauCaseRow) => state === "ended" || state === "withdrawn"

function parseDetails(service: ServiceName, details: unknown): never {
  const parsed = SERVICE_SCHEMAS[service].safeParse(details ?? {})
  if (parsed.success) return parsed.data as never
  const issue = parsed.error.issues[0]!
  throw new InputError(["details", ...issue.path].join("."), issue.message)
}

/** Nobody but the living holder of a card that works is served; the bureau's own services of the card judge it themselves. */
function holderRefusal(
  { service, asker }: ServiceRequest,
  person: BureauPersonRow,
  time: BureauTime,
): BureauRefusal | undefined {
  if (service.startsWith("card.")) return undefined
  if (person.diedOn !== null) return refuse("C07")
  const { region } = time
  if (!region.card.holderKinds.includes(person.kind)) return refuse("C12")
  if (asker.proof !== "cardAndPin") return undefined
  const since = { date: person.cardSince.slice(0, 8), time: person.cardSince.slice(8) }
  const facts = {
    state: person.cardState as CardServiceState,
    since,
    issuedOn: person.cardIssuedOn,
    isReplacing: person.isReplacing === 1,
    isDeceased: false,
    holderKind: person.kind,
  }
  const state = cardStateAt(facts, time, region.card)
  const isLocked = state === "pinLocked"
  const use = ESTIMATES.includes(service) ? "query" : "transact"
  const pin = decidePin({ use, isLocked, isInitial: person.hasInitialPin === 1 }, region.card)
  if (isLocked || state === "normal") return pin
  return refuse("C01", state)
}

interface Prepared {
  readonly outcome: ServiceOutcome
  readonly writes: readonly BureauCardWrite[]
}

/** What of a decision is the answer: all but what belongs to the card and the books. */
function resultOf(granted: ServiceGranted): Record<string, unknown> {
  const { ok: _, steps: __, writes: ___, changes: ____, state: _____, ends: ______, ...result } = granted
  return result
}

async function repeated(row: BureauCaseRow, request: ServiceRequest, details: unknown): Promise<Prepared> {
  const isSame = row.person === request.subject && row.service === request.service && row.request === toJson(details)
  if (!isSame) return { outcome: refuse("D02"), writes: [] }
  const { steps, ...result } = JSON.parse(row.result) as { steps: BureauStep[] }
  const isBehind = row.state !== "pendingCard" && row.cardWrites !== "[]"
  const outcome = {
    ok: true,
    id: row.id,
    state: row.state,
    steps,
    result,
    ...(isBehind && { isCardBehind: true }),
  } as const
  return { outcome, writes: row.state === "pendingCard" ? JSON.parse(row.cardWrites) : [] }
}

async function prepare(
  rows: BankTransaction,
  request: ServiceRequest,
  details: never,
  hasCard: boolean,
  time: BureauTime,
): Promise<Prepared> {
  const { service, subject, serial } = request
  const person = await admit(rows, request, service)
  if ("ok" in person) return { outcome: person, writes: [] }
  const known = serial === undefined ? undefined : await rows.get("bureauCases", serial)
  if (known) return repeated(known, request, details)
  const refused = holderRefusal(request, person, time)
  if (refused) return { outcome: refused, writes: [] }
  const all = await rows.list("bureauCases", { person: subject })
  if (all.some(({ state }) => state === "pendingCard")) return { outcome: refuse("D02", "pendingCard"), writes: [] }
  const isEstimate = ESTIMATES.includes(service)
  const id = serial ?? (isEstimate ? "" : `B${String(await rows.next("bureauCases")).padStart(9, "0")}`)
  const affair: ServiceCase = { rows, person, time, cases: all.filter((one) => !hasEnded(one)), id }
  const decided = await SERVICES[service](details, affair)
  if (!decided.ok) return { outcome: decided, writes: [] }
  const result = resultOf(decided)
  const { steps, writes = [], changes = {}, ends = [], state: granted = "open" } = decided
  if (isEstimate) return { outcome: { ok: true, state: "told", steps, result }, writes: [] }
  const waits = hasCard && writes.length > 0
  const state = waits ? "pendingCard" : granted
  await rows.insert("bureauCases", {
    id,
    person: subject,
    service,
    state,
    openedOn: time.date,
    request: toJson(details),
    result: toJson({ ...result, steps }),
    cardWrites: toJson(writes),
    changes: toJson({ state: granted, changes }),
  })
  if (!waits && Object.keys(changes).length > 0) await rows.put("bureauPersons", { ...person, ...changes })
  for (const one of all) if (ends.includes(one.id)) await rows.put("bureauCases", { ...one, state: "ended" })
  const isBehind = !waits && writes.length > 0
  const outcome = { ok: true, id, state, steps, result, ...(isBehind && { isCardBehind: true }) } as const
  return { outcome, writes: waits ? writes : [] }
}

/** Ends an affair that waited for its card: the person's row and the affair change together. */
async function settleCase(bureau: BureauContext, id: string, isDone: boolean): Promise<string> {
  return bureau.store.transaction(async (rows) => {
    const row = (await rows.get("bureauCases", id))!
    const { state, changes } = JSON.parse(row.changes) as { state: string; changes: Partial<BureauPersonRow> }
    const next = row.state === "pendingCard" ? (isDone ? state : "withdrawn") : row.state
    await rows.put("bureauCases", { ...row, state: next, cardWrites: "[]" })
    if (row.state === "pendingCard" && isDone) {
      const person = (await rows.get("bureauPersons", row.person))!
      await rows.put("bureauPersons", { ...person, ...changes })
    }
    return next
  })
}

const cardRefusal = (reason: { readonly zh: string; readonly en: string }): BureauRefusal => ({
  ...refuse("C01"),
  rule: "card-commands §14.4",
  reason,
})

/**
 * Does one service for a person: judges who asks, decides by the region's rules, writes the card's files and the bureau's
 * records in one step. The affair is prepared first, then the card is written, then both become effective; cut anywhere,
 * either nothing happened or `finishCard` ends it. Every request is written down.
 *
 * @throws {InputError} naming a detail that is not of its form; nothing happened then
 */
export async function serve(
  bureau: BureauContext,
  request: ServiceRequest,
  card?: BureauCard,
): Promise<ServiceOutcome> {
  const details = parseDetails(request.service, request.details)
  const time = bureauTime(bureau)
  const prepared = await bureau.store.transaction(async (rows) => {
    const holder = card && (await rows.get("bureauPersons", request.subject))
    const mayAsk = questionRefusal(request, request.service) === undefined
    const isForeign = mayAsk && holder !== undefined && holder.cardNumber !== card?.cardNumber
    const answer: Prepared = isForeign
      ? { outcome: refuse("C02"), writes: [] }
      : await prepare(rows, request, details, card !== undefined, time)
    await writeQuestion(rows, request, request.service, answer.outcome.ok ? "done" : answer.outcome.code, time)
    return answer
  })
  const { outcome, writes } = prepared
  if (!card || !outcome.ok || outcome.id === undefined || writes.length === 0) return outcome
  const written = await card.write(writes)
  if (written.outcome === "unknown") return outcome
  const state = await settleCase(bureau, outcome.id, written.outcome === "done")
  return written.outcome === "refused" ? cardRefusal(written.reason) : { ...outcome, state }
}

/** Writes to a card what its holder's affairs left open, and ends those that waited for it. @returns their numbers */
export async function finishCard(bureau: BureauContext, person: string, card: BureauCard): Promise<readonly string[]> {
  const open = await bureau.store.transaction(async (rows) => {
    const holder = await rows.get("bureauPersons", person)
    if (holder?.cardNumber !== card.cardNumber) return []
    const cases = await rows.list("bureauCases", { person })
    return cases.filter((row) => row.cardWrites !== "[]" && !hasEnded(row))
  })
  const finished: string[] = []
  for (const row of open) {
    const written = await card.write(JSON.parse(row.cardWrites))
    if (written.outcome !== "done") break
    await settleCase(bureau, row.id, true)
    finished.push(row.id)
  }
  return finished
}
