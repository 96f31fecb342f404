import { maskText, toHex } from "../apdu/index.js"
import type { Language, Text } from "./language.js"

/** Where a command writes: results on standard output, everything else on standard error. */
export interface Output {
  readonly language: Language
  readonly json: boolean
  /** Picks the text of the chosen language. */
  say(text: Text): string
  /** A line for people; dropped with `--json`. */
  line(text?: string): void
  /** The one JSON document of a command, printed when the command is over; dropped without `--json`. */
  document(value: object): void
  /** One event of a stream, printed at once as a line of JSON; dropped without `--json`. */
  event(value: object): void
  /** A remark for people that is no result: progress, warnings. On standard error, always. */
  remark(text: string): void
  /** Wraps text in a colour where standard output, or the given stream, is a terminal. */
  paint(colour: Colour, text: string, stream?: NodeJS.WriteStream): string
  /** Prints the document, if there is one; an error goes into it. */
  finish(error?: { readonly code: string; readonly message: string }): void
}

export type Colour = "bold" | "dim" | "red" | "green" | "yellow" | "cyan"
const COLOURS: Record<Colour, string> = { bold: "1", dim: "2", red: "31", green: "32", yellow: "33", cyan: "36" }

/** Writes bigint as a decimal number text and bytes as hex, which plain JSON cannot hold. */
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString()
  if (value instanceof Uint8Array) return toHex(value)
  return value
}

/** JSON text of any result. Amounts in fen that are bigint become decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, plainValue)
}

export function createOutput({ language, json }: { language: Language; json: boolean }): Output {
  let result: object | undefined
  const print = (value: object) => {
    if (json) process.stdout.write(`${toJson(value)}\n`)
  }
  return {
    language,
    json,
    say: (text) => text[language],
    line: (text = "") => {
      if (!json) process.stdout.write(`${text}\n`)
    },
    document(value) {
      if (result) throw new Error("a command has one document")
      result = value
    },
    event: print,
    remark: (text) => process.stderr.write(`${maskText(text)}\n`),
    paint: (name, text, stream = process.stdout) =>
      stream.isTTY && !process.env.NO_COLOR ? `\x1b[${COLOURS[name]}m${text}\x1b[0m` : text,
    finish(error) {
      const document = error ? { ...result, error } : result
      result = undefined
      if (document) print(document)
    },
  }
}

/** Cells of a terminal that a text takes: Han and full-width characters take two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text)
    width +=
      /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1
  return width
}

/** Pads a text on the right to so many cells. */
export function padCells(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)))
}

/** Lines of a table with aligned columns and no borders. */
export function tableLines(rows: readonly (readonly string[])[], indent = ""): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))
    })
  return rows.map((row) => (indent + row.map((cell, column) => padCells(cell, widths[column]!)).join("  ")).trimEnd())
}
