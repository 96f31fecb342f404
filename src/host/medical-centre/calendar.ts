import { millisecondsOf } from "../../dictionary/index.js"

const DAY = 24 * 60 * 60 * 1000

/** Days from one date to another, YYYYMMDD. */
export function daysBetween(from: string, to: string): number {
  const at = (date: string) => millisecondsOf({ date, time: "000000" })
  return Math.round((at(to) - at(from)) / DAY)
}

/** A day so many days later. */
export function addDays(date: string, days: number): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)].map(Number)
  return new Date(Date.UTC(year!, month! - 1, day! + days)).toISOString().slice(0, 10).replaceAll("-", "")
}

/** The same day so many months later, or the last day of that month. */
export function addMonths(date: string, months: number): string {
  const index = Number(date.slice(0, 4)) * 12 + Number(date.slice(4, 6)) - 1 + months
  const [year, month] = [Math.floor(index / 12), (index % 12) + 1]
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const day = Math.min(Number(date.slice(6)), lastDay)
  return `${year}${String(month).padStart(2, "0")}${String(day).padStart(2, "0")}`
}

/** Completed years on a day; who was born on 29 February completes one on 1 March of a common year. Dates: YYYYMMDD. */
export function ageOn(birthDate: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return date.slice(4) >= birthDate.slice(4) ? years : years - 1
}

/**
 * First day of the medical year that a day lies in.
 *
 * @param yearStart MM-DD, as the region says
 * @example medicalYear("20260630", "07-01") // "20250701"
 */
export function medicalYear(date: string, yearStart: string): string {
  const start = yearStart.replace("-", "")
  const year = Number(date.slice(0, 4)) - (date.slice(4) >= start ? 0 : 1)
  return `${year}${start}`
}
