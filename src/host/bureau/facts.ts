import { addMonths } from "../medical-centre/calendar.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { BureauLineRow, BureauPersonRow } from "../store/bureau-rows.js"
import type { BureauTime } from "./context.js"
import { divide } from "./rules/explain.js"

export const dueOf = ({ employerFen, personFen }: BureauLineRow) => employerFen + personFen
export const isPaid = (line: BureauLineRow) => line.paidFen >= dueOf(line)

/** The lines that count: of each month and insurance the last; corrections stand above what they correct. */
export function currentLines(lines: readonly BureauLineRow[]): BureauLineRow[] {
  const last = new Map<string, BureauLineRow>()
  for (const line of lines) {
    const key = `${line.month}/${line.insurance}`
    const known = last.get(key)
    if (!known || known.line < line.line) last.set(key, line)
  }
  return [...last.values()]
}

export async function linesOf(rows: BankTransaction, person: string): Promise<BureauLineRow[]> {
  return currentLines(await rows.list("bureauLines", { person }))
}

/** Months of an insurance that are paid; gaps do not matter, years add up (Art. 19). */
export const paidMonths = (lines: readonly BureauLineRow[], insurance: string) =>
  lines.filter((line) => line.insurance === insurance && isPaid(line)).length

/** A year of the pension account, in fen (domain-rules §14.2). */
export interface AccountYear {
  readonly year: string
  readonly openingFen: bigint
  readonly creditFen: bigint
  readonly interestFen: bigint
  readonly drawnFen: bigint
  readonly closingFen: bigint
}

/** The pension account year by year: what a year opened with bears a whole year, a month's credit the months after it. */
export function accountYears(
  person: BureauPersonRow,
  lines: readonly BureauLineRow[],
  until: string,
  rate: number,
): AccountYear[] {
  const paid = lines.filter((line) => line.insurance === "110" && isPaid(line))
  const first = [until, ...paid.map(({ month }) => month)].sort()[0]!.slice(0, 4)
  const years: AccountYear[] = []
  let openingFen = person.priorFen
  for (let year = Number(first); year <= Number(until.slice(0, 4)); year++) {
    const isRunning = String(year) === until.slice(0, 4)
    const months = isRunning ? Number(until.slice(4, 6)) : 12
    let creditFen = 0n
    let weighted = openingFen * BigInt(months)
    for (const line of paid) {
      if (Number(line.month.slice(0, 4)) !== year || line.month > until.slice(0, 6)) continue
      creditFen += line.accountFen
      weighted += line.accountFen * BigInt(months - Number(line.month.slice(4)))
    }
    const interestFen = divide(weighted * BigInt(rate), 120_000n)
    const closingFen = openingFen + creditFen + interestFen
    years.push({ year: String(year), openingFen, creditFen, interestFen, drawnFen: 0n, closingFen })
    openingFen = closingFen
  }
  return years
}

export interface PersonFacts {
  readonly pensionMonths: number
  readonly unemploymentMonths: number
  /** Average of base to average wage, in 1/10,000, from 0.6 to 3. */
  readonly index: number
  readonly accountFen: bigint
  /** Bases of the twelve months before a month. */
  basesBefore(month: string): bigint[]
  readonly lines: readonly BureauLineRow[]
}

/** The lowest and highest index of the national rule (domain-rules §9.1). */
const INDEX_RANGE = [6_000, 30_000] as const

/** Everything the rules want to know of a person's record. */
export async function factsOf(rows: BankTransaction, person: BureauPersonRow, time: BureauTime): Promise<PersonFacts> {
  const lines = await linesOf(rows, person.person)
  const pension = lines.filter((line) => line.insurance === "110" && isPaid(line))
  const { averageWage } = time.region.contrib
  const baseSum = pension.reduce((sum, { baseFen }) => sum + baseFen, 0n)
  const months = pension.length + person.priorMonths
  const weighted = divide(baseSum * 10_000n, averageWage) + BigInt(person.priorIndex * person.priorMonths)
  const average = months === 0 ? INDEX_RANGE[0] : Number(divide(weighted, BigInt(months)))
  const years = accountYears(person, lines, time.date, time.region.pension.accountRate)
  return {
    pensionMonths: months,
    unemploymentMonths: paidMonths(lines, "210") + person.priorMonths,
    index: Math.min(Math.max(average, INDEX_RANGE[0]), INDEX_RANGE[1]),
    accountFen: years.at(-1)?.closingFen ?? person.priorFen,
    basesBefore(month) {
      const from = addMonths(`${month}01`, -12).slice(0, 6)
      return pension.filter((line) => line.month >= from && line.month < month).map(({ baseFen }) => baseFen)
    },
    lines,
  }
}

/** The employment that lasts, if any. */
export async function activeEmployment(rows: BankTransaction, person: string) {
  return (await rows.list("bureauEmployments", { person })).find(({ endedOn }) => endedOn === null)
}
