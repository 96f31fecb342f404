import type { z } from "zod"
import { InputError } from "../../apdu/index.js"
import { kindNamed, type Profile } from "./kinds.js"

/** Sections whose values no message may repeat. */
const SECRET = /(^|\.)(pin|offlinePin|keys|idNumber|socialSecurityNumber|pan|track2|name|holderNameLatin)(\.|$)/

/**
 * Checks a whole profile of any kind of card and fills in its defaults.
 *
 * @throws {InputError} naming the first wrong field, what came and what was expected
 */
export function validateProfile(value: unknown): Profile {
  const { schema, check } = kindNamed(cardOf(value))
  const result = schema.safeParse(value)
  if (!result.success) throw inputError(result.error.issues[0]!, value)
  check?.(result.data)
  return result.data
}

const cardOf = (value: unknown) => (value as { card?: unknown } | null | undefined)?.card

function inputError(issue: z.core.$ZodIssue, input: unknown): InputError {
  if (issue.code === "unrecognized_keys")
    return new InputError(pathText([...issue.path, issue.keys[0]!]), "unknown field")
  if (issue.code === "invalid_key") return new InputError(pathText(issue.path), expectationOfKey(issue))
  const path = pathText(issue.path)
  const value = valueAt(input, issue.path)
  if (value === undefined) return new InputError(path, `missing; ${expectation(issue)}`)
  return new InputError(path, `${expectation(issue)}, got ${shown(path, value)}`)
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${issue.expected}`
    case "invalid_value":
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`
    case "too_small":
      return issue.message.startsWith("expected")
        ? issue.message
        : `expected at least ${issue.minimum}${unit(issue.origin)}`
    case "too_big":
      return `expected at most ${issue.maximum}${unit(issue.origin)}`
    default:
      return issue.message
  }
}

const unit = (origin: string) => (origin === "string" ? " characters" : origin === "array" ? " entries" : "")

function expectationOfKey(issue: z.core.$ZodIssue): string {
  const first = "issues" in issue ? (issue.issues as z.core.$ZodIssue[])[0] : undefined
  return first?.message ?? "unknown field"
}

function shown(path: string, value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value)
  if (Array.isArray(value)) return "a list"
  if (typeof value === "object") return "an object"
  if (SECRET.test(path)) return typeof value === "string" ? `${value.length} characters` : `a ${typeof value}`
  return JSON.stringify(value)
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input)
}

function pathText(path: readonly PropertyKey[]): string {
  let written = ""
  for (const key of path)
    written += typeof key === "number" ? `[${key}]` : written === "" ? String(key) : `.${String(key)}`
  return written === "" ? "profile" : written
}
