import { closeSync, openSync, writeSync } from "node:fs"
import { formatExchange, type TraceEntry } from "../terminal/index.js"
import { inputError } from "./input-error.js"
import type { Output } from "./output.js"

/** Where `--trace` goes: card exchanges and host messages, decoded and masked. */
export interface TraceSink {
  readonly card: (entry: TraceEntry) => void
  /** Exchanges with the SAM beside the card. */
  readonly sam: (entry: TraceEntry) => void
  readonly host: (lines: readonly string[]) => void
  close(): void
}

/**
 * Opens the sink that `--trace[=FILE]` asks for: standard error, or a file.
 *
 * @returns undefined without `--trace`
 * @throws {InputError} when the file cannot be written
 */
export function openTrace({ trace }: { readonly trace?: string }, output: Output): TraceSink | undefined {
  if (trace === undefined) return undefined
  const file = trace === "" ? undefined : openForWriting(trace)
  const write = (lines: readonly string[]) => {
    const text = `${lines.join("\n")}\n`
    if (file === undefined) process.stderr.write(output.paint("dim", text, process.stderr))
    else writeSync(file, text)
  }
  return {
    card: (entry) => write(formatExchange(entry, output.language)),
    sam: (entry) => write(formatExchange(undecoded(entry), output.language).map((line) => `SAM  ${line}`)),
    host: write,
    close: () => {
      if (file !== undefined) closeSync(file)
    },
  }
}

/** Values are decoded by the tables of user cards, in which a SAM's files are not. */
function undecoded(entry: TraceEntry): TraceEntry {
  return {
    ...entry,
    describe(language) {
      const { command, outcome } = entry.describe(language)
      return { command, subject: undefined, outcome, values: [] }
    },
  }
}

function openForWriting(path: string): number {
  try {
    return openSync(path, "w", 0o600)
  } catch (error) {
    const { message } = error as Error
    throw inputError(
      "trace",
      { en: `cannot write ${path}: ${message}`, zh: `无法写入 ${path}:${message}` },
      { cause: error },
    )
  }
}
