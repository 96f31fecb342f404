import { encodePrivateData, PROCESSING_CODE } from "../../dictionary/index.js"
import type { BankTerminal, PinPad } from "../bank/index.js"
import type { FinancialFlowOptions } from "./financial.js"
import { type FinancialRefusal, refusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import { inquire } from "./inquire.js"

export interface ChangeFinancialPinOptions extends FinancialFlowOptions {
  readonly terminal: BankTerminal
  /** Asked for the present PIN, then for the new one, typed twice. */
  readonly pinPad: PinPad
}

/** Card and bank have the new PIN. */
export interface FinancialPinChanged {
  readonly ok: true
  /** The bank has heard that the card took it. If not, it hears it later. */
  readonly confirmed: boolean
}

/**
 * Changes the PIN of the financial account (host-iso8583 §11.6): the bank's answer carries the script that sets it on the
 * card. A script that the card does not take leaves both sides with the old PIN.
 */
export function changeFinancialPin(
  card: FlowCard,
  options: ChangeFinancialPinOptions,
): Promise<FinancialPinChanged | FinancialRefusal> {
  const { terminal, pinPad, onEvent } = options
  return inquire(card, {
    ...options,
    type: 0x90,
    processingCode: PROCESSING_CODE.PIN_CHANGE,
    async privateData(pan) {
      onEvent?.({ type: "pin-asked", purpose: "new" })
      const entry = await pinPad.enterPin({ purpose: "new", pan })
      if (entry.outcome !== "entered") return undefined
      onEvent?.({ type: "pin-entered" })
      return encodePrivateData({ newPinBlock: entry.block })
    },
    done({ emv }) {
      // Outcome 2 in the first nibble: the card carried the script out (financial-emv §22).
      const hasRun = emv?.scriptResults !== undefined && emv.scriptResults[0]! >> 4 === 2
      return hasRun ? { ok: true, confirmed: terminal.journal.state.queue.length === 0 } : refusal("SCRIPT_FAILED")
    },
  })
}
