import type { KeyArguments } from "../key-source.js"
import type { CardArguments, CommonArguments, PinArguments } from "../options.js"

/** What `medical` is called with. */
export interface MedicalArguments extends CommonArguments, CardArguments, PinArguments, KeyArguments {
  readonly action: "settle" | "withdraw" | "records" | "load"
  readonly file?: string
  readonly region?: string
  readonly database?: string
  readonly explain?: boolean
  readonly preview?: boolean
  readonly reason?: "death" | "emigration"
  readonly documents?: string
  readonly operator: string
  readonly cashier: string
  readonly person?: string
  readonly purpose?: string
  readonly object: "account" | "settlements" | "audit"
  readonly month?: string
  readonly wage?: string
  readonly amount?: string
}
