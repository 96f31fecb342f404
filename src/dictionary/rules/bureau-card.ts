import type { Label } from "../label.js"
import type { DirectoryName } from "../social-security/index.js"

/** Fields of one file that the bureau wants on the card. Writing the same again changes nothing. */
export interface BureauCardWrite {
  readonly directory: DirectoryName
  /** 0xEF05 upwards. */
  readonly fid: number
  readonly fields: Readonly<Record<string, string>>
}

export type BureauCardOutcome =
  | { readonly outcome: "done" }
  /** Nothing that was asked stands on the card. */
  | { readonly outcome: "refused"; readonly reason: Label }
  /** The card went away: it may hold all, some or nothing of it. */
  | { readonly outcome: "unknown" }

/** A card that was presented at the bureau, with its PIN checked, whose files can be written under their keys. */
export interface BureauCard {
  readonly cardNumber: string
  /** Never rejects. */
  write(writes: readonly BureauCardWrite[]): Promise<BureauCardOutcome>
}
