import { bcdRight, InputError } from "../apdu/index.js"

/** China has one time zone and no summer time: UTC+8. */
const OFFSET_MILLISECONDS = 8 * 60 * 60 * 1000

/** A moment as the digits that cards and messages carry, in the time of China. */
export interface BusinessTime {
  /** YYYYMMDD. */
  readonly date: string
  /** hhmmss. */
  readonly time: string
}

/**
 * Writes a clock value as business date and time.
 *
 * @param milliseconds since 1970-01-01 UTC
 * @example businessTime(0) // { date: "19700101", time: "080000" }
 */
export function businessTime(milliseconds: number): BusinessTime {
  if (!Number.isFinite(milliseconds))
    throw new RangeError(`milliseconds: expected a finite number, got ${milliseconds}`)
  const second = Math.floor(milliseconds / 1000)
  if (last?.second !== second) last = { second, time: write(milliseconds) }
  return last.time
}

/** The second that was asked for last: a transaction asks several times within it. */
let last: { readonly second: number; readonly time: BusinessTime } | undefined

function write(milliseconds: number): BusinessTime {
  const digits = new Date(milliseconds + OFFSET_MILLISECONDS).toISOString().replace(/\D/g, "")
  return { date: digits.slice(0, 8), time: digits.slice(8, 14) }
}

/** The clock value of a business date and time. @throws {InputError} when there is no such moment */
export function millisecondsOf({ date, time }: BusinessTime): number {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(date + time)
  const milliseconds = match
    ? Date.UTC(
        Number(match[1]),
        Number(match[2]) - 1,
        Number(match[3]),
        Number(match[4]),
        Number(match[5]),
        Number(match[6]),
      ) - OFFSET_MILLISECONDS
    : Number.NaN
  if (
    Number.isNaN(milliseconds) ||
    businessTime(milliseconds).date !== date ||
    businessTime(milliseconds).time !== time
  )
    throw new InputError("date", `expected YYYYMMDD and hhmmss of a real moment, got ${date} ${time}`)
  return milliseconds
}

/** A date of 8 digits that exists in the calendar. */
export function isCalendarDate(date: string): boolean {
  if (!/^\d{8}$/.test(date)) return false
  const value = new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00Z`)
  return !Number.isNaN(value.getTime()) && value.toISOString().replace(/\D/g, "").startsWith(date)
}

/** A date as tag 9A holds it: YYMMDD in 3 bytes. @param date YYYYMMDD */
export function emvDate(date: string): Uint8Array {
  if (!isCalendarDate(date)) throw new InputError("date", `expected YYYYMMDD, got ${JSON.stringify(date)}`)
  return bcdRight(date.slice(2), 3)
}
