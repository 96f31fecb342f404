import type { TableDefinition } from "./table-definition.js"

/** A transfer to somebody else that waits until it can no longer be called off (domain-rules §4.1). */
export interface TransferRow {
  /** Key of the request. */
  key: string
  /** Account number of the payee. */
  payee: string
  /** ISO 8601: from then on it is carried out. */
  dueAt: string
  state: "waiting" | "done" | "cancelled"
}

export interface TransferTables {
  transfers: TransferRow
}

export const TRANSFER_TABLES: { readonly [Name in keyof TransferTables]: TableDefinition<TransferTables[Name]> } = {
  transfers: {
    columns: { key: "text", payee: "text", dueAt: "text", state: "text" },
    key: ["key"],
    index: ["state"],
  },
}
