import { createHash } from "node:crypto"
import type { CostLine, SettlementSplit } from "../../../dictionary/index.js"
import type { YearUse } from "../split/case.js"

/**
 * A record with its amounts as JSON numbers: every bill is far below 2^53 fen. JSON writes plain values several times faster
 * than it asks a function about each.
 */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null) return value
  const record: Record<string, unknown> = {}
  for (const key in value) record[key] = plain((value as Record<string, unknown>)[key])
  return record
}

export const encode = (value: object): string => JSON.stringify(plain(value))

const toFen = (key: string, value: unknown) =>
  key.endsWith("Fen") && typeof value === "number" ? BigInt(value) : value

export const decodeSplit = (json: string) => JSON.parse(json, toFen) as SettlementSplit
export const decodeUse = (json: string) => JSON.parse(json, toFen) as YearUse
export const decodeLines = (json: string) => JSON.parse(json, toFen) as CostLine[]

/** What tells a repeat from another request under the same serial. */
export function hashOf(value: object): string {
  return createHash("sha256").update(encode(value)).digest("hex")
}
