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
