import { z } from "zod"
import { InputError } from "../../apdu/index.js"
import { regionJson } from "./load.js"
import { type JsonObject, merge } from "./merge.js"
import { bankSection } from "./sections/bank.js"
import {
  injurySection,
  pensionSection,
  recordsSection,
  registrationSection,
  trainingSection,
  unemploymentSection,
} from "./sections/benefits.js"
import { cardSection } from "./sections/card.js"
import { contributionsSection } from "./sections/contributions.js"
import { crossRegionSection, medicalSection } from "./sections/medical.js"
import { withdrawalSection } from "./sections/withdrawal.js"

const areaCode = z.string().regex(/^\d{6}$/)

/** The schema of one version of a region's profile (domain-rules §16). A field too many or too few is an error. */
export const regionSchema = z.strictObject({
  schema: z.literal(1),
  region: z.strictObject({
    code: areaCode,
    provinceCode: areaCode,
    name: z.string().min(1),
    effectiveFrom: z.iso.date(),
    /** Last day on which it is in force; null: until the next version. */
    effectiveTo: z.iso.date().nullable(),
    timeZone: z.literal("Asia/Shanghai"),
  }),
  card: cardSection,
  bank: bankSection,
  contrib: contributionsSection,
  medical: medicalSection,
  crossRegion: crossRegionSection,
  withdraw: withdrawalSection,
  pension: pensionSection,
  unemployment: unemploymentSection,
  injury: injurySection,
  registration: registrationSection,
  training: trainingSection,
  records: recordsSection,
})

/** A region profile with its amounts in fen (bigint) and its ratios in 1/10,000 (integers). */
export type Region = z.output<typeof regionSchema>

/** A region profile as it is written: amounts in yuan and ratios as fractions, decimals allowed. */
export type RegionJson = z.input<typeof regionSchema>

/** Some fields of a profile, at any depth; lists replace as a whole. */
export type RegionChanges = Changes<RegionJson>
type Changes<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: Changes<Value[Key]> }
    : Value

/**
 * Checks a region profile and turns its yuan into fen and its fractions into 1/10,000 (domain-rules §16).
 *
 * @throws {InputError} with the path of the first field that is missing, unknown or wrong
 */
export function parseRegion(json: unknown): Region {
  const result = regionSchema.safeParse(json)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw new InputError(["region", ...issue.path].join("."), issue.message)
}

/** How a region is looked up. */
export interface RegionOptions {
  /** YYYYMMDD or YYYY-MM-DD; default today in China. */
  readonly date?: string
  readonly changes?: RegionChanges
}

/**
 * A region that comes along, by name, or one in a JSON file, as it is on a day.
 *
 * @throws {InputError} when there is none, it is not in force on that day, or a field is wrong
 * @example loadRegion("bj-like", { date: "20250601" }).medical.inpatient.deductible["3"] // [130000n, 65000n]
 */
export function loadRegion(nameOrPath: string, { date, changes = {} }: RegionOptions = {}): Region {
  return parseRegion(merge(regionJson(nameOrPath, date), changes as JsonObject))
}

/**
 * The default region, the customer's rules taken literally, optionally with some fields replaced.
 *
 * @example defaultRegion({ bank: { atmPerTxn: 2000 } })
 */
export function defaultRegion(changes: RegionChanges = {}): Region {
  return loadRegion("default", { changes })
}
