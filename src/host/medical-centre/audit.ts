import type { BankTransaction } from "../store/bank-store.js"
import type { AuditRow } from "../store/medical-rows.js"
import type { CentreTime } from "./context.js"

/** What is written down about a question or a step (domain-rules §14.5). Persons stand by the centre's number. */
export type AuditNote = Omit<AuditRow, "id" | "at">

/** Writes down who asked for what of whom, why, and what came of it. */
export async function writeAudit(rows: BankTransaction, note: AuditNote, { at }: CentreTime): Promise<void> {
  await rows.insert("medicalAudit", { id: await rows.next("medicalAudit"), at, ...note })
}
