import { readFileSync } from "node:fs"
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
