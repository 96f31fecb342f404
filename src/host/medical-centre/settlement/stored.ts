import { createHash } from "node:crypto"
import type { CostLine, SettlementSplit } from "../../../dictionary/index.js"
import type { YearUse } from "../split/case.js"

/** Amounts of a record as JSON numbers: every bill is far below 2^53 fen. */
const toNumbers = (_: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value)

export const encode = (value: object): string => JSON.stringify(value, toNumbers)

const toFen = (key: string, value: unknown) =>
  key.endsWith("Fen") && typeof value === "number" ? BigInt(value) : value

export const decodeSplit = (json: string) => JSON.parse(json, toFen) as SettlementSplit
export const decodeUse = (json: string) => JSON.parse(json, toFen) as YearUse
export const decodeLines = (json: string) => JSON.parse(json, toFen) as CostLine[]

/** What tells a repeat from another request under the same serial. */
export function hashOf(value: object): string {
  return createHash("sha256").update(encode(value)).digest("hex")
}
