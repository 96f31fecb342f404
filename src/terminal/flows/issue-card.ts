import { type FieldValue, splitHolderName } from "../../dictionary/index.js"
import type { FlowCard } from "./flow.js"
import type { KeyedOptions } from "./keyed.js"
import type { FileWrite } from "./plan-write.js"
import { type CardWritten, type WriteRefusal, writeCard } from "./write-card.js"

export interface IssueCardOptions extends KeyedOptions {
  /** Fields of SSSE EF06 by id: `socialSecurityNumber`, `name`, `sex`, `nation`, `birthDate`; a long name is parted. */
  readonly holder: Readonly<Record<string, FieldValue>>
  /** Fields of SSSE EF05 by id: `cardId`, `cardClass`, `issueDate`, `expiryDate`, `cardNumber` ... */
  readonly issuer: Readonly<Record<string, FieldValue>>
}

/**
 * Makes a card its holder's own: instant issue (card-commands §14.7). Holder data first, then issuer data, each under
 * UKssse, and all of it is read back. The PKI application is not touched.
 *
 * @throws {InputError} for a field or value that does not fit the tables; nothing is written then
 */
export function issueCard(
  card: FlowCard,
  { holder, issuer, ...options }: IssueCardOptions,
): Promise<CardWritten | WriteRefusal> {
  const name = typeof holder.name === "string" ? splitHolderName(holder.name, "holder.name") : {}
  const writes: FileWrite[] = [
    { directory: "SSSE", fid: 0xef06, fields: { ...holder, ...name } },
    { directory: "SSSE", fid: 0xef05, fields: issuer },
  ]
  return writeCard(card, { ...options, writes })
}
