import type { BankTransaction } from "../store/bank-store.js"
import type { CardRow } from "../store/rows.js"
import type { TerminalRequest } from "./context.js"
import { type BankTime, bankDay } from "./time.js"

/** Orders cash for a day; a later order for the same day replaces it (domain-rules §4.1). @param day YYYYMMDD */
export async function reserve(
  rows: BankTransaction,
  pan: string,
  day: string,
  fen: bigint,
  time: BankTime,
): Promise<void> {
  await rows.put("reservations", { pan, day, fen, madeOn: time.day })
}

/** A large counter withdrawal was ordered for today, in time (host-iso8583 §11.8); smaller ones need no order. */
export async function isReserved(
  { rows, bank, time }: TerminalRequest,
  card: CardRow,
  amountFen: bigint,
): Promise<boolean> {
  const { counterIdFrom, counterReserveDays } = bank.region.bank
  if (amountFen < counterIdFrom) return true
  const order = await rows.get("reservations", card.pan, time.day)
  return (
    order !== undefined && order.fen >= amountFen && order.madeOn <= bankDay(time.milliseconds, -counterReserveDays)
  )
}
