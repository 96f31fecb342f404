import type { BankTransaction } from "../store/bank-store.js"
import type { CardState } from "../store/rows.js"
import { isHolder } from "./cardholder.js"

/** Who reports a card lost, by his document; the name is compared where it is given. */
export interface LossReport {
  readonly pan: string
  /** As in tag 9F62: 00 identity card. Default 00. */
  readonly documentType?: string
  readonly identityNumber: string
  readonly name?: string
  /** By telephone or orally: `tempLost`. In writing at a counter: `formallyLost`. Default by telephone. */
  readonly inWriting?: boolean
}

/** What came of a report: `reported` also when it was before. */
export type LossOutcome = "reported" | "notHolder" | "unknown" | "notPossible"

/** From these nothing is lost any more: the card was replaced or closed. */
const ENDED: ReadonlySet<CardState> = new Set<CardState>(["reissued", "closed"])

/** Reports a card lost: from now on it is refused with 41. An oral report never weakens one in writing. */
export async function reportLoss(rows: BankTransaction, report: LossReport): Promise<LossOutcome> {
  const { pan, documentType = "00", identityNumber, name, inWriting = false } = report
  const data = { documentType, identityNumber, ...(name !== undefined && { name }) }
  const card = await rows.get("cards", pan)
  if (!card) return "unknown"
  if (!isHolder(card, { data })) return "notHolder"
  if (ENDED.has(card.state)) return "notPossible"
  if (inWriting || card.state !== "formallyLost")
    await rows.put("cards", { ...card, state: inWriting ? "formallyLost" : "tempLost" })
  return "reported"
}
