import type { PinEntry } from "../emv/index.js"
import type { KeyModule } from "./key-module.js"

/** What the PIN pad is to ask for. */
export interface PinPrompt {
  /** `current`: the PIN that belongs to the card. `new`: one to be set, typed twice. */
  readonly purpose: "current" | "new"
  /** The block is made for this PAN. */
  readonly pan: string
  /** Known after a wrong PIN. */
  readonly triesLeft?: number
}

/** A PIN pad: the clear PIN exists only inside it, what comes out is enciphered for the host. */
export interface PinPad {
  enterPin(prompt: PinPrompt): Promise<PinEntry>
}

/** What the person at the PIN pad is told; never the PAN. */
export interface PinQuestion {
  readonly purpose: PinPrompt["purpose"]
  readonly triesLeft: number | undefined
  /** The second time a new PIN is typed. */
  readonly repeat: boolean
  /** Why it is asked again: too short or no digits, or the two entries differ. */
  readonly problem: "length" | "mismatch" | undefined
}

/** Types a PIN; undefined is the cancel key. */
export type PinTyping = (question: PinQuestion) => Promise<string | undefined>

/** How often a malformed entry may be repeated before the pad gives up. */
const ENTRIES = 3

/**
 * A PIN pad whose keys are pressed by a function: a keyboard prompt, a web page, a test.
 *
 * @param keys enciphers the PIN; usually the bank terminal's `keys`
 */
export function softwarePinPad(keys: KeyModule, type: PinTyping): PinPad {
  return {
    async enterPin({ purpose, pan, triesLeft }) {
      let problem: PinQuestion["problem"]
      for (let entry = 0; entry < ENTRIES; entry++) {
        const pin = await type({ purpose, triesLeft, repeat: false, problem })
        if (pin === undefined) return { outcome: "cancelled" }
        if (!/^\d{4,12}$/.test(pin)) {
          problem = "length"
          continue
        }
        if (purpose === "current") return { outcome: "entered", block: keys.pinBlock(pin, pan) }
        const again = await type({ purpose, triesLeft, repeat: true, problem: undefined })
        if (again === undefined) return { outcome: "cancelled" }
        if (again === pin) return { outcome: "entered", block: keys.pinBlock(pin, pan) }
        problem = "mismatch"
      }
      return { outcome: "cancelled" }
    },
  }
}

/**
 * A PIN pad that types from a list, a new PIN twice; when the list is used up it presses cancel.
 *
 * @example scriptedPinPad(terminal.keys, ["123456"])
 */
export function scriptedPinPad(keys: KeyModule, pins: readonly string[]): PinPad {
  const left = [...pins]
  let last: string | undefined
  return softwarePinPad(keys, async ({ repeat }) => {
    if (!repeat) last = left.shift()
    return last
  })
}
