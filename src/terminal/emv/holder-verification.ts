import type { StatusWord } from "../../apdu/index.js"

/** What came of asking for a PIN. `unavailable`: the PIN pad is missing or broken. */
export type PinEntry =
  | { readonly outcome: "entered"; readonly block: Uint8Array }
  | { readonly outcome: "bypassed" | "cancelled" | "unavailable" }

/** Of an offline PIN also: a reader with keys has sent VERIFY itself, and this is what the card answered. */
export type OfflinePinEntry = PinEntry | { readonly outcome: "verified"; readonly statusWord: StatusWord }

/** How the terminal verifies the holder; what is left out is not supported. */
export interface HolderVerification {
  /** Asks for the on-line PIN. The block is enciphered for the host; the kernel never sees the PIN. */
  onlinePin?: () => Promise<PinEntry>
  /**
   * Asks for the offline PIN. The block is the plain one that VERIFY carries (ISO 9564 format 2); the kernel enciphers
   * it when the card wants that.
   *
   * @param triesLeft undefined when the card does not tell
   */
  offlinePin?: (triesLeft: number | undefined) => Promise<OfflinePinEntry>
  /** Lets the clerk compare the document that the card names. */
  showDocument?: (type: Uint8Array | undefined, number: Uint8Array | undefined) => Promise<boolean>
}

/** What came of one method. */
export type MethodResult = "successful" | "failed" | "unknown" | "cancelled"
