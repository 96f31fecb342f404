import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { InputError } from "../../apdu/index.js"
import { businessTime } from "../../dictionary/index.js"
import { isObject, type JsonObject, merge } from "./merge.js"

/** One layer of a region file: the whole first version, or what a later version changes. */
interface Layer {
  readonly from: string
  readonly json: JsonObject
}

/** A region file and the files it extends, nearest first. */
interface RegionFile {
  readonly name: string
  readonly layers: readonly Layer[]
  readonly base?: RegionFile
}

/** The folder of the regions that come along: in the package, however deep inside it this module was compiled to. */
function bundledDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const candidate = join(directory, "regions")
    if (existsSync(join(candidate, "default.json"))) return candidate
    const parent = dirname(directory)
    if (parent === directory) throw new Error("the folder regions of the package is missing")
    directory = parent
  }
}

/** Names of the regions that come with the package, in alphabetical order. */
export function bundledRegions(): string[] {
  return readdirSync(bundledDirectory())
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort()
}

const cache = new Map<string, RegionFile>()

function readRegionFile(nameOrPath: string, from: string, seen: readonly string[]): RegionFile {
  const isBundled = /^[a-z0-9-]+$/.test(nameOrPath) && existsSync(join(bundledDirectory(), `${nameOrPath}.json`))
  const path = isBundled ? join(bundledDirectory(), `${nameOrPath}.json`) : resolve(from, nameOrPath)
  const cached = isBundled ? cache.get(path) : undefined
  if (cached) return cached
  if (seen.includes(path))
    throw new InputError("extends", `expected regions that do not extend one another, got ${nameOrPath}`)
  const json = readJson(path, nameOrPath)
  const { extends: base, versions = [], ...first } = json
  if (!Array.isArray(versions) || !versions.every(isObject))
    throw new InputError("versions", "expected a list of later versions of the region")
  const layers = [first, ...versions].map((layer, index) => ({ from: startOf(layer, index), json: layer }))
  for (let i = 1; i < layers.length; i++)
    if (layers[i]!.from <= layers[i - 1]!.from)
      throw new InputError(`versions.${i - 1}.region.effectiveFrom`, "expected a day after that of the version before")
  if (base !== undefined && typeof base !== "string")
    throw new InputError("extends", `expected the name or file of a region, got ${typeof base}`)
  const file: RegionFile = {
    name: nameOrPath,
    layers,
    ...(base !== undefined && { base: readRegionFile(base, dirname(path), [...seen, path]) }),
  }
  if (isBundled) cache.set(path, file)
  return file
}

function readJson(path: string, nameOrPath: string): JsonObject {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (cause) {
    const names = bundledRegions().join(", ")
    throw new InputError("region", `expected one of ${names}, or a JSON file that can be read, got ${nameOrPath}`, {
      messageZh: `region:应为 ${names} 之一或可读的 JSON 文件,收到 ${nameOrPath}`,
      cause,
    })
  }
  try {
    const json: unknown = JSON.parse(text)
    if (isObject(json)) return json
  } catch (cause) {
    throw new InputError("region", `expected JSON in ${nameOrPath}, got ${(cause as Error).message}`, { cause })
  }
  throw new InputError("region", `expected an object in ${nameOrPath}`)
}

function startOf(layer: JsonObject, index: number): string {
  const from = isObject(layer.region) ? layer.region.effectiveFrom : undefined
  if (typeof from === "string" && /^\d{4}-\d\d-\d\d$/.test(from)) return from
  const path = index === 0 ? "" : `versions.${index - 1}.`
  throw new InputError(`${path}region.effectiveFrom`, "expected YYYY-MM-DD, the first day of the version")
}

const dashed = (date: string) => (/^\d{8}$/.test(date) ? date.replace(/(....)(..)(..)/, "$1-$2-$3") : date)

/** The layers that are in force on a day, bases first. */
function layersOn({ layers, base }: RegionFile, day: string): JsonObject[] {
  const own = layers.filter(({ from }) => from <= day).map(({ json }) => json)
  return [...(base ? layersOn(base, day) : []), ...own]
}

/** First days of all versions of a region, those that a base brings included. */
function startsOf({ layers, base }: RegionFile): string[] {
  const first = layers[0]!.from
  const inherited = base ? startsOf(base).filter((from) => from > first) : []
  return [...new Set([...layers.map(({ from }) => from), ...inherited])].sort()
}

/**
 * The first day of each version of a region, in order.
 *
 * @example regionVersions("bj-like") // ["2025-01-01", "2026-01-01"]
 */
export function regionVersions(nameOrPath: string): string[] {
  return startsOf(readRegionFile(nameOrPath, process.cwd(), []))
}

/**
 * A region as it is written, with what it extends merged in: the version whose first day is the latest that is not after
 * the given one (domain-rules §16).
 *
 * @param date YYYYMMDD or YYYY-MM-DD; default today in China
 * @throws {InputError} when no version is in force on that day
 */
export function regionJson(nameOrPath: string, date = businessTime(Date.now()).date): JsonObject {
  const day = dashed(date)
  const file = readRegionFile(nameOrPath, process.cwd(), [])
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new InputError("date", `expected YYYY-MM-DD, got ${JSON.stringify(date)}`)
  if (day < file.layers[0]!.from) throw notInForce(nameOrPath, day)
  const json = layersOn(file, day).reduce(merge, {})
  const region = json.region as { effectiveTo?: unknown }
  const start = startsOf(file)
    .filter((from) => from <= day)
    .at(-1)
  if (typeof region.effectiveTo === "string" && region.effectiveTo < day) throw notInForce(nameOrPath, day)
  return merge(json, { region: { effectiveFrom: start } })
}

function notInForce(nameOrPath: string, day: string): InputError {
  return new InputError("region", `${nameOrPath} is not in force on ${day}`, {
    messageZh: `region:${nameOrPath} 在 ${day} 无有效版本`,
  })
}
