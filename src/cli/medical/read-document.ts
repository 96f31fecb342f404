import { readText } from "../files.js"
import { inputError } from "../input-error.js"

/** A JSON file that a person named. */
export function readDocument(path: string | undefined, field: string): unknown {
  if (path === undefined) throw inputError(field, { en: "expected the name of a JSON file", zh: "请给出 JSON 文件名" })
  const text = readText(path, field)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw inputError(field, { en: `expected JSON in ${path}`, zh: `${path} 不是 JSON` }, { cause })
  }
}
