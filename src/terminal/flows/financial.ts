import type { CryptogramType, Label, ScriptResult } from "../../dictionary/index.js"
import type { Recovered, ReversalReason, Step } from "../bank/index.js"
import type { EmvOutcome, Reason } from "../emv/index.js"
import type { FinancialRefusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"

/** What a financial flow reports while it works. PANs are masked. */
export type FinancialEvent =
  | { readonly type: "recovered"; readonly what: Recovered }
  | { readonly type: "application-selected"; readonly label: string; readonly pan: string }
  | { readonly type: "pin-asked"; readonly purpose: "current" | "new"; readonly triesLeft?: number }
  | { readonly type: "pin-entered" }
  | {
      readonly type: "host-asked"
      readonly stan: number
      readonly amountFen?: number
      /** Tag 9F26 in hex, where the card was asked for a cryptogram. */
      readonly arqc?: string
    }
  | { readonly type: "host-answered"; readonly code: string; readonly meaning: Label }
  | { readonly type: "host-silent"; readonly reason: "98" | "A0" }
  | {
      readonly type: "card-decided"
      readonly outcome: EmvOutcome
      /** The card's last cryptogram; its value in hex. */
      readonly cryptogram?: { readonly type: CryptogramType; readonly value: string }
      /** Tags 95 and 9B, hex. */
      readonly tvr: string
      readonly tsi: string
      readonly why: readonly Reason[]
    }
  | { readonly type: "scripts-run"; readonly results: readonly ScriptResult[] }
  | { readonly type: "step"; readonly step: Step }
  | { readonly type: "reversed"; readonly reason: ReversalReason }
  | { readonly type: "refused"; readonly refusal: FinancialRefusal }

/** Every financial flow takes these. */
export interface FinancialFlowOptions {
  /** Told about every step; a flow itself never prints. */
  readonly onEvent?: (event: FinancialEvent) => void
}

/** Undefined when nobody listens: then no event is made either. */
export type Report = ((event: FinancialEvent) => void) | undefined

/** Runs a flow; a refusal is reported before it is returned. */
export async function runFinancialFlow<T extends { readonly ok: true }>(
  { onEvent }: FinancialFlowOptions,
  body: (report: Report) => Promise<T | FinancialRefusal>,
): Promise<T | FinancialRefusal> {
  const outcome = await body(onEvent)
  if (!outcome.ok) onEvent?.({ type: "refused", refusal: outcome })
  return outcome
}

/** Keeps others off the card meanwhile, where the connection can see to that (readers §6.3). */
export function withCard<T>(card: FlowCard, body: () => Promise<T>): Promise<T> {
  return "transaction" in card ? card.transaction(body) : body()
}
