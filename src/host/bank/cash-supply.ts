import { cashDelivered, machineLoaded, tillSupplied } from "../ledger/events.js"
import { post } from "../ledger/post.js"
import type { BankTransaction } from "../store/bank-store.js"
import type { Terminal } from "./terminals.js"
import type { BankTime } from "./time.js"

/** Supplies terminals with their first cash (R0, R1); one that had it gets none again. */
export async function supplyCash(rows: BankTransaction, terminals: Iterable<Terminal>, time: BankTime): Promise<void> {
  for (const { id, kind, cashFen } of terminals) {
    // Looked up first: a posting that is refused would leave a gap in the numbers of the journal.
    if (cashFen === 0n || (await rows.list("entries", { key: `SUPPLY-${id}` })).length > 0) continue
    await post(rows, cashDelivered(`CASH-${id}`, cashFen), time)
    const supply = kind === "teller" ? tillSupplied : machineLoaded
    await post(rows, supply(`SUPPLY-${id}`, id, cashFen), time)
  }
}
