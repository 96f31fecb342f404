import type { AskedTransfer, BegunTransfer, KeyAnswer, MedicalTransferCentre } from "../../dictionary/index.js"
import { creditForLoad, debitForUnload, initializeTransfer } from "../clients/index.js"
import { type FlowCard, runFlow } from "./flow.js"
import { cardOf, checkMedicalOptions, type MedicalFlowOptions, openAccount, terminalBytes } from "./medical-account.js"
import { settleOrProve } from "./medical-proof.js"
import { cardRefused, type FlowRefusal, keyServiceRefused, notGenuine } from "./refusal.js"

export interface TransferMedicalOptions extends MedicalFlowOptions {
  /** Books and agrees; it has the keys of loads and unloads. */
  readonly centre: MedicalTransferCentre
  readonly amountFen: number
}

/** The money is on the card, or no longer on it. */
export interface MedicalTransferred {
  readonly ok: true
  /** On-line transaction number of the card. */
  readonly number: number
  /** What the personal account holds now. */
  readonly balanceFen: number
  /** The answer was lost and the card told afterwards. */
  readonly recovered: boolean
}

/**
 * Credits the personal account on the card, as the centre does every month (card-commands §10.6): PIN, INITIALIZE FOR LOAD, the
 * centre checks MAC1 and books, CREDIT FOR LOAD, TAC back to the centre. A card that goes away in the middle is asked what
 * happened; when it did nothing, the centre takes its booking back (§10.5).
 *
 * @throws {InputError} for a PIN, amount or number of wrong form; nothing is sent then
 */
export const loadMedical = (
  card: FlowCard,
  options: TransferMedicalOptions,
): Promise<MedicalTransferred | FlowRefusal> => transfer("load", card, options)

/**
 * Takes money off the card's personal account, for a lawful withdrawal (card-commands §10.6): as {@link loadMedical}; the
 * centre pays only after it checked MAC3. Only a medical centre has the key that cards ask for.
 *
 * @throws {InputError} for a PIN, amount or number of wrong form; nothing is sent then
 */
export const unloadMedical = (
  card: FlowCard,
  options: TransferMedicalOptions,
): Promise<MedicalTransferred | FlowRefusal> => transfer("unload", card, options)

async function transfer(
  kind: "load" | "unload",
  card: FlowCard,
  options: TransferMedicalOptions,
): Promise<MedicalTransferred | FlowRefusal> {
  const { centre, amountFen, reconnect } = options
  checkMedicalOptions(options, { amountFen })
  const terminal = terminalBytes(options.terminalNumber)
  return runFlow(card, options, async (report) => {
    const account = await openAccount(card, options, report)
    if (!account.ok) return account
    const begun = await initializeTransfer(card, kind, amountFen, terminal)
    if (!begun.ok) return cardRefused(begun.statusWord)
    const { number, random, balanceFen, mac1 } = begun
    const asked: AskedTransfer = {
      ...cardOf(account.card, begun),
      ...{ kind, random, number, balanceFen, amountFen, terminal },
    }
    const agreed = await centre.authorize(asked, mac1)
    if (!agreed.ok) return keyServiceRefused(agreed)
    const booked: BegunTransfer = { ...asked, dateTime: agreed.dateTime }
    const settle = kind === "load" ? creditForLoad : debitForUnload
    const settled = await settleOrProve(
      () => settle(card, agreed.dateTime, agreed.mac2),
      ({ mac, tac }) => ({ proof: kind === "load" ? tac : mac }),
      { kind, number },
      reconnect,
    )
    if (settled.end === "refused") {
      // While nobody knows, the booking stays: the centre settles it by what the card proves later.
      if (settled.refusal.code !== "OUTCOME_UNKNOWN") await centre.cancel(booked)
      return settled.refusal
    }
    const checked: KeyAnswer<{ readonly genuine: boolean }> = await centre.confirm(booked, settled.value.proof)
    if (!checked.ok) return keyServiceRefused(checked)
    if (!checked.genuine) return notGenuine()
    const after = kind === "load" ? balanceFen + amountFen : balanceFen - amountFen
    return { ok: true, number, balanceFen: after, recovered: settled.recovered }
  })
}
