import { maskId } from "../../apdu/index.js"
import { type CentreTime, centreTime } from "../medical-centre/context.js"
import type { RegionTimeline } from "../regions/timeline.js"
import type { BankStore, BankTransaction } from "../store/bank-store.js"
import type { BureauPersonRow } from "../store/bureau-rows.js"
import type { BureauRefusal } from "./rules/explain.js"
import { refuse } from "./rules/refusals.js"

/** What every part of the bureau works with. */
export interface BureauContext {
  readonly store: BankStore
  readonly regions: RegionTimeline
  readonly clock: () => Date
}

export type BureauTime = CentreTime

/** Now, and the rules in force. */
export const bureauTime = (bureau: BureauContext): BureauTime => centreTime(bureau)

/** Who asks (domain-rules §14.5). */
export interface BureauAsker {
  readonly kind: "person" | "agent" | "operator"
  /** Identity number of a person or agent; name of an operator. */
  readonly id: string
  /** Permission of the subject, naming what may be asked for or done. */
  readonly mandate?: { readonly subject: string; readonly objects: readonly string[] }
  /** How the person proved who he is. */
  readonly proof?: "cardAndPin" | "face"
}

/** Who asks for what of whom, how, and why: stands in the log whatever comes of it. */
export interface BureauQuestion {
  readonly asker: BureauAsker
  /** Identity number. */
  readonly subject: string
  readonly channel: string
  readonly purpose: string
}

/** Q02, Q01, Q03; the same words whether there is such a person or not. */
export function questionRefusal(question: BureauQuestion, object: string): BureauRefusal | undefined {
  const { asker, subject, purpose } = question
  if (purpose.trim() === "") return refuse("Q02")
  if (asker.kind === "operator") return undefined
  if (asker.kind === "agent")
    return asker.mandate?.subject === subject && asker.mandate.objects.includes(object) ? undefined : refuse("Q01")
  if (asker.id !== subject) return refuse("Q01")
  return asker.proof === undefined ? refuse("Q03") : undefined
}

/** Writes down who asked for what of whom, why, and what came of it; refused questions too (domain-rules §14.5, 1). */
export async function writeQuestion(
  rows: BankTransaction,
  question: BureauQuestion,
  object: string,
  result: string,
  { at }: BureauTime,
): Promise<void> {
  const { asker, subject, channel, purpose } = question
  const numberOf = async (id: string) => (await rows.get("bureauPersons", id))?.number ?? maskId(id)
  await rows.insert("bureauAudit", {
    id: await rows.next("bureauAudit"),
    at,
    actor: asker.kind === "operator" ? asker.id : await numberOf(asker.id),
    channel,
    subject: await numberOf(subject),
    object,
    purpose,
    result,
  })
}

/** The person of a question, or why nothing is told. */
export async function admit(
  rows: BankTransaction,
  question: BureauQuestion,
  object: string,
): Promise<BureauPersonRow | BureauRefusal> {
  return questionRefusal(question, object) ?? (await rows.get("bureauPersons", question.subject)) ?? refuse("D01")
}

/** JSON with amounts as digits of fen. */
export const toJson = (value: unknown) =>
  JSON.stringify(value, (_, part) => (typeof part === "bigint" ? part.toString() : part))
