import { CardRemovedError, SW, TimeoutError } from "../../apdu/index.js"
import { type Outcome, transactionProof } from "../clients/index.js"
import type { FlowCard } from "./flow.js"
import { returnToAccount } from "./medical-account.js"
import { cardRefused, type FlowRefusal, type UnfinishedTransaction } from "./refusal.js"

/** What the card says of it. `mac` is MAC2 of a debit, MAC3 of an unload. */
export type TransactionEnd =
  | { readonly end: "done"; readonly mac: Uint8Array; readonly tac: Uint8Array }
  | { readonly end: "notDone" }
  | { readonly end: "unknown" }

/**
 * Asks a card whether a transaction happened whose answer was lost (card-commands §10.5). Needs no PIN.
 *
 * @returns `unknown` when the card is gone again, or its answer means neither
 */
export async function proveTransaction(
  card: FlowCard,
  { kind, number }: UnfinishedTransaction,
): Promise<TransactionEnd> {
  try {
    if (!(await returnToAccount(card))) return { end: "unknown" }
    const proof = await transactionProof(card, kind, number)
    if (proof.ok) return { end: "done", mac: proof.mac, tac: proof.tac }
    return { end: proof.statusWord === SW.PROOF_NOT_AVAILABLE ? "notDone" : "unknown" }
  } catch (error) {
    if (isLost(error)) return { end: "unknown" }
    throw error
  }
}

/** How the second command of a transaction ended. */
export type Settled<T> =
  | {
      readonly end: "done"
      readonly value: T /** The answer was lost, and the card told afterwards. */
      readonly recovered: boolean
    }
  | { readonly end: "refused"; readonly refusal: FlowRefusal }

/**
 * Runs the second command of a transaction; when its answer is lost, asks the card that comes back.
 *
 * @param ofProof what the card proves afterwards, as the command would have answered it
 */
export async function settleOrProve<T extends object>(
  settle: () => Promise<Outcome<T>>,
  ofProof: (proof: { readonly mac: Uint8Array; readonly tac: Uint8Array }) => T,
  unfinished: UnfinishedTransaction,
  reconnect: (() => Promise<FlowCard>) | undefined,
): Promise<Settled<T>> {
  try {
    const answer = await settle()
    return answer.ok
      ? { end: "done", value: answer, recovered: false }
      : { end: "refused", refusal: cardRefused(answer.statusWord) }
  } catch (error) {
    if (!isLost(error)) throw error
  }
  const end = await askAgain(unfinished, reconnect)
  if (end.end === "done") return { end: "done", value: ofProof(end), recovered: true }
  return { end: "refused", refusal: end.end === "notDone" ? NOTHING_MOVED : outcomeUnknown(unfinished) }
}

async function askAgain(
  unfinished: UnfinishedTransaction,
  reconnect: (() => Promise<FlowCard>) | undefined,
): Promise<TransactionEnd> {
  if (!reconnect) return { end: "unknown" }
  try {
    return await proveTransaction(await reconnect(), unfinished)
  } catch (error) {
    if (isLost(error)) return { end: "unknown" }
    throw error
  }
}

/** The card came back and had done nothing. */
const NOTHING_MOVED: FlowRefusal = {
  ok: false,
  code: "CARD_REMOVED",
  reason: { en: "the card went away before the money moved; nothing changed", zh: "卡片在记账前已移除,未发生变动" },
}

/** Nobody knows yet whether the money moved; {@link proveTransaction} tells when the card is there again. */
const outcomeUnknown = (unfinished: UnfinishedTransaction): FlowRefusal => ({
  ok: false,
  code: "OUTCOME_UNKNOWN",
  reason: {
    en: "the card went away before it told whether the money moved: present it again",
    zh: "卡片在确认交易前已移除,结果未知,请重新插卡",
  },
  unfinished,
})

const isLost = (error: unknown): boolean => error instanceof CardRemovedError || error instanceof TimeoutError
