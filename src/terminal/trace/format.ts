import type { Language } from "../../dictionary/index.js"
import type { TraceEntry } from "./entry.js"

/** Bytes of hex text in one line. */
const BYTES_PER_LINE = 40

/**
 * Writes an exchange for people: what it does, the bytes, and the values in them.
 *
 * @returns lines without line ends
 * @example
 * //  12 READ RECORD  EF06 holder data, record 2
 * //     > 00B2020400
 * //     < 091E**************9000  success  0.2 ms
 * //       name: **人
 */
export function formatExchange(entry: TraceEntry, language: Language): string[] {
  const { command, subject, outcome, values } = entry.describe(language)
  const title = `${String(entry.number).padStart(4)} ${command}${subject ? `  ${subject}` : ""}`
  const time = entry.milliseconds === undefined ? "" : `  ${formatTime(entry.milliseconds)}`
  const response = entry.response()
  return [
    title,
    ...wrap("> ", entry.command(), ""),
    ...(response === undefined ? [`     ! ${outcome}${time}`] : wrap("< ", response, `  ${outcome}${time}`)),
    ...values.map(({ name, value, depth }) => `       ${"  ".repeat(depth)}${name}${value === "" ? "" : `: ${value}`}`),
  ]
}

function wrap(sign: string, hexText: string, end: string): string[] {
  const lines: string[] = []
  for (let at = 0; at < hexText.length || at === 0; at += 2 * BYTES_PER_LINE)
    lines.push(`     ${at === 0 ? sign : "  "}${hexText.slice(at, at + 2 * BYTES_PER_LINE)}`)
  lines[lines.length - 1] += end
  return lines
}

function formatTime(milliseconds: number): string {
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`
}
