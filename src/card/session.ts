import type { Directory, ElementaryFile } from "./layout.js"

/** The volatile state of a powered card; reset and power-off destroy it (card-commands §8). */
export interface Session {
  directory: Directory
  file: ElementaryFile | undefined
  /** PIN and global keys of the current environment that are satisfied. */
  environmentBits: number
  /** Local keys of the current directory that are satisfied. */
  localBits: number
  /** The last challenge drawn and the one before it; undefined when used or never drawn. */
  challenge: Uint8Array | undefined
  previousChallenge: Uint8Array | undefined
  /** Volatile state of the selected application (`Application.newState`). */
  state: unknown
  readonly pinVerified: boolean
}
