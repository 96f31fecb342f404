import { closeSync, mkdirSync, openSync } from "node:fs"
import { join } from "node:path"
import { inputError } from "./input-error.js"

/** A folder of ours, for its owner alone; made when it is not there. @throws {InputError} field `home` */
export function ownFolder(...parts: string[]): string {
  const path = join(...parts)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/**
 * Where the bank of a home folder keeps its ledger. SQLite gives its other files the mode of this one.
 *
 * @throws {InputError} field `home`
 */
export function ledgerFile(home: string): string {
  const path = join(ownFolder(home), "bank.db")
  try {
    closeSync(openSync(path, "a", 0o600))
    return path
  } catch (cause) {
    throw unusable(path, cause)
  }
}

function unusable(path: string, cause: unknown) {
  const { message } = cause as Error
  return inputError("home", { en: `cannot use ${path}: ${message}`, zh: `无法使用 ${path}:${message}` }, { cause })
}
