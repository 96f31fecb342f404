import type { z } from "zod"
import { InputError, wrongInput } from "../../apdu/index.js"
import type { Label } from "../../dictionary/index.js"
import { kindNamed, type Profile } from "./kinds.js"
import { chineseMessage, expected, quoted } from "./schema-parts.js"

/** Sections whose values no message may repeat. */
const SECRET = /(^|\.)(pin|offlinePin|keys|idNumber|socialSecurityNumber|pan|track2|name|holderNameLatin)(\.|$)/

/**
 * Checks a whole profile of any kind of card and fills in its defaults.
 *
 * @throws {InputError} naming the first wrong field, what came and what was expected
 */
export function validateProfile(value: unknown): Profile {
  const result = checkProfile(value)
  if ("errors" in result) throw result.errors[0]
  return result.profile
}

/** Like {@link validateProfile}, but tells of every wrong field, and of those alone. */
export function checkProfile(
  value: unknown,
): { readonly profile: Profile } | { readonly errors: readonly InputError[] } {
  try {
    const { schema, check } = kindNamed(cardOf(value))
    const result = schema.safeParse(value)
    if (!result.success) return { errors: result.error.issues.map((issue) => inputError(issue, value)) }
    check?.(result.data)
    return { profile: result.data }
  } catch (error) {
    if (error instanceof InputError) return { errors: [error] }
    throw error
  }
}

const cardOf = (value: unknown) => (value as { card?: unknown } | null | undefined)?.card

function inputError(issue: z.core.$ZodIssue, input: unknown): InputError {
  if (issue.code === "unrecognized_keys")
    return wrongInput(pathText([...issue.path, issue.keys[0]!]), "没有这个字段", "unknown field")
  if (issue.code === "invalid_key") {
    const { zh, en } = expectationOfKey(issue)
    return wrongInput(pathText(issue.path), zh, en)
  }
  const path = pathText(issue.path)
  const value = valueAt(input, issue.path)
  const { zh, en } = expectation(issue)
  if (value === undefined) return wrongInput(path, `缺少;${zh}`, `missing; ${en}`)
  const came = shown(path, value)
  return wrongInput(path, `${zh},收到${came.zh}`, `${en}, got ${came.en}`)
}

const TYPES: Readonly<Record<string, string>> = {
  string: "文本",
  number: "数字",
  int: "整数",
  boolean: "true或false",
  object: "对象",
  array: "列表",
  record: "对象",
}

function expectation(issue: z.core.$ZodIssue): Label {
  switch (issue.code) {
    case "invalid_type":
      return { zh: `应为${TYPES[issue.expected] ?? issue.expected}`, en: `expected ${issue.expected}` }
    case "invalid_value":
      return both(expected(quoted(issue.values)))
    case "too_small":
      return issue.message.startsWith("expected")
        ? both(issue.message)
        : bound(issue.minimum, issue.origin, "至少", "at least")
    case "too_big":
      return bound(issue.maximum, issue.origin, "最多", "at most")
    default:
      return both(issue.message)
  }
}

const both = (message: string): Label => ({ zh: chineseMessage(message), en: message })

function bound(limit: number | bigint, origin: string, zh: string, en: string): Label {
  const unit = UNITS[origin] ?? { zh: "", en: "" }
  return { zh: `应为${zh}${limit}${unit.zh}`, en: `expected ${en} ${limit}${unit.en}` }
}

const UNITS: Readonly<Record<string, Label>> = {
  string: { zh: "个字符", en: " characters" },
  array: { zh: "项", en: " entries" },
}

function expectationOfKey(issue: z.core.$ZodIssue): Label {
  const first = "issues" in issue ? (issue.issues as z.core.$ZodIssue[])[0] : undefined
  return first ? both(first.message) : { zh: "没有这个字段", en: "unknown field" }
}

function shown(path: string, value: unknown): Label {
  if (value === null || typeof value === "boolean") return { zh: String(value), en: String(value) }
  if (Array.isArray(value)) return { zh: "列表", en: "a list" }
  if (typeof value === "object") return { zh: "对象", en: "an object" }
  if (!SECRET.test(path)) return { zh: JSON.stringify(value), en: JSON.stringify(value) }
  return typeof value === "string"
    ? { zh: `${value.length}个字符`, en: `${value.length} characters` }
    : { zh: "数字", en: `a ${typeof value}` }
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
