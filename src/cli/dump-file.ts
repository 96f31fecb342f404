import { closeSync, openSync, writeSync } from "node:fs"
import { type Dump, formatDumpHeader } from "../apdu/index.js"
import { type DumpEvent, formatDumpEvent } from "../terminal/index.js"
import { notNew } from "./files.js"

/** A dump file that is written as the session goes: what came before a failure is what one wants to see. */
export interface DumpFile {
  /** Makes the file and writes about the card. @throws {InputError} when it exists or cannot be written */
  begin(about: Pick<Dump, "atr" | "protocol">): void
  add(event: DumpEvent): void
  /** How many commands were recorded. */
  readonly exchanges: number
  close(): void
}

export function dumpFile(path: string): DumpFile {
  let file: number | undefined
  let exchanges = 0
  return {
    begin(about) {
      file = openNew(path)
      writeSync(file, formatDumpHeader(about))
    },
    add(event) {
      exchanges += 1
      writeSync(file!, formatDumpEvent(event))
    },
    get exchanges() {
      return exchanges
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}

/** A recording holds what is on the card: only its owner may read it, and none is overwritten. */
function openNew(path: string): number {
  try {
    return openSync(path, "wx", 0o600)
  } catch (error) {
    throw notNew(path, "file", error)
  }
}
