import type { Language } from "../dictionary/index.js"
import { INITIAL_PIN, type Keypad, type Scheduler, timerScheduler } from "../terminal/index.js"
import type { DriverOptions } from "./options.js"
import { type ReaderFinder, readerFinder } from "./slots.js"

/** {@link DriverOptions} with everything filled in that has a default. */
export interface DriverSettings extends Omit<DriverOptions, "contact" | "contactless"> {
  readonly findReader: ReaderFinder
  readonly keypad: Keypad
  readonly deviceNumber: string
  readonly initialPin: string
  readonly language: Language
  readonly share: "exclusive" | "shared"
  readonly clock: () => Date
  readonly scheduler: Scheduler
  /** 12 digits. */
  readonly readTerminalNumber: () => Promise<string>
}

/** What drivers report where there is no PSAM (driver-api §5.1). */
const NO_TERMINAL = "000000000000"

const noKeypad: Keypad = { enterPin: async () => ({ outcome: "cancelled" }) }

/** @throws {TypeError} for options that do not go together */
export function settingsOf(options: DriverOptions): DriverSettings {
  const { contact, contactless, terminalNumber, ...rest } = options
  if (rest.pinBlockOnly && !rest.hsm) throw new TypeError("hsm: expected a key service, as pinBlockOnly is set")
  return {
    ...rest,
    findReader: readerFinder({ ...(contact && { contact }), ...(contactless && { contactless }) }),
    keypad: rest.keypad ?? noKeypad,
    deviceNumber: rest.deviceNumber ?? "SHEBAO000001",
    initialPin: rest.initialPin ?? INITIAL_PIN,
    language: rest.language ?? "zh",
    share: rest.share ?? "exclusive",
    clock: rest.clock ?? (() => new Date()),
    scheduler: rest.scheduler ?? timerScheduler,
    readTerminalNumber: async () => {
      const number = typeof terminalNumber === "function" ? await terminalNumber() : terminalNumber
      return number ?? NO_TERMINAL
    },
  }
}
