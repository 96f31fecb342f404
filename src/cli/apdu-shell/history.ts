import { appendFileSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseCommand, secretsOfCommand } from "../../apdu/index.js"
import { ownFolder } from "../home.js"
import { parseLine } from "./words.js"

const LINES = 500
/** Commands whose data are neither secret nor anybody's: SELECT, INTERNAL AUTHENTICATE, GET PROCESSING OPTIONS. */
const PUBLIC_DATA: readonly number[] = [0xa4, 0x88, 0xa8]

/** What was typed into the shell, kept in the home folder for its owner alone. */
export interface ShellHistory {
  /** Newest first. */
  readonly lines: readonly string[]
  add(line: string): void
}

/** Opens the history. @throws {InputError} field `home` when the folder cannot be used */
export function openHistory(home: string): ShellHistory {
  const path = join(ownFolder(home), "apdu-history")
  const kept = readLines(path).slice(-LINES)
  writeFileSync(path, kept.map((line) => `${line}\n`).join(""), { mode: 0o600 })
  return { lines: [...kept].reverse(), add: (line) => appendFileSync(path, `${line}\n`) }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n").filter(mayBeKept)
  } catch {
    return []
  }
}

/**
 * True for a line that may be written to a file: it is understood, and carries no PIN, no key and nobody's data. What is
 * mistyped may be a PIN.
 */
export function mayBeKept(line: string): boolean {
  // A comment, or the answer that is expected, may say anything.
  if (/[#=]/.test(line)) return false
  try {
    const command = parseLine(line, "SSSE")
    if (command.kind === "nothing") return false
    return command.kind !== "send" || command.steps.every((step) => isHarmless(step.command))
  } catch {
    return false
  }
}

function isHarmless(command: Uint8Array): boolean {
  const apdu = parseCommand(command)
  if (!apdu || secretsOfCommand(command)) return false
  return apdu.data.length === 0 || PUBLIC_DATA.includes(apdu.ins)
}
