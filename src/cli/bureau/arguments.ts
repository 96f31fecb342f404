import type { KeyArguments } from "../key-source.js"
import type { CardArguments, CommonArguments, PinArguments } from "../options.js"

/** Areas of the bureau's work. */
export const ACTIONS = [
  "pension",
  "jobs",
  "unemployment",
  "training",
  "injury",
  "maternity",
  "data",
  "card",
  "records",
  "statement",
  "certificate",
  "employer",
  "town",
] as const

/** What `bureau` is called with. */
export interface BureauArguments extends CommonArguments, CardArguments, PinArguments, KeyArguments {
  readonly action: (typeof ACTIONS)[number]
  readonly what?: string
  readonly region?: string
  readonly database?: string
  readonly person?: string
  readonly purpose: string
  readonly operator: string
  readonly serial?: string
  readonly set?: readonly string[]
  readonly year?: string
  readonly employer?: string
  readonly month?: string
  readonly amount?: string
  readonly seed: string
  readonly explain?: boolean
}
