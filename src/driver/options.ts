import type { CardKeyService, Language, MedicalKeyService, TableOptions } from "../dictionary/index.js"
import type { Keypad, ReaderSystem, ReaderWish, Scheduler, TraceEntry } from "../terminal/index.js"

/** Where the cards of one kind are. */
export interface DriverSlot {
  /** Reader system, or what opens it with the first call: `pcscReaders`. */
  readonly readers: ReaderSystem | (() => Promise<ReaderSystem>)
  /** Which of its readers; default: the only one with a card. */
  readonly reader?: ReaderWish
}

/** What the driver works with. */
export interface DriverOptions {
  /** Reader of cards with contacts. */
  readonly contact?: DriverSlot
  /** Reader of cards without contacts. */
  readonly contactless?: DriverSlot
  /** The PSAM, or what stands for it. Without it the functions that need one answer −2201. */
  readonly keys?: CardKeyService
  /**
   * The back office's HSM where this process reaches it itself: `iReadCardBas_Step1To2`, `iReadCardBasExt`, and PIN
   * functions with `pinBlockOnly` ask it.
   */
  readonly hsm?: CardKeyService
  /** The PSAM of a hospital, or what stands for it: `iDoDebit` answers −2201 without it. */
  readonly medicalKeys?: MedicalKeyService
  /** Where PINs are typed; without it every function that needs one answers −31. */
  readonly keypad?: Keypad
  /** Number of this device, field 10 of the basic data; default `SHEBAO000001`. */
  readonly deviceNumber?: string
  /** Terminal number, 12 digits, or what reads it from the PSAM; default and without a PSAM `000000000000`. */
  readonly terminalNumber?: string | (() => Promise<string | undefined>)
  /** PIN that cards are issued with: it may not pay and may not be chosen again. Default 123456. */
  readonly initialPin?: string
  /** Which key makes the messages of PIN reload and unblock; some issuers use the PUK. Default STK. */
  readonly pinMessageKey?: "STK" | "PUK"
  /**
   * True: the PIN leaves this process only inside the PIN block that `hsm` makes; field 5 of `iReloadPIN_HSM_Step2` stays
   * empty, and Step 3 takes an empty key.
   */
  readonly pinBlockOnly?: boolean
  /** True: a key address has the PSAM identifier of the key behind it, as in `009010`. */
  readonly keyAddressWithPsamId?: boolean
  /**
   * Files and fields of the cards, where their version, class and province do not tell: `{ holder: "employer" }` for cards
   * of version 3.00 that only the back office can open.
   */
  readonly tables?: TableOptions
  /** Language of error messages; default `zh`. */
  readonly language?: Language
  /** Default `exclusive`: nobody else reaches the card while a function or an HSM dialogue runs. */
  readonly share?: "exclusive" | "shared"
  readonly clock?: () => Date
  /** Ends an HSM dialogue that nobody continues. */
  readonly scheduler?: Scheduler
  /** Receives every exchange with the card, masked. */
  readonly trace?: (entry: TraceEntry) => void
}
