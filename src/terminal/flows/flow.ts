import type { Transport } from "../../apdu/index.js"
import type { DirectoryName } from "../../dictionary/index.js"
import type { CardSession } from "../card-session.js"
import type { FileReading, PersonReading } from "../clients/index.js"
import type { FlowRefusal } from "./refusal.js"

/** What a flow on the social security side reports while it works. */
export type CardEvent =
  | { readonly type: "selected"; readonly directory: DirectoryName }
  | { readonly type: "person-read"; readonly person: PersonReading }
  | { readonly type: "file-read"; readonly directory: DirectoryName; readonly reading: FileReading }
  | { readonly type: "pin-verified"; readonly which: "initial" | "current" | "new" }
  | { readonly type: "pin-changed" }
  | { readonly type: "pin-reset" }
  | { readonly type: "pin-unblocked" }
  | { readonly type: "genuine" }
  | { readonly type: "authenticated"; readonly key: string }
  | {
      readonly type: "written"
      readonly directory: DirectoryName
      readonly fid: number
      /** Absent in a file without records. */
      readonly record?: number
    }
  | { readonly type: "card-managed"; readonly what: "application-blocked" | "application-unblocked" | "card-blocked" }
  | { readonly type: "refused"; readonly refusal: FlowRefusal }

/** Every flow takes these. */
export interface FlowOptions {
  /** Told about every step; a flow itself never prints. */
  readonly onEvent?: (event: CardEvent) => void
}

/** A card that a flow can work with: a session, or any connection that hides 61xx and 6Cxx. */
export type FlowCard = CardSession | Transport

export type Report = (event: CardEvent) => void

/**
 * Runs a flow with nobody else on the card, where the connection can see to that (readers §6.3). A refusal is reported
 * before it is returned.
 */
export async function runFlow<T extends { readonly ok: true }>(
  card: FlowCard,
  { onEvent }: FlowOptions,
  body: (report: Report) => Promise<T | FlowRefusal>,
): Promise<T | FlowRefusal> {
  const report = onEvent ?? (() => undefined)
  const outcome = await ("transaction" in card ? card.transaction(() => body(report)) : body(report))
  if (!outcome.ok) report({ type: "refused", refusal: outcome })
  return outcome
}
