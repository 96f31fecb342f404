import { jiangsu, type LocalTables } from "./jiangsu.js"

export type { LocalTables } from "./jiangsu.js"

/** Tables that regions add to the national ones, by name. */
export const localTables = { jiangsu } as const satisfies Record<string, LocalTables>

/** A region whose own files are known. */
export type LocalVariant = keyof typeof localTables
