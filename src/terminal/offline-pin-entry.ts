import { bcdLeft, concat } from "../apdu/index.js"
import type { OfflinePinEntry } from "./emv/index.js"
import type { Keypad } from "./keypad.js"

/** How often a PIN of a wrong length may be typed again. */
const ENTRIES = 3

/** The block that VERIFY carries: `2L PIN F..` (ISO 9564 format 2, EMV Book 3 §6.5.12). @param pin 4 to 12 digits */
export function offlinePinBlock(pin: string): Uint8Array {
  if (!/^\d{4,12}$/.test(pin)) throw new RangeError("pin: expected 4 to 12 digits")
  return concat(0x20 | pin.length, bcdLeft(pin, 7))
}

/**
 * The offline PIN of the kernel, typed at a keypad. An empty entry is the OK key alone: the holder goes on without a PIN.
 *
 * @example runEmvTransaction({ card, configuration, input, online, holder: { offlinePin: offlinePinAt(keypad) } })
 */
export function offlinePinAt(keypad: Keypad): (triesLeft: number | undefined) => Promise<OfflinePinEntry> {
  return async (triesLeft) => {
    for (let tries = 0; tries < ENTRIES; tries++) {
      const entry = await keypad.enterPin({ purpose: "current", triesLeft })
      if (entry.outcome !== "entered") return { outcome: "cancelled" }
      if (entry.pin === "") return { outcome: "bypassed" }
      if (/^\d{4,12}$/.test(entry.pin)) return { outcome: "entered", block: offlinePinBlock(entry.pin) }
    }
    return { outcome: "cancelled" }
  }
}
