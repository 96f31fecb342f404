import { bcdRight, InputError, type Transport } from "../../apdu/index.js"
import type { MedicalCard } from "../../dictionary/index.js"
import { medicalClient, socialSecurityClient, type TransactionBegun } from "../clients/index.js"
import { encodePin } from "../clients/pin.js"
import type { FlowCard, Report } from "./flow.js"
import { type IdentityOptions, identify } from "./keyed.js"
import { cardRefused, type FlowRefusal, pinRefused } from "./refusal.js"

/** What every transaction with a medical account needs. */
export interface MedicalFlowOptions extends IdentityOptions {
  readonly pin: string
  /** Number of the terminal, 12 digits. */
  readonly terminalNumber: string
  /**
   * Finds the card again after it went away in the middle: the flow then asks it what happened (card-commands §10.5).
   * Without it, or when it fails, the outcome is `OUTCOME_UNKNOWN`.
   */
  readonly reconnect?: () => Promise<FlowCard>
}

/** A card whose account may be worked with: identified, DF04 current, PIN verified. */
export interface OpenAccount {
  readonly ok: true
  readonly card: MedicalCard
}

/** Checks what a person gave before anything is sent. @throws {InputError} naming the field */
export function checkMedicalOptions(
  { pin, terminalNumber }: MedicalFlowOptions,
  amountsFen: Readonly<Record<string, number>>,
): void {
  encodePin(pin)
  terminalBytes(terminalNumber)
  for (const [field, fen] of Object.entries(amountsFen))
    if (!Number.isInteger(fen) || fen < 0 || fen > 0xffff_ffff)
      throw new InputError(field, `expected fen from 0 to 4294967295, got ${fen}`)
  if (Object.values(amountsFen).every((fen) => fen === 0))
    throw new InputError(Object.keys(amountsFen)[0]!, "expected an amount above 0, got 0")
}

/** @throws {InputError} for anything but 12 digits */
export function terminalBytes(terminalNumber: string): Uint8Array {
  if (!/^\d{12}$/.test(terminalNumber))
    throw new InputError("terminalNumber", `expected 12 digits, got ${JSON.stringify(terminalNumber)}`)
  return bcdRight(terminalNumber, 6)
}

/** SELECT of the SSSE, its identity, DF04 and VERIFY: how every transaction begins (card-commands §10.6). */
export async function openAccount(
  card: FlowCard,
  options: MedicalFlowOptions,
  report: Report,
): Promise<OpenAccount | FlowRefusal> {
  const found = await identify(card, options, report)
  if (!found.ok) return found
  const client = socialSecurityClient(card)
  const directory = await client.selectDirectory("DF04")
  if (!directory.ok) return cardRefused(directory.statusWord)
  report({ type: "selected", directory: "DF04" })
  const verified = await client.verifyPin(options.pin)
  if (!verified.ok) return pinRefused(verified)
  report({ type: "pin-verified", which: "current" })
  const { atr, region, algorithm } = found.identity
  return { ok: true, card: { algorithm, factors: { atr, region } } }
}

/** The card's own word on its algorithm, in the answer of INITIALIZE, goes before what its FCI said. */
export const cardOf = ({ factors }: MedicalCard, { algorithmId }: TransactionBegun): MedicalCard => ({
  algorithm: algorithmId === 3 ? "sm4" : "3des",
  factors,
})

/** SELECT of DF04 again after the card came back; GET TRANSACTION PROVE needs no PIN. */
export async function returnToAccount(card: Transport): Promise<boolean> {
  return (await medicalClient(card).select()).ok
}
