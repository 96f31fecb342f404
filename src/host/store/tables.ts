import type { TableName, Tables } from "./rows.js"

/** What a column holds; `?` when it may be null. Amounts are integers in the database and bigint in the rows. */
export type ColumnType = "text" | "text?" | "integer" | "integer?" | "fen" | "bytes" | "bytes?"

/** One table: its columns in order, its primary key, and further unique or searched columns. */
export interface TableDefinition<Row> {
  readonly columns: { readonly [Column in keyof Row]-?: ColumnType }
  readonly key: readonly (keyof Row & string)[]
  readonly unique?: readonly (keyof Row & string)[]
  readonly index?: readonly (keyof Row & string)[]
  /** Rows are only ever added: the journal (host-iso8583 §18, invariant 4). */
  readonly appendOnly?: boolean
}

/** The schema of the bank, version 1. Both stores are made from it. */
export const TABLES: { readonly [Name in TableName]: TableDefinition<Tables[Name]> } = {
  cards: {
    columns: {
      pan: "text",
      sequenceNumber: "text",
      expiry: "text",
      accountNumber: "text",
      accountClass: "text",
      state: "text",
      listedCode: "text?",
      holderName: "text",
      holderNameLatin: "text",
      idType: "text",
      idNumber: "text",
      phone: "text?",
      pinVerifier: "bytes?",
      pinTries: "integer",
      pinTriesAt: "text?",
      lastAtc: "integer?",
      keyIndex: "integer",
      algorithm: "text",
      scriptCount: "integer",
      pinScript: "integer",
    },
    key: ["pan"],
  },
  messages: {
    columns: {
      key: "text",
      messageClass: "text",
      hash: "bytes",
      state: "text",
      flow: "text?",
      terminal: "text",
      pan: "text?",
      processingCode: "text",
      amountFen: "fen",
      countedFen: "fen",
      entry: "integer?",
      suspenseFen: "fen",
      day: "text",
      businessDate: "text",
      reference: "text",
      answerCode: "text",
      answer: "bytes",
      at: "text",
    },
    key: ["key", "messageClass"],
    index: ["state"],
  },
  entries: {
    columns: {
      id: "integer",
      key: "text",
      kind: "text",
      businessDate: "text",
      reverses: "integer?",
      at: "text",
    },
    key: ["id"],
    unique: ["key", "kind"],
    appendOnly: true,
  },
  legs: {
    columns: { entry: "integer", position: "integer", account: "text", fen: "fen" },
    key: ["entry", "position"],
    index: ["account"],
    appendOnly: true,
  },
  balances: { columns: { account: "text", fen: "fen" }, key: ["account"] },
  counters: {
    columns: { pan: "text", kind: "text", period: "text", fen: "fen", count: "integer" },
    key: ["pan", "kind", "period"],
  },
  scripts: {
    columns: { pan: "text", id: "integer", key: "text", purpose: "text", verifier: "bytes", state: "text" },
    key: ["pan", "id"],
  },
  terminalKeys: {
    columns: {
      terminal: "text",
      signedOn: "integer",
      pinKey: "bytes",
      macKey: "bytes",
      previousMacKey: "bytes?",
      changedAt: "text",
    },
    key: ["terminal"],
  },
  cases: { columns: { id: "integer", key: "text", reason: "text", at: "text" }, key: ["id"], appendOnly: true },
  reservations: {
    columns: { pan: "text", day: "text", fen: "fen", madeOn: "text" },
    key: ["pan", "day"],
  },
  sequences: { columns: { name: "text", value: "integer" }, key: ["name"] },
}

export const TABLE_NAMES = Object.keys(TABLES) as TableName[]
