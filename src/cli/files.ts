import { readFileSync, writeFileSync } from "node:fs"
import { inputError } from "./input-error.js"

/** Reads a text file that a person named. @throws {InputError} naming the file */
export function readText(path: string, field = "file"): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    const { message } = error as Error
    throw inputError(
      field,
      { en: `cannot read ${path}: ${message}`, zh: `无法读取 ${path}:${message}` },
      { cause: error },
    )
  }
}

/** Writes a file that was not there before, for its owner alone. @throws {InputError} when it exists or cannot be written */
export function writeNewFile(path: string, content: Uint8Array, field = "file"): void {
  try {
    writeFileSync(path, content, { flag: "wx", mode: 0o600 })
  } catch (error) {
    throw notNew(path, field, error)
  }
}

/** Why a new file could not be made. */
export function notNew(path: string, field: string, error: unknown) {
  const { code, message } = error as NodeJS.ErrnoException
  const reason =
    code === "EEXIST"
      ? { en: `expected a new file, ${path} exists already`, zh: `文件 ${path} 已存在` }
      : { en: `cannot write ${path}: ${message}`, zh: `无法写入 ${path}:${message}` }
  return inputError(field, reason, { cause: error })
}
