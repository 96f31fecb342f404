import { closeSync, mkdirSync, openSync } from "node:fs"
import { join } from "node:path"
import { inputError } from "./input-error.js"

/** A folder of ours, for its owner alone; made when it is not there. @throws {InputError} field `home` */
export function ownFolder(...parts: string[]): string {
  const path = join(...parts)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const { message } = cause as Error
    throw inputError(
      "home",
      { en: `cannot make the folder ${path}: ${message}`, zh: `无法创建目录 ${path}:${message}` },
      { cause },
    )
  }
  return path
}

/** Where the bank of a home folder keeps its ledger. SQLite gives its other files the mode of this one. */
export function ledgerFile(home: string): string {
  const path = join(ownFolder(home), "bank.db")
  closeSync(openSync(path, "a", 0o600))
  return path
}
