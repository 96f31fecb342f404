/** PC/SC constants (readers §6.1). */

/** How a connection is shared. */
export const SHARE = { exclusive: 1, shared: 2, direct: 3 } as const
export type ShareMode = keyof typeof SHARE

/** Protocol masks. `any` lets the service choose; it takes T=1 where a card offers both. */
export const PROTOCOL = { none: 0, "T=0": 1, "T=1": 2, any: 3 } as const

/** What happens to the card when a handle ends, or before it is used again. */
export const DISPOSITION = { leave: 0, reset: 1, unpower: 2 } as const
export type Disposition = keyof typeof DISPOSITION

/** Bits of a reader's state; the event counter is in the upper half. */
export const STATE = {
  unknown: 0x4,
  unavailable: 0x8,
  present: 0x20,
  exclusive: 0x80,
  inUse: 0x100,
  mute: 0x200,
} as const

/** Longest response: 65,536 data bytes and the status word. */
export const RESPONSE_BUFFER = 65_538

/** Longest command that every driver passes (readers §2.6). */
export const MAX_COMMAND = 65_535

/** Control code of the driver's function `n`. */
export const controlCode = (n: number): number =>
  process.platform === "win32" ? (0x31 << 16) | (n << 2) : 0x42000000 + n

/**
 * Deadline of a call that is not a command, in milliseconds; commands have the deadline that `defaultDeadline` gives
 * (readers §6.7).
 */
export const COMMAND_TIMEOUT = 30_000
