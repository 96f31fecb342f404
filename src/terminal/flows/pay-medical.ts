import { bcdRight, InputError } from "../../apdu/index.js"
import type { BegunDebit, MedicalKeyService } from "../../dictionary/index.js"
import { debit, initializeDebit } from "../clients/index.js"
import { type FlowCard, runFlow } from "./flow.js"
import { cardOf, checkMedicalOptions, type MedicalFlowOptions, openAccount, terminalBytes } from "./medical-account.js"
import { settleOrProve } from "./medical-proof.js"
import { cardRefused, type FlowRefusal, keyServiceRefused, notGenuine } from "./refusal.js"

export interface PayMedicalOptions extends MedicalFlowOptions {
  /** The SAM or HSM that lets this terminal pay. */
  readonly keys: MedicalKeyService
  /** From the personal account. */
  readonly personalFen: number
  /** From the pooled fund; the card only adds it up. */
  readonly pooledFen: number
  /** Number of this transaction at the terminal, 0 to 4294967295. */
  readonly terminalSequence: number
  /** YYYYMMDDhhmmss. */
  readonly dateTime: string
}

/** The card paid. */
export interface MedicalPaid {
  readonly ok: true
  /** Off-line transaction number of the card. */
  readonly number: number
  /** What the hospital hands in to be paid, 4 bytes. */
  readonly tac: Uint8Array
  readonly mac2: Uint8Array
  /** What is left in the personal account. */
  readonly balanceFen: number
  /** The answer was lost and the card told afterwards. */
  readonly recovered: boolean
}

/**
 * Pays at a hospital or pharmacy from the medical account on the card (card-commands §10.6): PIN, INITIALIZE FOR DEBIT, MAC1 of
 * SAM or HSM, DEBIT, and a check of MAC2. A card that goes away in the middle is asked what happened (§10.5).
 *
 * A `NOT_GENUINE` card answered with a wrong MAC2: what it claims to have paid is worth nothing.
 *
 * @throws {InputError} for a PIN, amount, number or time of wrong form; nothing is sent then
 * @example await payMedical(card, { keys, pin, personalFen: 1000, pooledFen: 2000, terminalNumber, terminalSequence, dateTime })
 */
export async function payMedical(card: FlowCard, options: PayMedicalOptions): Promise<MedicalPaid | FlowRefusal> {
  const { keys, personalFen, pooledFen, terminalSequence, reconnect } = options
  checkMedicalOptions(options, { personalFen, pooledFen })
  if (!/^\d{14}$/.test(options.dateTime))
    throw new InputError("dateTime", `expected YYYYMMDDhhmmss, got ${JSON.stringify(options.dateTime)}`)
  const terminal = terminalBytes(options.terminalNumber)
  const dateTime = bcdRight(options.dateTime, 7)
  return runFlow(card, options, async (report) => {
    const account = await openAccount(card, options, report)
    if (!account.ok) return account
    const begun = await initializeDebit(card, personalFen, pooledFen, terminal)
    if (!begun.ok) return cardRefused(begun.statusWord)
    const { number, random, balanceFen } = begun
    const payment: BegunDebit = {
      ...cardOf(account.card, begun),
      ...{ random, number, terminalSequence, personalFen, pooledFen, terminal, dateTime },
    }
    const allowed = await keys.authorizeDebit(payment)
    if (!allowed.ok) return keyServiceRefused(allowed)
    const settled = await settleOrProve(
      () => debit(card, terminalSequence, dateTime, allowed.mac1),
      ({ mac, tac }) => ({ tac, mac2: mac }),
      { kind: "debit", number },
      reconnect,
    )
    if (settled.end === "refused") return settled.refusal
    const { tac, mac2 } = settled.value
    const checked = await keys.checkDebit(payment, mac2)
    if (!checked.ok) return keyServiceRefused(checked)
    if (!checked.genuine) return notGenuine()
    return { ok: true, number, tac, mac2, balanceFen: balanceFen - personalFen, recovered: settled.recovered }
  })
}
