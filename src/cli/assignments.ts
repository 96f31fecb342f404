import { readFileSync } from "node:fs"
import type { Assignment } from "../card/index.js"
import { inputError } from "./input-error.js"

/**
 * Reads `--set FIELD=VALUE`; `FIELD=@FILE` takes the bytes of a file, for a photo or a fingerprint, and `FIELD=@@...` a text
 * that begins with `@`.
 */
export function assignmentsOf(given: readonly string[]): Assignment[] {
  return given.map((assignment) => {
    const at = assignment.indexOf("=")
    if (at < 1)
      throw inputError("set", {
        en: `expected FIELD=VALUE, got ${JSON.stringify(assignment)}`,
        zh: `应为 字段=值,收到 ${JSON.stringify(assignment)}`,
      })
    const [path, value] = [assignment.slice(0, at), assignment.slice(at + 1)]
    if (value.startsWith("@@")) return [path, value.slice(1)]
    return [path, value.startsWith("@") ? readBytes(path, value.slice(1)) : value]
  })
}

function readBytes(field: string, file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (cause) {
    const { message } = cause as Error
    throw inputError(field, { en: `cannot read ${file}: ${message}`, zh: `无法读取 ${file}:${message}` }, { cause })
  }
}
