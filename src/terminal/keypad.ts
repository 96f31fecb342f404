import { type Scheduler, timerScheduler } from "./bank/index.js"

/** What a keypad is to ask for. */
export interface KeypadQuestion {
  /** `current`: the PIN that the card has. `new`: one to be set; `repeat`: the same once more. */
  readonly purpose: "current" | "new" | "repeat"
  /** Where the card tells it. */
  readonly triesLeft: number | undefined
}

/** What a person did at a keypad. */
export type KeypadEntry =
  | { readonly outcome: "entered"; readonly pin: string }
  | { readonly outcome: "cancelled" }
  | { readonly outcome: "timeout" }

/**
 * Where PINs of cards are typed: they go to the card in the clear, unlike those of a bank, which leave a PIN pad only
 * enciphered ({@link PinPad}). Whoever asks checks length and repetition.
 */
export interface Keypad {
  enterPin(question: KeypadQuestion): Promise<KeypadEntry>
}

/** Seconds that a person has for one PIN, as at kiosks (driver-api §13). */
const SECONDS = 30

export interface TypedKeypadOptions {
  /** Default 30 seconds. */
  readonly timeoutMilliseconds?: number
  readonly scheduler?: Scheduler
}

/**
 * A keypad whose keys are pressed by a function: a prompt, a page, a window.
 *
 * @param type gives the PIN; undefined is the cancel key. What it gives after the time is dropped
 * @example typedKeypad(async ({ purpose }) => window.askForPin(purpose))
 */
export function typedKeypad(
  type: (question: KeypadQuestion) => Promise<string | undefined>,
  { timeoutMilliseconds = SECONDS * 1000, scheduler = timerScheduler }: TypedKeypadOptions = {},
): Keypad {
  return {
    async enterPin(question) {
      let stop = () => {}
      const late = new Promise<KeypadEntry>((resolve) => {
        stop = scheduler.after(timeoutMilliseconds, () => resolve({ outcome: "timeout" }))
      })
      const typed = type(question).then(
        (pin): KeypadEntry => (pin === undefined ? { outcome: "cancelled" } : { outcome: "entered", pin }),
      )
      try {
        return await Promise.race([typed, late])
      } finally {
        stop()
      }
    },
  }
}

/** A keypad that types from a list, and what it was asked. */
export interface ScriptedKeypad extends Keypad {
  readonly questions: readonly KeypadQuestion[]
}

/**
 * A keypad that types from a list, one entry for each question; when the list is used up it presses cancel.
 *
 * @param entries PINs, or the words `cancel` and `timeout`
 * @example scriptedKeypad(["123456", "246810", "246810"])
 */
export function scriptedKeypad(entries: readonly string[]): ScriptedKeypad {
  const questions: KeypadQuestion[] = []
  return {
    questions,
    async enterPin(question) {
      const entry = entries[questions.push(question) - 1] ?? "cancel"
      if (entry === "cancel") return { outcome: "cancelled" }
      return entry === "timeout" ? { outcome: "timeout" } : { outcome: "entered", pin: entry }
    },
  }
}
