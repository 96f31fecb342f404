import type { DirectoryName } from "../dictionary/index.js"
import { type Answer, fail } from "./codes.js"

/** One item of a file that is to be read or written. */
export interface AddressItem {
  readonly tag: number
  /** Of a tag that several records repeat, 1 upwards; absent: the first. */
  readonly occurrence?: number
}

/** One file of a fileAddr (driver-api §3.2). */
export interface FileAddress {
  /** The file as the caller wrote it, in upper case: `DF01EF05`. */
  readonly text: string
  readonly directory: DirectoryName
  readonly fid: number
  /** Of a cyclic file: the record, 1 the newest; 0 the place that a new record is written to. */
  readonly record?: number
  /** Of any other file; `00` or `01` means the whole of a transparent file. */
  readonly items: readonly AddressItem[]
}

const FILE = /^(SSSE|3F00|MF|DDF1|DF[0-9A-F]{2})(EF[0-9A-F]{2})(?::(\d\d)\|?|\|((?:[0-9A-F]{2}(?::\d\d)?\|)+))$/i

/**
 * Reads a fileAddr: `FILE|item|..|$` for each file, `FILE:nn$` for a record of a cyclic one.
 *
 * @returns −14 for anything else
 * @example parseFileAddress("SSSEEF05|01|07|$DF01EF06|23|28|$")
 */
export function parseFileAddress(text: string): Answer<{ readonly files: readonly FileAddress[] }> {
  const parts = text.split("$")
  if (parts.pop() !== "" || parts.length === 0) return fail("PARAMETER")
  const files: FileAddress[] = []
  for (const part of parts) {
    const file = parseFile(part)
    if (!file) return fail("PARAMETER")
    files.push(file)
  }
  return { ok: true, files }
}

function parseFile(part: string): FileAddress | undefined {
  const match = FILE.exec(part)
  if (!match) return undefined
  const [, environment, file, record, items] = match
  const address = {
    text: (environment! + file!).toUpperCase(),
    directory: directoryOf(environment!.toUpperCase()),
    fid: Number.parseInt(file!, 16),
  }
  if (record !== undefined) return { ...address, record: Number(record), items: [] }
  const parsed = items!.slice(0, -1).split("|").map(parseItem)
  return parsed.some(({ occurrence }) => occurrence === 0) ? undefined : { ...address, items: parsed }
}

/** `3F00`, `MF`, `SSSE` and `DDF1` name one environment (driver-api §3.2). */
function directoryOf(environment: string): DirectoryName {
  return environment.startsWith("DF") ? (environment as DirectoryName) : "SSSE"
}

function parseItem(text: string): AddressItem {
  const [tag, occurrence] = text.split(":")
  return { tag: Number.parseInt(tag!, 16), ...(occurrence !== undefined && { occurrence: Number(occurrence) }) }
}
