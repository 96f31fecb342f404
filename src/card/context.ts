import type { Application } from "./application.js"
import type { LogicalChannels } from "./channels.js"
import type { Directory, Layout, Region } from "./layout.js"
import type { Memory } from "./memory.js"
import type { ResponseBuffer } from "./response-buffer.js"
import type { Session } from "./session.js"

/** Element of the MF that is not 0 once the whole card is blocked (card-commands §7.2). */
export const CARD_STATE = "cardState"

/** What a handler may touch. */
export interface Context {
  readonly layout: Layout
  readonly memory: Memory
  readonly session: Session
  readonly response: ResponseBuffer
  /** The selected directory: same as `session.directory`. */
  readonly directory: Directory
  /** The logical channel that the command came on; `session` is its state. */
  readonly channel: number
  /** All channels, for MANAGE CHANNEL. */
  readonly channels: LogicalChannels
  /** Blocks the whole card for ever: from the next command on it answers 6A81 to everything. */
  blockCard(): void
  /** Fresh random bytes from the card's generator (seeded in tests). */
  random(length: number): Uint8Array
}

/** The application whose `select`, `selectFile` and `admit` are to be called now. */
export function hooksOf({ application, quietOffset }: Directory, memory: Memory): Application | undefined {
  return quietOffset >= 0 && memory.readByte(quietOffset) === 0 ? undefined : application
}

export type { Directory, Layout, Memory, Region, ResponseBuffer, Session }
