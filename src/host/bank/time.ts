import { businessTime } from "../../dictionary/index.js"

/** A moment as the bank's books and messages write it: Beijing time, UTC+8 without summer time. */
export interface BankTime {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly milliseconds: number
  /** YYYYMMDD: the day that limits count for (domain-rules §4.4). */
  readonly day: string
  /** hhmmss. */
  readonly time: string
  /** YYYYMMDD: the day that postings count for; the next one from the cutover on. */
  readonly businessDate: string
}

export const DAY_MILLISECONDS = 86_400_000
/** Cutover (host-iso8583 §19). */
const CUTOVER = "230000"

/** YYYYMMDD at the bank, some days later or earlier. */
export function bankDay(milliseconds: number, days = 0): string {
  return businessTime(milliseconds + days * DAY_MILLISECONDS).date
}

/** The moment that was asked for last: messages come faster than milliseconds pass. */
let last: BankTime | undefined

/** @example bankTime(new Date("2025-11-20T02:30:00Z")).time // "103000" */
export function bankTime(now: Date): BankTime {
  const milliseconds = now.getTime()
  if (last?.milliseconds !== milliseconds) last = write(now, milliseconds)
  return last
}

function write(now: Date, milliseconds: number): BankTime {
  const { date: day, time } = businessTime(milliseconds)
  const businessDate = time >= CUTOVER ? bankDay(milliseconds, 1) : day
  return { at: now.toISOString(), milliseconds, day, time, businessDate }
}

/** True when a terminal's date (MMDD) is today's, yesterday's or tomorrow's (host-iso8583 §13). */
export function isNear(monthDay: string, { day, milliseconds }: BankTime): boolean {
  return day.endsWith(monthDay) || [-1, 1].some((days) => bankDay(milliseconds, days).endsWith(monthDay))
}

/**
 * The latest day with this month and day that is not after tomorrow: a terminal's date has no year.
 *
 * @returns YYYYMMDD
 */
export function fullDate(monthDay: string, { day, milliseconds }: BankTime): string {
  if (day.endsWith(monthDay)) return day
  const tomorrow = bankDay(milliseconds, 1)
  const year = Number(tomorrow.slice(0, 4))
  const thisYear = `${year}${monthDay}`
  return thisYear <= tomorrow ? thisYear : `${year - 1}${monthDay}`
}

/** Retrieval reference number: last digit of the year, day of the year, hour, STAN (host-iso8583 §3). */
export function referenceNumber({ day, time }: BankTime, stan: string): string {
  const year = Number(day.slice(0, 4))
  const start = Date.UTC(year, 0, 1)
  const today = Date.UTC(year, Number(day.slice(4, 6)) - 1, Number(day.slice(6)))
  const dayOfYear = String((today - start) / DAY_MILLISECONDS + 1).padStart(3, "0")
  return `${day[3]}${dayOfYear}${time.slice(0, 2)}${stan}`
}

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

/** Authorisation code: a letter and five digits, which change with every approval. */
export function authorisationCode(sequence: number): string {
  return LETTERS[Math.floor(sequence / 100_000) % LETTERS.length]! + String(sequence % 100_000).padStart(5, "0")
}
