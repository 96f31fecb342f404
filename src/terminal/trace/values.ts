import type { ByteRange } from "../../apdu/index.js"
import type { Label, Language } from "../../dictionary/index.js"

/** One decoded value of an exchange. */
export interface TraceValue {
  readonly name: string
  /** Masked unless the trace is unsafe; empty for a template, whose parts follow one level deeper. */
  readonly value: string
  /** Nesting, 0 upwards. */
  readonly depth: number
}

/** How values are to be written. */
export interface ValueStyle {
  readonly language: Language
  readonly masked: boolean
}

/** Picks a text by language. */
export const say = ({ language }: ValueStyle, text: Label): string => text[language]

/** Hides bytes in hex text, two characters a byte. */
export function hideBytes(hexText: string, { start, end }: ByteRange): string {
  if (end <= start) return hexText
  return hexText.slice(0, 2 * start) + "**".repeat(end - start) + hexText.slice(2 * end)
}
