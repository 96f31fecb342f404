import { type DispenseOutcome, decodeReplacementAmount } from "../../dictionary/index.js"
import type { MessageRow } from "../store/rows.js"
import type { Answer, TerminalRequest } from "./context.js"
import { effectOfOutcome } from "./outcome.js"
import { type Filing, openCase, record, refuse } from "./record.js"
import { apply, cashTransactionOf } from "./settlement.js"

/** The request an advice or reversal is about, with the same terminal, STAN and date. */
export function findOriginal({ rows, key }: TerminalRequest): Promise<MessageRow | undefined> {
  return rows.get("messages", key, "0200")
}

/** Card and transaction are the same in both messages. */
export function isAbout({ fields }: TerminalRequest, original: MessageRow): boolean {
  return fields[2] === original.pan && fields[3] === original.processingCode
}

/** The terminal takes 22 as the end of the matter; the bank's staff take it up from there. */
export async function contradiction(request: TerminalRequest, reason: string): Promise<Answer> {
  await openCase(request, reason)
  return { code: "22" }
}

/** What was paid out or stored: DE95, the whole amount without it. */
function actualFenOf({ fields }: TerminalRequest, original: MessageRow): bigint {
  return fields[95] === undefined ? original.amountFen : BigInt(decodeReplacementAmount(fields[95]))
}

async function settle(request: TerminalRequest, original: MessageRow, outcome: DispenseOutcome): Promise<Answer> {
  const { rows, bank } = request
  const card = original.pan === null ? undefined : await rows.get("cards", original.pan)
  if (!isAbout(request, original) || !card) return contradiction(request, "advice for another transaction")
  const cash = cashTransactionOf(original, card)
  const effect = effectOfOutcome(original, cash, outcome, actualFenOf(request, original), bank.policies)
  if (!effect) return contradiction(request, `advice ${outcome} for a request that is ${original.state}`)
  await apply(request, original, card, effect)
  return { code: "00" }
}

/** What an advice adds to the totals of its terminal (host-iso8583 §19); nothing while nobody knows. */
function movedOf(outcome: DispenseOutcome, actualFen: bigint, { amountFen }: MessageRow): NonNullable<Filing["moved"]> {
  if (outcome === "unknown" || outcome === "returned") return { countedFen: 0n, suspenseFen: 0n }
  return { countedFen: actualFen, suspenseFen: outcome === "retracted" ? amountFen - actualFen : 0n }
}

/** 0220: what became of the notes (host-iso8583 §11.2, §11.4, §17). */
export async function advice(request: TerminalRequest): Promise<Uint8Array> {
  const { fields, data } = request
  if (data.dispenseOutcome === undefined) return refuse(request, "30")
  const original = await findOriginal(request)
  if (!original || original.state === "tombstone") {
    await openCase(request, "advice without a request")
    return record(request, { code: "25" }, { messageClass: "0220", state: "answered" })
  }
  if (BigInt(fields[4]!) !== original.amountFen) return refuse(request, "64")
  const answer = await settle(request, original, data.dispenseOutcome)
  const moved = movedOf(data.dispenseOutcome, actualFenOf(request, original), original)
  return record(request, answer, { messageClass: "0220", state: "answered", flow: original.flow, original, moved })
}
