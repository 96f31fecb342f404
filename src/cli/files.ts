import { readFileSync } from "node:fs"
import { InputError } from "../apdu/index.js"

/** Reads a text file that a person named. @throws {InputError} naming the file */
export function readText(path: string, field = "file"): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    throw new InputError(field, `cannot read ${path}: ${(error as Error).message}`, { cause: error })
  }
}
