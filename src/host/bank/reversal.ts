import { customerAccount } from "../ledger/accounts.js"
import { owedFen } from "../ledger/post.js"
import type { CardRow, MessageRow } from "../store/rows.js"
import { contradiction, findOriginal, isAbout } from "./advice.js"
import type { Answer, TerminalRequest } from "./context.js"
import { effectOfReversal } from "./outcome.js"
import { refundTakenBack } from "./purchase.js"
import { record, refuse } from "./record.js"
import { apply, cashTransactionOf, reverseEntry } from "./settlement.js"

/** Money that a counter took in can be taken back only while it is still there. */
async function isCovered({ rows }: TerminalRequest, original: MessageRow, card: CardRow): Promise<boolean> {
  if (original.flow !== "counterDeposit") return true
  return (await owedFen(rows, customerAccount(card.accountNumber))) >= original.amountFen
}

async function wasDelayed({ rows }: TerminalRequest, { key }: MessageRow): Promise<boolean> {
  return (await rows.get("transfers", key)) !== undefined
}

async function reverseApproved(request: TerminalRequest, original: MessageRow): Promise<Answer> {
  const { rows } = request
  const card = original.pan === null ? undefined : await rows.get("cards", original.pan)
  if (!isAbout(request, original) || !card) return contradiction(request, "reversal of another transaction")
  if (original.flow === "transfer") {
    // What a delayed transfer brought the payee is his; before that nobody has it but us.
    const isOpen =
      (original.state === "final" && !(await wasDelayed(request, original))) || original.state === "delayed"
    const isReversed = isOpen && (await reverseEntry(request, original))
    return isReversed ? { code: "00" } : contradiction(request, `reversal of a transfer that is ${original.state}`)
  }
  if (original.flow === "purchase" || original.flow === "refund") {
    // What was paid back already is not to be given back twice.
    const isWhole = original.state === "final" && original.countedFen === original.amountFen
    if (!isWhole || !(await reverseEntry(request, original)))
      return contradiction(request, `reversal of a ${original.flow} that is ${original.state}`)
    if (original.flow === "refund") await refundTakenBack(request, original.amountFen)
    return { code: "00" }
  }
  // An advice that told where the notes are closes the matter, even while its money lies in suspense.
  const wasAdvised = (await rows.get("messages", original.key, "0220"))?.answerCode === "00"
  const effect = wasAdvised ? undefined : effectOfReversal(original, cashTransactionOf(original, card))
  if (!effect || !(await isCovered(request, original, card)))
    return contradiction(request, `reversal of a request that is ${original.state}`)
  await apply(request, original, card, effect)
  return { code: "00" }
}

/** A request that never came: should it come later, it is refused (host-iso8583 §12). */
async function buryUnknown(request: TerminalRequest): Promise<Uint8Array> {
  const answer = { code: request.bank.policies.unknownReversal }
  await record(request, answer, { messageClass: "0200", state: "tombstone" })
  return record(request, answer, { messageClass: "0420", state: "answered" })
}

/** 0420: takes a transaction back, exactly once, on the day it was made (host-iso8583 §12). */
export async function reversal(request: TerminalRequest): Promise<Uint8Array> {
  const original = await findOriginal(request)
  if (!original) return buryUnknown(request)
  const hasNothingToReverse = ["declined", "approved", "tombstone"].includes(original.state)
  if (!hasNothingToReverse && BigInt(request.fields[4]!) !== original.amountFen) return refuse(request, "64")
  const answer = hasNothingToReverse ? { code: "00" } : await reverseApproved(request, original)
  return record(request, answer, { messageClass: "0420", state: "answered", original })
}
