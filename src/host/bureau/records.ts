import { createHash, randomBytes } from "node:crypto"
import { maskId, maskName } from "../../apdu/index.js"
import { addDays, addMonths } from "../medical-centre/calendar.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { BureauCaseRow, BureauLineRow, BureauPersonRow } from "../store/bureau-rows.js"
import type { AuditRow } from "../store/medical-rows.js"
import {
  admit,
  type BureauContext,
  type BureauQuestion,
  type BureauTime,
  bureauTime,
  toJson,
  writeQuestion,
} from "./context.js"
import { type AccountYear, accountYears, dueOf, isPaid, linesOf, paidMonths } from "./facts.js"
import { INSURANCES, type Insurance } from "./rules/contributions.js"
import { type BureauRefusal, type BureauStep, Explanation } from "./rules/explain.js"
import { refuse } from "./rules/refusals.js"

/** What a person may read of himself (R24, R26; domain-rules §14). */
export const RECORD_OBJECTS = [
  "person",
  "payments",
  "supervision",
  "statement",
  "certificate",
  "cases",
  "audit",
] as const
export type RecordObject = (typeof RECORD_OBJECTS)[number]

export interface BureauRecordQuery extends BureauQuestion {
  readonly object: RecordObject
  /** Statement: YYYY, default the last whole year. Payments and supervision: only this year. */
  readonly year?: string
}

/** A line of the payment record (domain-rules §14.1), and how it stands. */
export interface PaymentLine extends Omit<BureauLineRow, "person"> {
  readonly state: "paid" | "partial" | "unpaid"
  readonly dueFen: bigint
}

/** What the employer did for one month and insurance (R26). */
export interface SupervisionLine {
  readonly month: string
  readonly insurance: string
  readonly employer: string
  readonly state: PaymentLine["state"] | "notDeclared"
  readonly dueFen: bigint
  readonly paidFen: bigint
  readonly owedFen: bigint
}

/** One insurance on a yearly statement. */
export interface StatementLine {
  readonly insurance: string
  readonly since: string
  readonly monthsThisYear: number
  readonly monthsTotal: number
  readonly baseFen: bigint
  readonly employers: readonly string[]
  /** Old-age insurance only: opening + credit + interest − drawn = closing. */
  readonly account?: AccountYear
}

export interface BureauRecords {
  readonly ok: true
  /** Masked, as they stand on a print. */
  readonly subject: string
  readonly name: string
  readonly requestedBy: string
  readonly person?: Pick<BureauPersonRow, "kind" | "cardState"> & { readonly phone: string | null }
  readonly payments?: readonly PaymentLine[]
  readonly supervision?: readonly SupervisionLine[]
  readonly statement?: { readonly year: string; readonly lines: readonly StatementLine[]; readonly code: string }
  readonly certificate?: {
    readonly lines: readonly StatementLine[]
    readonly issuedOn: string
    readonly code: string
    readonly validUntil: string
  }
  readonly cases?: readonly Pick<BureauCaseRow, "id" | "service" | "state" | "openedOn">[]
  readonly audit?: readonly AuditRow[]
  readonly steps?: readonly BureauStep[]
}

const stateOf = (line: BureauLineRow): PaymentLine["state"] =>
  isPaid(line) ? "paid" : line.paidFen > 0n ? "partial" : "unpaid"

/** A line as it is shown to whom it concerns. */
export function paymentLine(line: BureauLineRow): PaymentLine {
  const { person: _, ...shown } = line
  return { ...shown, state: stateOf(line), dueFen: dueOf(line) }
}

const inYear = (year: string | undefined) => (line: { month: string }) =>
  year === undefined || line.month.startsWith(year)

/** Every month of every employment, with the insurances that nobody declared. */
async function supervision(rows: BankTransaction, person: string, lines: readonly BureauLineRow[], time: BureauTime) {
  const known = new Map(lines.map((line) => [`${line.month}/${line.insurance}`, line]))
  const found: SupervisionLine[] = lines.map((line) => ({
    month: line.month,
    insurance: line.insurance,
    employer: line.employer,
    state: stateOf(line),
    dueFen: dueOf(line),
    paidFen: line.paidFen,
    owedFen: dueOf(line) - line.paidFen,
  }))
  for (const { employer, beganOn, endedOn } of await rows.list("bureauEmployments", { person })) {
    const last = (endedOn ?? time.date).slice(0, 6)
    for (let month = beganOn.slice(0, 6); month < last; month = addMonths(`${month}01`, 1).slice(0, 6))
      for (const insurance of Object.keys(INSURANCES))
        if (!known.has(`${month}/${insurance}`))
          found.push({ month, insurance, employer, state: "notDeclared", dueFen: 0n, paidFen: 0n, owedFen: 0n })
  }
  return found.sort((a, b) => (a.month + a.insurance < b.month + b.insurance ? -1 : 1))
}

function statementLines(person: BureauPersonRow, lines: readonly BureauLineRow[], year: string, time: BureauTime) {
  return (Object.keys(INSURANCES) as Insurance[]).flatMap((insurance): StatementLine[] => {
    const own = lines.filter((line) => line.insurance === insurance && line.month.slice(0, 4) <= year)
    if (own.length === 0) return []
    const ofYear = own.filter(({ month }) => month.startsWith(year))
    const until = year < time.date.slice(0, 4) ? `${year}1231` : time.date
    const account =
      insurance === "110"
        ? accountYears(person, lines, until, time.region.pension.accountRate).find((one) => one.year === year)
        : undefined
    return [
      {
        insurance,
        since: own.map(({ month }) => month).sort()[0]!,
        monthsThisYear: paidMonths(ofYear, insurance),
        monthsTotal: paidMonths(own, insurance) + (insurance === "110" || insurance === "210" ? person.priorMonths : 0),
        baseFen: ofYear.reduce((sum, { baseFen }) => sum + baseFen, 0n),
        employers: [...new Set(ofYear.map(({ employer }) => employer))],
        ...(account && { account }),
      },
    ]
  })
}

/** Crockford's base 32 has no I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const newCode = () => Array.from(randomBytes(16), (byte) => ALPHABET[byte % 32]).join("")

async function issue(rows: BankTransaction, kind: string, document: unknown, time: BureauTime) {
  const code = newCode()
  const validUntil = addDays(time.date, time.region.records.verificationCodeDays)
  const hash = createHash("sha256").update(toJson(document)).digest("hex")
  await rows.insert("bureauDocuments", { code, kind, hash, validUntil })
  return { code, validUntil }
}

async function read(
  rows: BankTransaction,
  person: BureauPersonRow,
  { object, year }: BureauRecordQuery,
  time: BureauTime,
): Promise<Partial<BureauRecords>> {
  switch (object) {
    case "person": {
      const { kind, cardState, phone } = person
      return { person: { kind, cardState, phone: phone && `${phone.slice(0, 3)}****${phone.slice(-4)}` } }
    }
    case "payments":
      return { payments: (await linesOf(rows, person.person)).filter(inYear(year)).map(paymentLine) }
    case "supervision": {
      const lines = await supervision(rows, person.person, await linesOf(rows, person.person), time)
      return { supervision: lines.filter(inYear(year)) }
    }
    case "statement": {
      const ofYear = year ?? String(Number(time.date.slice(0, 4)) - 1)
      const lines = statementLines(person, await linesOf(rows, person.person), ofYear, time)
      const { code } = await issue(rows, "statement", { person: person.number, ofYear, lines }, time)
      const told = new Explanation()
      const { accountRate } = time.region.pension
      for (const { account } of lines)
        if (account)
          told.money(
            "domain-rules §14.2",
            { zh: "个人账户年末余额", en: "pension account at the end" },
            "pension.accountRate",
            accountRate / 10_000,
            "opening + credits + interest − drawn",
            account.closingFen,
          )
      return { statement: { year: ofYear, lines, code }, steps: told.steps }
    }
    case "certificate": {
      const lines = statementLines(person, await linesOf(rows, person.person), time.date.slice(0, 4), time)
      const document = { person: person.number, issuedOn: time.date, lines }
      return { certificate: { lines, issuedOn: time.date, ...(await issue(rows, "certificate", document, time)) } }
    }
    case "cases": {
      const cases = await rows.list("bureauCases", { person: person.person })
      return { cases: cases.map(({ id, service, state, openedOn }) => ({ id, service, state, openedOn })) }
    }
    case "audit":
      return { audit: await rows.list("bureauAudit", { subject: person.number }) }
  }
}

/** Reads records of a person: he himself with card and PIN or face, or with his mandate; every question is written down. */
export async function queryBureau(
  bureau: BureauContext,
  query: BureauRecordQuery,
): Promise<BureauRecords | BureauRefusal> {
  const time = bureauTime(bureau)
  return bureau.store.transaction(async (rows) => {
    const person = await admit(rows, query, query.object)
    const isRefused = "ok" in person
    await writeQuestion(rows, query, query.object, isRefused ? person.code : "told", time)
    if (isRefused) return person
    const { kind, id } = query.asker
    const asker = kind === "operator" ? id : maskName((await rows.get("bureauPersons", id))?.name ?? id)
    const head = { ok: true, subject: maskId(person.person), name: maskName(person.name), requestedBy: asker } as const
    return { ...head, ...(await read(rows, person, query, time)) }
  })
}

/** Whether a printed document is genuine: valid or not, and nothing else. */
export async function checkDocument(bureau: BureauContext, code: string): Promise<boolean> {
  const { date } = bureauTime(bureau)
  const row = await bureau.store.transaction((rows) => rows.get("bureauDocuments", code.toUpperCase()))
  return row !== undefined && date <= row.validUntil
}

/** Something that the person says is wrong, or asks about (domain-rules §14.4). */
export type Ticket =
  | {
      readonly kind: "correction"
      readonly month: string
      readonly insurance: string
      readonly wageFen: bigint
      readonly note: string
    }
  | { readonly kind: "consultation"; readonly question: string }

/** Raises a correction from a line of the record (R26), or asks a question (R25). */
export async function raiseTicket(bureau: BureauContext, question: BureauQuestion, ticket: Ticket) {
  const time = bureauTime(bureau)
  return bureau.store.transaction(
    async (rows): Promise<{ ok: true; id: string; state: string; answerBy: string } | BureauRefusal> => {
      const person = await admit(rows, question, ticket.kind)
      const answer = "ok" in person ? person : await open(rows, person, ticket, time)
      await writeQuestion(rows, question, ticket.kind, answer.ok ? "done" : answer.code, time)
      return answer
    },
  )
}

async function open(rows: BankTransaction, { person }: BureauPersonRow, ticket: Ticket, time: BureauTime) {
  if (ticket.kind === "correction") {
    const lines = await supervision(rows, person, await linesOf(rows, person), time)
    if (!lines.some(({ month, insurance }) => month === ticket.month && insurance === ticket.insurance))
      return refuse("D01")
    const cases = await rows.list("bureauCases", { person, service: "correction" })
    const isOpen = ({ state, request }: BureauCaseRow) => {
      const { month, insurance } = JSON.parse(request) as { month: string; insurance: string }
      return state === "submitted" && month === ticket.month && insurance === ticket.insurance
    }
    if (cases.some(isOpen)) return refuse("D02")
  }
  const id = `B${String(await rows.next("bureauCases")).padStart(9, "0")}`
  const answerBy = addDays(time.date, time.region.records.correctionAnswerDays)
  const state = ticket.kind === "correction" ? "submitted" : "asked"
  await rows.insert("bureauCases", {
    id,
    person,
    service: ticket.kind,
    state,
    openedOn: time.date,
    request: toJson(ticket),
    result: toJson({ answerBy, steps: [] }),
    cardWrites: "[]",
    changes: "{}",
  })
  return { ok: true, id, state, answerBy } as const
}
