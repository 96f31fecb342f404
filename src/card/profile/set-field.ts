import { InputError, toHex, wrongInput } from "../../apdu/index.js"
import type { Profile } from "./kinds.js"
import { validateProfile } from "./validate.js"

/** A field of a profile and what it shall be: text, or bytes (of a photo, a fingerprint). */
export type Assignment = readonly [path: string, value: string | Uint8Array]

/**
 * A profile with one field changed, checked as a whole.
 *
 * @throws {InputError} naming the field when there is none or the value does not fit
 * @example setField(profile, "holder.name", "测试二号")
 */
export function setField<P extends Profile>(profile: P, path: string, value: string | Uint8Array): P {
  return setFields(profile, [[path, value]])
}

/**
 * A profile with fields changed, checked as a whole when all are: `shebao card new --set holder.name=...`.
 *
 * A path is as in the JSON file, parts with dots between and entries of lists as `[0]`; fields of the tables also as
 * `DF01.householdAddress`, with their items as `DF02.qualification[0].level`. A value is a list or object as JSON, text, or
 * where the field takes none a number or boolean; `null` takes an optional field or section off. Bytes are written in
 * hexadecimal. An amount as text is yuan.
 *
 * @throws {InputError} naming the field when there is none or the value does not fit
 * @example setFields(profile, [["pin.tries", "3"], ["SSSE.photo", readFileSync("photo.jpg")]])
 */
export function setFields<P extends Profile>(profile: P, assignments: readonly Assignment[]): P {
  const leaves = assignments.map(([path, value]) => ({
    path,
    keys: keysOf(path),
    value: (typeof value === "string" ? value : toHex(value)) as unknown,
    parsed: typeof value === "string" ? parsedValue(value) : undefined,
  }))
  for (const leaf of leaves) if (typeof leaf.parsed?.value === "object") leaf.value = leaf.parsed.value ?? undefined
  for (;;) {
    const changed = leaves.reduce<unknown>((target, { keys, value }) => withValue(target, keys, value), profile)
    try {
      return validateProfile(changed) as P
    } catch (error) {
      // Text was not what the field takes: its JSON value may be.
      const wrong = leaves.find(
        ({ parsed, value, keys }) =>
          parsed !== undefined && value !== undefined && value !== parsed.value && isAbout(error, keys),
      )
      if (wrong === undefined) throw error
      wrong.value = wrong.parsed!.value
    }
  }
}

const isAbout = (error: unknown, keys: readonly string[]) =>
  error instanceof InputError && error.field === pathText(keys)

const pathText = (keys: readonly string[]) =>
  keys.map((key, index) => (isIndex(key) ? `[${key}]` : index === 0 ? key : `.${key}`)).join("")

const isIndex = (key: string) => /^\d+$/.test(key)

/** Parts of a path; behind `fields` the first key has a dot itself. */
function keysOf(path: string): string[] {
  const [first, second, ...rest] = path.replace(/\[(\d+)\]/g, ".$1").split(".")
  if (first === "" || second === "" || rest.includes(""))
    throw wrongInput("path", `应为以点分隔的名称,收到 ${path}`, `expected names with dots between, got ${path}`)
  if (second === undefined) return [first!]
  if (/^(SSSE|DF[0-9A-F]{2})$/.test(first!)) return ["fields", `${first}.${second}`, ...rest]
  if (first === "fields" && rest.length > 0) return ["fields", `${second}.${rest[0]}`, ...rest.slice(1)]
  return [first!, second, ...rest]
}

/** A copy with a value in its place; `undefined` leaves the place out. An index of a list may be one behind its end. */
function withValue(target: unknown, [key, ...rest]: readonly string[], leaf: unknown): unknown {
  if (key === undefined) return leaf
  if (isIndex(key) && (Array.isArray(target) || target === undefined)) {
    const list: unknown[] = [...(target ?? [])]
    list[Number(key)] = withValue(list[Number(key)], rest, leaf)
    return list.filter((entry) => entry !== undefined)
  }
  const object = typeof target === "object" && target !== null && !Array.isArray(target) ? target : {}
  const { [key]: old, ...others } = object as Record<string, unknown>
  const value = withValue(old, rest, leaf)
  return value === undefined ? others : { ...object, [key]: value }
}

/** The value as JSON where it is no text; texts are tried as they are. */
function parsedValue(value: string): { readonly value: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === "string" ? undefined : { value: parsed }
  } catch {
    return undefined
  }
}
