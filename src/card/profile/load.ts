import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { InputError, wrongInput } from "../../apdu/index.js"
import { type Finding, findingOf } from "./finding.js"
import type { LintOptions } from "./kind.js"
import type { Profile } from "./kinds.js"
import { lintProfile } from "./lint.js"
import { checkProfile, validateProfile } from "./validate.js"

type JsonObject = { readonly [key: string]: unknown }

const SCHEMA_FILE = "profile.schema.json"

/** The folder of the bundled profiles: in the package, however deep inside it this module was compiled to. */
function bundledDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const candidate = join(directory, "profiles")
    if (existsSync(join(candidate, SCHEMA_FILE))) return candidate
    const parent = dirname(directory)
    if (parent === directory) throw new Error("the folder profiles of the package is missing")
    directory = parent
  }
}

/** Names of the profiles that come with the package, in alphabetical order. */
export function bundledProfiles(): string[] {
  return readdirSync(bundledDirectory())
    .filter((file) => file.endsWith(".json") && file !== SCHEMA_FILE)
    .map((file) => file.slice(0, -".json".length))
    .sort()
}

/**
 * Loads a profile: one that comes with the package, by name, or a JSON file.
 *
 * @throws {InputError} when there is none, it is no JSON, or a field is wrong: names the field, what came and what was
 * expected
 * @example loadProfile("employee")
 */
export function loadProfile(nameOrPath: string): Profile {
  return validateProfile(resolveExtends(...readProfile(nameOrPath, process.cwd()), []))
}

/**
 * Looks through a profile by name or file as {@link lintProfile} does, and where its schema is not met names every field
 * that is wrong.
 *
 * @throws {InputError} when there is no such profile or it is no JSON
 * @returns the name that it says it has, and what is wrong
 */
export function lintNamedProfile(
  nameOrPath: string,
  options: LintOptions = {},
): { readonly name: string; readonly findings: readonly Finding[] } {
  const json = resolveExtends(...readProfile(nameOrPath, process.cwd()), [])
  const result = checkProfile(json)
  if ("profile" in result) return { name: result.profile.name, findings: lintProfile(result.profile, options) }
  const { name } = json as { readonly name?: unknown }
  return { name: typeof name === "string" ? name : nameOrPath, findings: result.errors.map(findingOf) }
}

/**
 * Checks a profile that is already a JSON value; `extends` may name a bundled profile or, with `directory`, a file.
 *
 * @param json a JSON value, for example of `JSON.parse`
 * @throws {InputError} naming the field, what came and what was expected
 * @example parseProfile({ extends: "employee", holder: { name: "测试二号" } })
 */
export function parseProfile(json: unknown, options: { directory?: string } = {}): Profile {
  return validateProfile(resolveExtends(json, options.directory ?? process.cwd(), []))
}

function readProfile(nameOrPath: string, from: string): [json: unknown, directory: string] {
  const path = isBundledName(nameOrPath) ? join(bundledDirectory(), `${nameOrPath}.json`) : resolve(from, nameOrPath)
  return [parseJson(readText(path, nameOrPath), nameOrPath), dirname(path)]
}

/** True when such a profile comes with the package; a path is none. */
export function isBundledName(nameOrPath: string): boolean {
  return /^[a-z0-9-]+$/.test(nameOrPath) && bundledProfiles().includes(nameOrPath)
}

function readText(path: string, nameOrPath: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (cause) {
    const names = bundledProfiles().join(", ")
    throw new InputError("profile", `expected one of ${names}, or a JSON file that can be read, got ${nameOrPath}`, {
      messageZh: `profile:应为 ${names} 之一或可读的 JSON 文件,收到 ${nameOrPath}`,
      cause,
    })
  }
}

function parseJson(text: string, nameOrPath: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const { message } = cause as Error
    throw wrongInput(
      "profile",
      `${nameOrPath} 不是合法的 JSON:${message}`,
      `expected JSON in ${nameOrPath}, got ${message}`,
      { cause },
    )
  }
}

function resolveExtends(json: unknown, directory: string, seen: readonly string[]): unknown {
  if (!isObject(json) || !("extends" in json)) return json
  const { extends: base, ...own } = json
  if (typeof base !== "string")
    throw wrongInput("extends", "应为模板的名称或文件", `expected the name or file of a profile, got ${typeof base}`)
  const key = isBundledName(base) ? base : resolve(directory, base)
  if (seen.includes(key))
    throw wrongInput(
      "extends",
      `模板不能互相引用,收到 ${base}`,
      `expected profiles that do not extend one another, got ${base}`,
    )
  const [baseJson, baseDirectory] = readProfile(base, directory)
  return merge(resolveExtends(baseJson, baseDirectory, [...seen, key]), own)
}

/** Objects merge field by field; lists and single values replace. */
function merge(base: unknown, own: unknown): unknown {
  if (!isObject(base) || !isObject(own)) return own
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(own)) merged[key] = key in base ? merge(base[key], value) : value
  return merged
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
