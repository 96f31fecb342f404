import { InputError } from "../../apdu/index.js"
import { checkUnifiedCreditCode, isCalendarDate } from "../../dictionary/index.js"
import { addDays, addMonths, daysBetween } from "../medical-centre/calendar.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { BureauDeclarationRow, BureauEmployerRow, BureauLineRow } from "../store/bureau-rows.js"
import { type BureauContext, type BureauTime, bureauTime, toJson } from "./context.js"
import { dueOf, linesOf } from "./facts.js"
import { type PaymentLine, paymentLine } from "./records.js"
import { lateFee, monthDue } from "./rules/contributions.js"
import type { BureauRefusal, BureauStep } from "./rules/explain.js"
import { refuse } from "./rules/refusals.js"
import { LEAVING_REASONS } from "./rules/unemployment.js"

/** An employer's operator with card and PIN of the unit (domain-rules §13). */
export interface UnitAsker {
  readonly employer: string
  readonly operator: string
}

/** Days within which a new employee has to be reported (Art. 58). */
const REPORT_DAYS = 30

export async function addEmployer(
  bureau: BureauContext,
  employer: Omit<BureauEmployerRow, "operators"> & { operators: readonly string[] },
) {
  if (checkUnifiedCreditCode(employer.code)) throw new InputError("code", "expected a unified social credit code")
  if (!Number.isInteger(employer.injuryClass) || employer.injuryClass < 1 || employer.injuryClass > 8)
    throw new InputError("injuryClass", "expected 1 to 8")
  const row = { ...employer, operators: JSON.stringify(employer.operators) }
  await bureau.store.transaction((rows) => rows.put("bureauEmployers", row))
}

/** Runs a unit's question in a transaction when its operator is bound to it (E01), and writes it down. */
async function asUnit<Value extends { readonly ok: true }>(
  bureau: BureauContext,
  asker: UnitAsker,
  object: string,
  body: (rows: BankTransaction, unit: BureauEmployerRow, time: BureauTime) => Promise<Value | BureauRefusal>,
): Promise<Value | BureauRefusal> {
  const time = bureauTime(bureau)
  return bureau.store.transaction(async (rows) => {
    const unit = await rows.get("bureauEmployers", asker.employer)
    const isBound = unit !== undefined && (JSON.parse(unit.operators) as string[]).includes(asker.operator)
    const answer = isBound ? await body(rows, unit, time) : refuse("E01")
    await rows.insert("bureauAudit", {
      id: await rows.next("bureauAudit"),
      at: time.at,
      actor: `${asker.employer}/${asker.operator}`,
      channel: "employer",
      subject: asker.employer,
      object,
      purpose: "declaration",
      result: answer.ok ? "done" : answer.code,
    })
    return answer
  })
}

function assertDay(field: string, date: string): void {
  if (!isCalendarDate(date)) throw new InputError(field, "expected a date of the calendar, YYYYMMDD")
}

function assertMonth(month: string): void {
  if (!/^\d{6}$/.test(month) || !isCalendarDate(`${month}01`)) throw new InputError("month", "expected YYYYMM")
}

/** Takes an employee on; E02 when another unit has him. A report after 30 days is taken and marked. */
export function addEmployee(
  bureau: BureauContext,
  asker: UnitAsker,
  { person, beganOn, wageFen }: { readonly person: string; readonly beganOn: string; readonly wageFen: bigint },
) {
  assertDay("beganOn", beganOn)
  if (wageFen <= 0n) throw new InputError("wage", "expected more than 0")
  return asUnit(bureau, asker, "addEmployee", async (rows, { code }, time) => {
    if (beganOn > time.date || !(await rows.get("bureauPersons", person))) return refuse("D01")
    const active = (await rows.list("bureauEmployments", { person })).filter(({ endedOn }) => endedOn === null)
    if (active.length > 0) return refuse("E02")
    const isLate = time.date > addDays(beganOn, REPORT_DAYS)
    const row = { employer: code, person, beganOn, endedOn: null, endReason: null, wageFen, isLate: isLate ? 1 : 0 }
    if (!(await rows.insert("bureauEmployments", row))) return refuse("E02")
    return { ok: true, isLate } as const
  })
}

/** Lets an employee go; E03 when he is not one. */
export function removeEmployee(
  bureau: BureauContext,
  asker: UnitAsker,
  { person, endedOn, reason }: { readonly person: string; readonly endedOn: string; readonly reason: string },
) {
  assertDay("endedOn", endedOn)
  if (!(reason in LEAVING_REASONS))
    throw new InputError("reason", `expected one of ${Object.keys(LEAVING_REASONS).join(", ")}`)
  return asUnit(bureau, asker, "removeEmployee", async (rows, { code }, time) => {
    const active = (await rows.list("bureauEmployments", { person, employer: code })).find(
      (one) => one.endedOn === null,
    )
    if (!active) return refuse("E03")
    if (endedOn < active.beganOn || endedOn > time.date) return refuse("D03")
    await rows.put("bureauEmployments", { ...active, endedOn, endReason: reason })
    return { ok: true } as const
  })
}

/** What a month's declaration came to. */
export interface Declared {
  readonly ok: true
  readonly month: string
  readonly heads: number
  readonly baseFen: bigint
  readonly dueFen: bigint
  /** Employees whose wage was held between floor and ceiling. */
  readonly clamped: number
  readonly steps: readonly BureauStep[]
}

/** Declares a month for everybody who worked in it; once (E06). */
export function declareMonth(bureau: BureauContext, asker: UnitAsker, month: string) {
  assertMonth(month)
  return asUnit(
    bureau,
    asker,
    "declare",
    async (rows, { code, injuryClass }, time): Promise<Declared | BureauRefusal> => {
      if (month > time.date.slice(0, 6) || (await rows.get("bureauDeclarations", code, month))) return refuse("E06")
      const workers = (await rows.list("bureauEmployments", { employer: code })).filter(
        ({ beganOn, endedOn }) => beganOn.slice(0, 6) <= month && (endedOn === null || endedOn.slice(0, 6) > month),
      )
      let [baseFen, dueFen, clamped] = [0n, 0n, 0]
      const steps: BureauStep[] = []
      for (const { person, wageFen } of workers) {
        const due = monthDue(wageFen, injuryClass, time.region.contrib)
        if (due.isClamped) clamped++
        if (steps.length === 0) steps.push(...due.steps)
        baseFen += due.dues[0]!.baseFen
        for (const one of due.dues) {
          dueFen += one.employerFen + one.personFen
          await rows.insert("bureauLines", {
            person,
            month,
            line: 1,
            employer: code,
            kind: month < time.date.slice(0, 6) ? "backPay" : "normal",
            wageFen,
            paidFen: 0n,
            lateFeeFen: 0n,
            arrivedOn: null,
            ...one,
          })
        }
      }
      const declaration = {
        employer: code,
        month,
        heads: workers.length,
        baseFen,
        dueFen,
        paidFen: 0n,
        lateFeeFen: 0n,
        declaredOn: time.date,
      }
      await rows.insert("bureauDeclarations", declaration)
      return { ok: true, month, heads: workers.length, baseFen, dueFen, clamped, steps }
    },
  )
}

/** Where a month's money stands. */
export interface MonthPaid extends Pick<BureauDeclarationRow, "month" | "dueFen" | "paidFen" | "lateFeeFen"> {
  readonly ok: true
  readonly owedFen: bigint
}

/** Last day on which a month is paid in time. */
const lastDay = (month: string) => addDays(addMonths(`${month}01`, 1), -1)

/** Pays a declared month, person by person in the order of the declaration; what is missing stays owed, with the late fee. */
export function payMonth(bureau: BureauContext, asker: UnitAsker, month: string, amountFen: bigint) {
  assertMonth(month)
  if (amountFen <= 0n) throw new InputError("amount", "expected more than 0")
  return asUnit(bureau, asker, "pay", async (rows, { code }, time): Promise<MonthPaid | BureauRefusal> => {
    const declared = await rows.get("bureauDeclarations", code, month)
    if (!declared || amountFen > declared.dueFen - declared.paidFen) return refuse("E06")
    let leftFen = amountFen
    for (const line of await currentOf(rows, code, month)) {
      const partFen = [leftFen, dueOf(line) - line.paidFen].sort((a, b) => (a < b ? -1 : 1))[0]!
      if (partFen <= 0n) continue
      leftFen -= partFen
      const paidFen = line.paidFen + partFen
      await rows.put("bureauLines", { ...line, paidFen, arrivedOn: paidFen >= dueOf(line) ? time.date : null })
    }
    const late = Math.max(0, daysBetween(lastDay(month), time.date))
    const feeFen = lateFee(amountFen, late, time.region.contrib)
    const row = { ...declared, paidFen: declared.paidFen + amountFen, lateFeeFen: declared.lateFeeFen + feeFen }
    await rows.put("bureauDeclarations", row)
    const { dueFen, paidFen, lateFeeFen } = row
    return { ok: true, month, dueFen, paidFen, lateFeeFen, owedFen: dueFen - paidFen }
  })
}

async function currentOf(rows: BankTransaction, employer: string, month: string): Promise<BureauLineRow[]> {
  const lines = await rows.list("bureauLines", { employer, month })
  return lines.filter((line) => !lines.some((other) => isNewer(other, line)))
}

const isNewer = (other: BureauLineRow, line: BureauLineRow) =>
  other.person === line.person && other.insurance === line.insurance && other.line > line.line

export type UnitQuery =
  | { readonly object: "account" }
  /** Premiums of an own employee. */
  | { readonly object: "premiums"; readonly person: string }
  /** What is the person's alone: rights with his consent (E04), his account never (E05). */
  | { readonly object: "rights" | "personalAccount"; readonly person: string; readonly hasConsent?: boolean }

export interface UnitRecords {
  readonly ok: true
  readonly employer: string
  readonly months?: readonly (BureauDeclarationRow & { readonly owedFen: bigint })[]
  readonly premiums?: readonly PaymentLine[]
  readonly monthsPaid?: number
}

/** What a unit reads: its own account, and premiums of its own people (R24); E03 for anybody else, known or not. */
export function queryUnit(bureau: BureauContext, asker: UnitAsker, query: UnitQuery) {
  return asUnit(bureau, asker, query.object, async (rows, { code: employer }): Promise<UnitRecords | BureauRefusal> => {
    if (query.object === "account") {
      const declared = await rows.list("bureauDeclarations", { employer })
      return { ok: true, employer, months: declared.map((row) => ({ ...row, owedFen: row.dueFen - row.paidFen })) }
    }
    if (query.object === "personalAccount") return refuse("E05")
    const employments = await rows.list("bureauEmployments", { employer, person: query.person })
    if (employments.length === 0) return refuse("E03")
    const lines = (await linesOf(rows, query.person)).filter((line) => line.employer === employer)
    if (query.object === "premiums") return { ok: true, employer, premiums: lines.map(paymentLine) }
    if (!query.hasConsent) return refuse("E04")
    return { ok: true, employer, monthsPaid: new Set(lines.map(({ month }) => month)).size }
  })
}

/** How the bureau answers a ticket: a correction after it was checked with the employer, a consultation with its words. */
export type TicketAnswer =
  | { readonly kind: "changed" }
  | { readonly kind: "rejected"; readonly reason: string }
  | { readonly kind: "answered"; readonly text: string }

/** Answers a correction or a consultation; a change adds a line to the record, the old one stays (domain-rules §14.4). */
export function answerTicket(bureau: BureauContext, operator: string, id: string, answer: TicketAnswer) {
  const time = bureauTime(bureau)
  return bureau.store.transaction(async (rows): Promise<{ ok: true; id: string; state: string } | BureauRefusal> => {
    const ticket = await rows.get("bureauCases", id)
    if (!ticket || (ticket.service !== "correction" && ticket.service !== "consultation")) return refuse("D01")
    const expected = answer.kind === "answered" ? "asked" : "submitted"
    if (ticket.state !== expected) return refuse("D02")
    if (answer.kind === "changed") {
      const refused = await correct(rows, ticket.person, JSON.parse(ticket.request), time)
      if (refused) return refused
    }
    await rows.put("bureauCases", { ...ticket, state: answer.kind, result: toJson({ answer, steps: [] }) })
    const subject = (await rows.get("bureauPersons", ticket.person))?.number ?? ""
    await rows.insert("bureauAudit", {
      id: await rows.next("bureauAudit"),
      at: time.at,
      actor: operator,
      channel: "window",
      subject,
      object: ticket.service,
      purpose: id,
      result: answer.kind,
    })
    return { ok: true, id, state: answer.kind }
  })
}

async function correct(
  rows: BankTransaction,
  person: string,
  { month, insurance, wageFen }: { month: string; insurance: string; wageFen: string },
  time: BureauTime,
): Promise<BureauRefusal | undefined> {
  const line = (await linesOf(rows, person)).find((one) => one.month === month && one.insurance === insurance)
  const employment = (await rows.list("bureauEmployments", { person })).find(
    ({ beganOn, endedOn }) => beganOn.slice(0, 6) <= month && (endedOn === null || endedOn.slice(0, 6) >= month),
  )
  const employer = await rows.get("bureauEmployers", line?.employer ?? employment?.employer ?? "")
  if (!employer) return refuse("D01")
  const due = monthDue(BigInt(wageFen), employer.injuryClass, time.region.contrib).dues.find(
    (one) => one.insurance === insurance,
  )!
  const added: BureauLineRow = {
    person,
    month,
    line: (line?.line ?? 0) + 1,
    employer: employer.code,
    kind: "correction",
    wageFen: BigInt(wageFen),
    paidFen: line?.paidFen ?? 0n,
    lateFeeFen: line?.lateFeeFen ?? 0n,
    arrivedOn: line?.arrivedOn ?? null,
    ...due,
  }
  await rows.insert("bureauLines", added)
  const declared = await rows.get("bureauDeclarations", employer.code, month)
  const moreFen = dueOf(added) - (line ? dueOf(line) : 0n)
  if (declared) await rows.put("bureauDeclarations", { ...declared, dueFen: declared.dueFen + moreFen })
  return undefined
}
