import { InputError } from "../../apdu/index.js"
import type { Profile } from "./kinds.js"
import { validateProfile } from "./validate.js"

/**
 * A profile with one field changed, checked as a whole: `shebao card new --set holder.name=...`.
 *
 * @param path as in the JSON file, parts with dots between; fields of the tables also as `DF01.householdAddress`
 * @param value text; a number, boolean or list as JSON
 * @throws {InputError} naming the field when there is none or the value does not fit
 * @example setField(profile, "holder.name", "测试二号")
 */
export function setField<P extends Profile>(profile: P, path: string, value: string): P {
  const keys = keysOf(path)
  const changed = (leaf: unknown) => validateProfile(withValue(profile, keys, leaf)) as P
  try {
    return changed(value)
  } catch (error) {
    const parsed = parsedValue(value)
    if (parsed === undefined || !(error instanceof InputError)) throw error
    try {
      return changed(parsed)
    } catch {
      throw error
    }
  }
}

/** Parts of a path; behind `fields` one key that has a dot itself. */
function keysOf(path: string): string[] {
  const keys = path.split(".")
  if (keys.some((key) => key === "")) throw new InputError("path", `expected names with dots between, got ${path}`)
  if (/^(SSSE|DF[0-9A-F]{2})$/.test(keys[0]!)) return ["fields", path]
  return keys[0] === "fields" && keys.length > 1 ? ["fields", keys.slice(1).join(".")] : keys
}

function withValue(target: unknown, [key, ...rest]: readonly string[], leaf: unknown): unknown {
  if (key === undefined) return leaf
  const object = typeof target === "object" && target !== null && !Array.isArray(target) ? target : {}
  return { ...object, [key]: withValue((object as Record<string, unknown>)[key], rest, leaf) }
}

/** The value as JSON where it is a number, a boolean or a list; texts are tried as they are. */
function parsedValue(value: string): unknown {
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === "string" ? undefined : parsed
  } catch {
    return undefined
  }
}
