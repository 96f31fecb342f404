import { BUREAU_TABLES } from "./bureau-tables.js"
import { MEDICAL_TABLES } from "./medical-tables.js"
import type { TableName } from "./rows.js"
import { BANK_TABLES, type ColumnType, TABLES } from "./tables.js"
import { TRANSFER_TABLES } from "./transfer-tables.js"

const quote = (identifier: string) => `"${identifier}"`
const quoteAll = (identifiers: readonly string[]) => identifiers.map(quote).join(", ")

const SQL_TYPES: Readonly<Record<string, string>> = { text: "TEXT", integer: "BIGINT", fen: "BIGINT", bytes: "BLOB" }

function columnSql(name: string, type: ColumnType): string {
  const nullable = type.endsWith("?")
  return `${quote(name)} ${SQL_TYPES[nullable ? type.slice(0, -1) : type]}${nullable ? "" : " NOT NULL"}`
}

/** Columns of a table in their fixed order. */
export function columnsOf(table: TableName): string[] {
  return Object.keys(TABLES[table].columns)
}

function createTable(table: TableName): string[] {
  const { columns, key, unique, index } = TABLES[table]
  const parts = Object.entries(columns).map(([name, type]) => columnSql(name, type as ColumnType))
  parts.push(`PRIMARY KEY (${quoteAll(key)})`)
  if (unique) parts.push(`UNIQUE (${quoteAll(unique)})`)
  const statements = [`CREATE TABLE ${quote(table)} (${parts.join(", ")})`]
  for (const column of index ?? [])
    statements.push(`CREATE INDEX ${quote(`${table}_${column}`)} ON ${quote(table)} (${quote(column)})`)
  return statements
}

const namesOf = (tables: object) => Object.keys(tables) as TableName[]

/**
 * The steps that bring an empty database to the present schema; the number of a step, from 1, is the schema version
 * it leads to. A step that was released never changes: a new version is a new step.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [
  namesOf(BANK_TABLES).flatMap(createTable),
  namesOf(MEDICAL_TABLES).flatMap(createTable),
  [`CREATE INDEX "messages_businessDate" ON "messages" ("businessDate")`],
  namesOf(TRANSFER_TABLES).flatMap(createTable),
  namesOf(BUREAU_TABLES).flatMap(createTable),
]

export const CREATE_SCHEMA_VERSION = `CREATE TABLE IF NOT EXISTS "schemaVersion" ("version" BIGINT NOT NULL PRIMARY KEY)`
export const READ_SCHEMA_VERSION = `SELECT MAX("version") FROM "schemaVersion"`
export const WRITE_SCHEMA_VERSION = `INSERT INTO "schemaVersion" ("version") VALUES (?)`

export function selectSql(table: TableName): string {
  const { key } = TABLES[table]
  return `SELECT ${quoteAll(columnsOf(table))} FROM ${quote(table)} WHERE ${key.map((column) => `${quote(column)} = ?`).join(" AND ")}`
}

export function listSql(table: TableName, where: readonly string[]): string {
  const condition = where.length > 0 ? ` WHERE ${where.map((column) => `${quote(column)} = ?`).join(" AND ")}` : ""
  return `SELECT ${quoteAll(columnsOf(table))} FROM ${quote(table)}${condition} ORDER BY ${quoteAll(TABLES[table].key)}`
}

export function insertSql(table: TableName): string {
  const columns = columnsOf(table)
  return `INSERT INTO ${quote(table)} (${quoteAll(columns)}) VALUES (${columns.map(() => "?").join(", ")}) ON CONFLICT DO NOTHING`
}

export function upsertSql(table: TableName): string {
  const columns = columnsOf(table)
  const { key } = TABLES[table]
  const changed = columns.filter((column) => !(key as readonly string[]).includes(column))
  const updates = changed.map((column) => `${quote(column)} = excluded.${quote(column)}`).join(", ")
  return `INSERT INTO ${quote(table)} (${quoteAll(columns)}) VALUES (${columns.map(() => "?").join(", ")}) ON CONFLICT (${quoteAll(key)}) DO UPDATE SET ${updates}`
}

export const NEXT_SQL = `INSERT INTO "sequences" ("name", "value") VALUES (?, 1) ON CONFLICT ("name") DO UPDATE SET "value" = "sequences"."value" + 1 RETURNING "value"`
