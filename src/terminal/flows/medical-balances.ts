import { type MedicalBalances, type MedicalTransaction, medicalClient, socialSecurityClient } from "../clients/index.js"
import { encodePin } from "../clients/pin.js"
import { type FlowCard, type FlowOptions, runFlow } from "./flow.js"
import { cardRefused, type FlowRefusal, noEnvironment, pinRefused } from "./refusal.js"

export interface MedicalBalancesOptions extends FlowOptions {
  readonly pin: string
  /** Reads the transactions on the card as well. */
  readonly records?: boolean
}

/** The medical account as the card keeps it. */
export interface MedicalAccount extends MedicalBalances {
  readonly ok: true
  /** Newest first; only when asked for. */
  readonly transactions?: readonly MedicalTransaction[]
}

/**
 * Shows the medical account: balance of the personal account, own and pooled payments of the year (card-commands §10.1).
 *
 * @throws {InputError} for a PIN of wrong form; nothing is sent then
 */
export async function medicalBalances(
  card: FlowCard,
  { pin, records = false, ...options }: MedicalBalancesOptions,
): Promise<MedicalAccount | FlowRefusal> {
  encodePin(pin)
  return runFlow(card, options, async (report) => {
    const client = socialSecurityClient(card)
    const medical = medicalClient(card)
    const environment = await client.selectEnvironment()
    if (!environment.ok) return noEnvironment(environment.statusWord)
    const directory = await client.selectDirectory("DF04")
    if (!directory.ok) return cardRefused(directory.statusWord)
    report({ type: "selected", directory: "DF04" })

    const verified = await client.verifyPin(pin)
    if (!verified.ok) return pinRefused(verified)
    report({ type: "pin-verified", which: "current" })

    const balances = await medical.getBalances()
    if (!balances.ok) return cardRefused(balances.statusWord)
    if (!records) return balances
    const read = await medical.readTransactions()
    return read.ok ? { ...balances, transactions: read.transactions } : cardRefused(read.statusWord)
  })
}
