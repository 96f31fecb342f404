import { toHex } from "../../apdu/index.js"
import type { PersonalAccountCard, PersonalAccountOrder, PersonalAccountOutcome } from "../../dictionary/index.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { CardOrderRow } from "../store/medical-rows.js"
import type { CentreTime } from "./context.js"

/** Writes down an order before it is given to a card. */
export async function prepareOrder(
  rows: BankTransaction,
  { serial, kind, personalFen, pooledFen }: PersonalAccountOrder,
  person: string,
  { at }: CentreTime,
): Promise<void> {
  await rows.put("medicalCardOrders", {
    serial,
    person,
    kind,
    personalFen,
    pooledFen,
    state: "prepared",
    proof: null,
    at,
  })
}

/** Writes down how an order ended. */
export async function endOrder(
  rows: BankTransaction,
  serial: string,
  outcome: Exclude<PersonalAccountOutcome, { outcome: "unknown" }>,
): Promise<CardOrderRow> {
  const order = (await rows.get("medicalCardOrders", serial))!
  const isDone = outcome.outcome === "done"
  const ended: CardOrderRow = {
    ...order,
    state: isDone ? "done" : "cancelled",
    proof: isDone ? toHex(outcome.proof) : null,
  }
  await rows.put("medicalCardOrders", ended)
  return ended
}

/** Gives an order to the card; one that was given before is proved first, and given again when the card did not commit it. */
export async function giveOrder(
  card: PersonalAccountCard,
  order: PersonalAccountOrder,
  wasGiven: boolean,
): Promise<PersonalAccountOutcome> {
  const earlier = wasGiven ? await card.prove(order) : undefined
  return earlier === undefined || earlier.outcome === "refused" ? card.transact(order) : earlier
}
