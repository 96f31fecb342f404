import { InputError } from "../../apdu/index.js"
import {
  computeCardNumberCheck,
  computeCitizenIdCheck,
  computeUnifiedCreditCheck,
  isCalendarDate,
} from "../../dictionary/index.js"
import { monthDue } from "../bureau/rules/contributions.js"
import { addMonths } from "../medical-centre/calendar.js"
import type { Region } from "../regions/region.js"
import type { BankStore, BankTransaction } from "../store/bank-store.js"
import type { BureauEmployerRow, BureauPersonRow } from "../store/bureau-rows.js"

/** How a town is made up. */
export interface TownOptions {
  /** Default 1. The same number makes the same town. */
  readonly seed?: number
  /** YYYYMMDD: the records end with the month before. */
  readonly today: string
  readonly region: Region
  /** Default 100 holders, 12 employers, 5 years. */
  readonly holders?: number
  readonly employers?: number
  readonly years?: number
}

export interface Town {
  readonly persons: readonly string[]
  readonly employers: readonly string[]
  /** Lines of the payment record. */
  readonly lines: number
}

const FAMILY = ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈"]
const GIVEN = ["测一", "测二", "测三", "测四", "试甲", "试乙", "试丙", "虚拟", "样例", "演示"]
const TRADES = ["纺织", "机械", "食品", "物流", "软件", "建材", "印刷", "园林", "零售", "餐饮", "化工", "教育"]

/** A sequence of numbers in 0 … 1 that a seed determines (mulberry32). */
function randomSequence(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const digits = (value: number, length: number) => String(value).padStart(length, "0")

/** A synthetic person: area 999999, which belongs to nobody (domain-rules §17.7). */
function makePerson(at: number, random: () => number, today: string): BureauPersonRow {
  const share = random()
  const kind = share < 0.75 ? "employee" : share < 0.85 ? "unemployed" : "retiree"
  const age = kind === "retiree" ? 64 + Math.floor(random() * 16) : 22 + Math.floor(random() * 34)
  const year = Number(today.slice(0, 4)) - age
  const birthDate = `${year}${digits(1 + Math.floor(random() * 12), 2)}${digits(1 + Math.floor(random() * 28), 2)}`
  const first17 = `999999${birthDate}${digits(100 + at, 3)}`
  const isMan = Number(first17[16]) % 2 === 1
  const worked = Math.max(0, Math.min(age - 22, 40) * 12 - 60)
  const priorMonths = Math.floor(worked * (0.5 + random() / 2))
  const priorIndex = 6_000 + Math.floor(random() * 12_000)
  const card = `S1${digits(at, 6)}`
  return {
    person: first17 + computeCitizenIdCheck(first17),
    number: `L9${digits(at, 8)}`,
    name: FAMILY[Math.floor(random() * 10)]! + GIVEN[at % 10]!,
    birthDate,
    originalAge: isMan ? 60 : random() < 0.5 ? 55 : 50,
    kind,
    phone: `1990000${digits(at, 4)}`,
    address: null,
    cardNumber: card + computeCardNumberCheck(card),
    cardState: "normal",
    cardSince: `${today}000000`,
    cardIssuedOn: addMonths(today, -12 * (1 + Math.floor(random() * 6))),
    isReplacing: 0,
    hasInitialPin: random() < 0.1 ? 1 : 0,
    isAccountActive: random() < 0.9 ? 1 : 0,
    priorMonths,
    priorFen: BigInt(priorMonths) * BigInt(30_000 + Math.floor(random() * 40_000)),
    priorIndex,
    diedOn: null,
  }
}

function makeEmployer(at: number): BureauEmployerRow {
  const first17 = `91990100MA${digits(at, 7)}`
  return {
    code: first17 + computeUnifiedCreditCheck(first17),
    name: `测试${TRADES[at % TRADES.length]}有限公司`,
    registrationNumber: `99${digits(at, 8)}`,
    injuryClass: 1 + (at % 8),
    operators: JSON.stringify(["admin"]),
  }
}

/** The record of one person at one employer; the wage grows each year. @returns lines */
async function makeLines(
  rows: BankTransaction,
  person: BureauPersonRow,
  { code: employer, injuryClass }: BureauEmployerRow,
  months: readonly string[],
  firstWageFen: bigint,
  { contrib }: Region,
): Promise<number> {
  let wageFen = firstWageFen
  let lines = 0
  let { dues } = monthDue(wageFen, injuryClass, contrib)
  for (const month of months) {
    if (month.endsWith("01") && lines > 0) {
      wageFen += wageFen / 20n
      dues = monthDue(wageFen, injuryClass, contrib).dues
    }
    for (const due of dues) {
      await rows.insert("bureauLines", {
        person: person.person,
        month,
        line: 1,
        employer,
        kind: "normal",
        wageFen,
        paidFen: due.employerFen + due.personFen,
        lateFeeFen: 0n,
        arrivedOn: `${month}20`,
        ...due,
      })
      lines++
    }
  }
  return lines
}

/** The sums of what each employer declared and paid, out of the lines. */
async function makeDeclarations(rows: BankTransaction, employer: string): Promise<void> {
  const months = new Map<string, { heads: number; baseFen: bigint; dueFen: bigint }>()
  for (const line of await rows.list("bureauLines", { employer })) {
    const sum = months.get(line.month) ?? { heads: 0, baseFen: 0n, dueFen: 0n }
    sum.dueFen += line.employerFen + line.personFen
    if (line.insurance === "110") {
      sum.heads++
      sum.baseFen += line.baseFen
    }
    months.set(line.month, sum)
  }
  for (const [month, { heads, baseFen, dueFen }] of months)
    await rows.insert("bureauDeclarations", {
      employer,
      month,
      heads,
      baseFen,
      dueFen,
      paidFen: dueFen,
      lateFeeFen: 0n,
      declaredOn: `${month}10`,
    })
}

/**
 * Fills a store with a small town of synthetic people: holders, employers and years of records, all from one seed. One
 * transaction: all of it or nothing.
 *
 * @throws {InputError} when the store knows people already, or `today` is no date
 * @example await seedTown(store, { today: "20250610", region: defaultRegion() })
 */
export async function seedTown(store: BankStore, options: TownOptions): Promise<Town> {
  const { seed = 1, today, region, holders = 100, employers: units = 12, years = 5 } = options
  if (!isCalendarDate(today)) throw new InputError("today", "expected a date of the calendar, YYYYMMDD")
  const random = randomSequence(seed)
  const firstDay = addMonths(`${today.slice(0, 6)}01`, -12 * years)
  const months = Array.from({ length: 12 * years }, (_, at) => addMonths(firstDay, at).slice(0, 6))
  const employers = Array.from({ length: units }, (_, at) => makeEmployer(at))
  const persons = Array.from({ length: holders }, (_, at) => makePerson(at, random, today))
  return store.transaction(async (rows) => {
    if ((await rows.list("bureauPersons")).length > 0) throw new InputError("database", "expected one without people")
    for (const employer of employers) await rows.insert("bureauEmployers", employer)
    let lines = 0
    for (const person of persons) {
      await rows.insert("bureauPersons", person)
      if (person.kind === "retiree") {
        await rows.insert("bureauCases", retired(person, today))
        continue
      }
      const employer = employers[Math.floor(random() * units)]!
      const worked = person.kind === "employee" ? months : months.slice(0, -3)
      const wageFen = BigInt(450_000 + Math.floor(random() * 1_500_000))
      lines += await makeLines(rows, person, employer, worked, wageFen, region)
      const isLeft = person.kind === "unemployed"
      await rows.insert("bureauEmployments", {
        employer: employer.code,
        person: person.person,
        beganOn: firstDay,
        endedOn: isLeft ? `${months.at(-3)}01` : null,
        endReason: isLeft ? "endedByEmployer" : null,
        wageFen,
        isLate: 0,
      })
    }
    for (const { code } of employers) await makeDeclarations(rows, code)
    return { persons: persons.map(({ person }) => person), employers: employers.map(({ code }) => code), lines }
  })
}

const retired = ({ person, number }: BureauPersonRow, today: string) => ({
  id: `T${number}`,
  person,
  service: "pension.claim",
  state: "granted",
  openedOn: addMonths(today, -12),
  request: JSON.stringify({ from: addMonths(today, -12) }),
  result: JSON.stringify({ steps: [] }),
  cardWrites: "[]",
  changes: "{}",
})
