import { BUREAU_TABLES } from "./bureau-tables.js"
import { MEDICAL_TABLES } from "./medical-tables.js"
import type { BankTables, TableName, Tables } from "./rows.js"
import type { TableDefinition } from "./table-definition.js"
import { TRANSFER_TABLES } from "./transfer-tables.js"

export type { ColumnType } from "./table-definition.js"

/** The schema of the bank, version 1. */
export const BANK_TABLES: { readonly [Name in keyof BankTables]: TableDefinition<BankTables[Name]> } = {
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

/** The whole schema: both stores are made from it. */
export const TABLES: { readonly [Name in TableName]: TableDefinition<Tables[Name]> } = {
  ...BANK_TABLES,
  ...MEDICAL_TABLES,
  ...TRANSFER_TABLES,
  ...BUREAU_TABLES,
}

export const TABLE_NAMES = Object.keys(TABLES) as TableName[]
