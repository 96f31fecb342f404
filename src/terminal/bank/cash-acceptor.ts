import { assertInteger } from "../../apdu/index.js"
import type { NoteCount } from "../../dictionary/index.js"

/** Where notes that were put in are (terminal-devices §9.1). */
export type EscrowPosition = "escrow" | "stored" | "returned" | "unknown"

/** Takes cash in: notes are counted into an escrow, then stored or given back (host-iso8583 §11.4). */
export interface CashAcceptor {
  /** Counts what was put in; undefined when nothing was, or the customer took it back. */
  count(): Promise<{ readonly amountFen: number; readonly notes: readonly NoteCount[] } | undefined>
  /** Moves the escrow into the cassettes. `failed`: it still lies in the escrow. */
  store(): Promise<"stored" | "failed" | "unknown">
  /** Gives the escrow back. */
  giveBack(): Promise<"returned" | "unknown">
  /** Also after a power cut. */
  status(): Promise<EscrowPosition>
}

/** What goes wrong at the next deposit. */
export type AcceptorFault = "storeFails" | "storeUnknown" | "returnFails"

export interface SimulatedAcceptor extends CashAcceptor {
  /** Puts notes in for the next count. */
  insert(notes: readonly NoteCount[]): void
  failNext(fault: AcceptorFault): void
  /** A physical count in fen; stuck notes are where nobody can count them. */
  positions(): { escrowFen: number; storedFen: number; returnedFen: number; stuckFen: number }
}

/** A cash acceptor, or a teller who counts, that fails when it is told to. */
export function simulatedAcceptor(): SimulatedAcceptor {
  let inserted: readonly NoteCount[] = []
  let fault: AcceptorFault | undefined
  let position: EscrowPosition = "unknown"
  const at = { escrowFen: 0, storedFen: 0, returnedFen: 0, stuckFen: 0 }
  const empty = (to: "storedFen" | "returnedFen" | "stuckFen") => {
    at[to] += at.escrowFen
    at.escrowFen = 0
  }
  const fails = (name: AcceptorFault) => {
    if (fault !== name) return false
    fault = undefined
    return true
  }
  return {
    insert(notes) {
      for (const { denominationYuan, count } of notes) {
        assertInteger("denominationYuan", denominationYuan, 1, 100)
        assertInteger("count", count, 1, 100_000)
      }
      inserted = notes
    },
    failNext(name) {
      fault = name
    },
    positions: () => ({ ...at }),
    async count() {
      const notes = inserted
      const amountFen = notes.reduce((sum, { denominationYuan, count }) => sum + denominationYuan * count * 100, 0)
      if (amountFen === 0) return undefined
      inserted = []
      at.escrowFen = amountFen
      position = "escrow"
      return { amountFen, notes }
    },
    async store() {
      if (fails("storeFails")) return "failed"
      const unknown = fails("storeUnknown")
      empty(unknown ? "stuckFen" : "storedFen")
      position = unknown ? "unknown" : "stored"
      return unknown ? "unknown" : "stored"
    },
    async giveBack() {
      const unknown = fails("returnFails")
      empty(unknown ? "stuckFen" : "returnedFen")
      position = unknown ? "unknown" : "returned"
      return unknown ? "unknown" : "returned"
    },
    status: async () => position,
  }
}
