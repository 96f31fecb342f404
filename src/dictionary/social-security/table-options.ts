import type { LocalVariant } from "./local/index.js"

/** Where cards of one version differ from one another. */
export interface TableOptions {
  /** Whose card it is: EF05 record 2 tells a client, `2` is an employer's. Default `person`. */
  readonly holder?: "person" | "employer"
  /** Files and directories that a region adds. */
  readonly local?: LocalVariant
  /** Size of the fingerprint file in bytes, default 300 hex; some cards have 400 hex (card-structure §5.3). */
  readonly fingerprintSize?: number
  /** True: DF03 EF05 has a record of tag 60 between 61 and 98, as one driver says (card-structure §8). */
  readonly unemploymentRecord60?: boolean
  /** True: DF01 EF07 has the education level as well, as one source says (card-structure §6). */
  readonly educationInPersonalStatus?: boolean
}
