/** A moment as terminals write it, in the bank's time zone UTC+8 (domain-rules §4.4). */
export interface LocalTime {
  /** YYMMDD, tag 9A. */
  readonly date: string
  /** hhmmss, DE12 and tag 9F21. */
  readonly time: string
  /** MMDD, DE13. */
  readonly monthDay: string
  /** MMDDhhmmss, DE7. */
  readonly transmission: string
}

const UTC_PLUS_8 = 8 * 3_600_000

/** The second that was asked for last: a transaction asks several times within it. */
let last: { readonly second: number; readonly time: LocalTime } | undefined

/** @example localTime(new Date("2025-11-20T02:30:05Z")).transmission // "1120103005" */
export function localTime(moment: Date): LocalTime {
  const second = Math.floor(moment.getTime() / 1000)
  if (last?.second !== second) last = { second, time: write(moment) }
  return last.time
}

function write(moment: Date): LocalTime {
  const text = new Date(moment.getTime() + UTC_PLUS_8).toISOString()
  const monthDay = text.slice(5, 7) + text.slice(8, 10)
  const time = text.slice(11, 13) + text.slice(14, 16) + text.slice(17, 19)
  return { date: text.slice(2, 4) + monthDay, time, monthDay, transmission: monthDay + time }
}
