import { PROCESSING_CODE } from "../../dictionary/index.js"
import type { BankTerminal, PinPad } from "../bank/index.js"
import { type CardTransactionOutcome, privateDataOf } from "./card-transaction.js"
import type { FinancialFlowOptions } from "./financial.js"
import { availableFenOf } from "./financial-balance.js"
import type { FinancialRefusal } from "./financial-refusal.js"
import type { FlowCard } from "./flow.js"
import { moveMoney } from "./move-money.js"

export interface TransferOptions extends FinancialFlowOptions {
  readonly terminal: BankTerminal
  readonly pinPad: PinPad
  readonly amountFen: number
  /** Account number or PAN of the payee, at most 28 characters. */
  readonly payee: string
  /** `own`: between accounts of one holder, at once. Default `other`. */
  readonly to?: "own" | "other"
}

/** The account is debited. */
export interface Transferred {
  readonly ok: true
  readonly amountFen: number
  readonly stan: number
  readonly referenceNumber: string | undefined
  /** Name of the payee, masked, where the host tells. */
  readonly payeeName: string | undefined
  /** The payee gets it later; until then it can be called off. */
  readonly isDelayed: boolean
  readonly availableFen: number | undefined
}

/**
 * Transfers money to another account (host-iso8583 §11.5). A request whose answer is lost is taken back.
 *
 * @throws {RangeError} when the amount is no positive whole number of fen or the payee no account
 * @throws {ShebaoError} when the journal cannot be written; what is open is then settled by the next start
 */
export function transfer(
  card: FlowCard,
  { payee, to = "other", ...options }: TransferOptions,
): Promise<Transferred | FinancialRefusal> {
  if (!/^[0-9A-Za-z]{1,28}$/.test(payee)) throw new RangeError("payee: expected 1 to 28 letters and digits")
  return moveMoney(card, {
    ...options,
    payee,
    kind: "transfer",
    type: to === "own" ? 0x40 : 0x46,
    processingCode: to === "own" ? PROCESSING_CODE.TRANSFER_OWN : PROCESSING_CODE.TRANSFER_OUT,
    done: (outcome, stan) => transferredOf(outcome, options.amountFen, stan),
  })
}

function transferredOf({ answer }: CardTransactionOutcome, amountFen: number, stan: number): Transferred {
  const fields = answer?.outcome === "answered" ? answer.fields : {}
  return {
    ok: true,
    amountFen,
    stan,
    referenceNumber: fields[37],
    payeeName: privateDataOf(answer)?.name,
    isDelayed: fields[63] !== undefined,
    availableFen: availableFenOf(fields[54]),
  }
}
