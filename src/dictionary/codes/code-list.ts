import type { Label, Language } from "../label.js"

/** A list of codes with their meaning. */
export interface CodeList {
  readonly id: string
  readonly name: Label
  readonly entries: ReadonlyMap<string, Label>
  /** Finds the next best entry of a code that is not listed, as the province of a region. */
  readonly fallback?: (code: string) => string | undefined
}

/** Defines a list from rows of code, Chinese and English. */
export function codeList(
  id: string,
  name: Label,
  rows: readonly (readonly [code: string, zh: string, en: string])[],
  fallback?: (code: string) => string | undefined,
): CodeList {
  const entries = new Map(rows.map(([code, zh, en]) => [code, { zh, en }]))
  return fallback ? { id, name, entries, fallback } : { id, name, entries }
}

/** The meaning of a code, or undefined when the list knows neither it nor a fallback. */
export function findCode(list: CodeList, code: string): Label | undefined {
  const exact = list.entries.get(code)
  if (exact) return exact
  const other = list.fallback?.(code)
  return other === undefined ? undefined : list.entries.get(other)
}

/**
 * Names a code; a code outside its list is shown as it is (card-structure §18.6).
 *
 * @example describeCode(sexCodes, "1", "en") // "male"
 */
export function describeCode(list: CodeList, code: string, language: Language): string {
  return findCode(list, code)?.[language] ?? code
}
