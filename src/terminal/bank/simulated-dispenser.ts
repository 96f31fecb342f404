import { assertInteger } from "../../apdu/index.js"
import type { CashDispenser, NotesPosition } from "./cash-dispenser.js"

/**
 * What goes wrong at the next dispense (terminal-devices §9.2, by its case number).
 *
 * - `stackFails` (1): jam before anything is shown. `presentFails` (1): shutter stays shut.
 * - `notTaken` (3), `partlyTaken` (3b): the customer leaves all or part. `retractFails`: and the bin is full (5).
 * - `partial` (4): part of the notes reach the stacker.
 * - `presentUnknown` (5): nobody can tell; `handsFen` of them are with the customer.
 * - `exposedTaken`, `exposedLeft`, `exposedUnknown` (8): notes were within reach when something failed.
 * - `noteRejected` (9): one note goes to the reject bin and another takes its place.
 */
export type DispenserFault =
  | "stackFails"
  | "presentFails"
  | "notTaken"
  | "partlyTaken"
  | "retractFails"
  | "partial"
  | "presentUnknown"
  | "exposedTaken"
  | "exposedLeft"
  | "exposedUnknown"
  | "noteRejected"

/** Where the money of the machine is, in fen. */
export interface CashPositions {
  readonly cassettesFen: number
  readonly stackerFen: number
  readonly exitFen: number
  readonly rejectFen: number
  readonly retractFen: number
  readonly handsFen: number
}

export interface SimulatedDispenser extends CashDispenser {
  /** The next dispense fails that way, once; undefined takes the plan back. */
  failNext(fault: DispenserFault | undefined): void
  /** A physical count, hands included; its sum never changes. */
  positions(): CashPositions
}

export interface SimulatedDispenserOptions {
  /** Notes of 100 yuan in the cassettes. Default 10,000. */
  readonly notes?: number
  /** Most notes of one dispense. Default 50 (terminal-devices §8.1). */
  readonly maximumNotes?: number
}

const NOTE_FEN = 10_000

/** A dispenser with one kind of note, 100 yuan, that fails when it is told to. */
export function simulatedDispenser({ notes = 10_000, maximumNotes = 50 }: SimulatedDispenserOptions = {}) {
  assertInteger("notes", notes, 0, 1_000_000)
  assertInteger("maximumNotes", maximumNotes, 1, 1_000)
  // Counts of notes.
  const at = { cassettes: notes, stacker: 0, exit: 0, reject: 0, retract: 0, hands: 0 }
  let fault: DispenserFault | undefined
  let retractedFen = 0
  // Nobody knows where the notes of an earlier life of this simulator went.
  let position: NotesPosition = "unknown"
  const move = (from: keyof typeof at, to: keyof typeof at, count = at[from]) => {
    at[from] -= count
    at[to] += count
  }
  const is = (...names: DispenserFault[]) => fault !== undefined && names.includes(fault)
  const dispenser: SimulatedDispenser = {
    failNext(name) {
      fault = name
    },
    positions: () => ({
      cassettesFen: at.cassettes * NOTE_FEN,
      stackerFen: at.stacker * NOTE_FEN,
      exitFen: at.exit * NOTE_FEN,
      rejectFen: at.reject * NOTE_FEN,
      retractFen: at.retract * NOTE_FEN,
      handsFen: at.hands * NOTE_FEN,
    }),
    check(amountFen) {
      if (amountFen <= 0) return { possible: false, reason: "zero" }
      if (amountFen % NOTE_FEN !== 0) return { possible: false, reason: "notMultiple", multipleFen: NOTE_FEN }
      if (amountFen > maximumNotes * NOTE_FEN)
        return { possible: false, reason: "overLimit", limitFen: maximumNotes * NOTE_FEN }
      return amountFen > at.cassettes * NOTE_FEN ? { possible: false, reason: "cassettesEmpty" } : { possible: true }
    },
    async stack(amountFen) {
      position = "notPresented"
      const count = amountFen / NOTE_FEN
      if (is("stackFails") || count > at.cassettes) {
        fault = undefined
        return { outcome: "failed" }
      }
      if (is("noteRejected") && at.cassettes > count) move("cassettes", "reject", 1)
      if (is("partial")) {
        fault = undefined
        const part = Math.floor(count / 2)
        move("cassettes", "stacker", part)
        return { outcome: "partial", stackedFen: part * NOTE_FEN }
      }
      move("cassettes", "stacker", count)
      return { outcome: "stacked" }
    },
    async reject() {
      move("stacker", "reject")
    },
    async present() {
      if (is("presentFails")) {
        fault = undefined
        return "notPresented"
      }
      move("stacker", "exit")
      position = "atExit"
      if (is("presentUnknown", "exposedUnknown")) {
        const answer = is("presentUnknown") ? "unknown" : "exposed"
        position = "unknown"
        move("exit", "hands", Math.ceil(at.exit / 2))
        fault = undefined
        return answer
      }
      if (is("exposedTaken")) {
        move("exit", "hands")
        position = "taken"
        fault = undefined
        return "exposed"
      }
      return is("exposedLeft") ? "exposed" : "presented"
    },
    async waitTaken() {
      if (is("partlyTaken")) move("exit", "hands", Math.floor(at.exit / 2))
      if (is("notTaken", "partlyTaken", "retractFails", "exposedLeft")) return "notTaken"
      fault = undefined
      move("exit", "hands")
      position = "taken"
      return "taken"
    },
    async retract() {
      if (position === "retracted") return { outcome: "retracted", fen: retractedFen }
      const failed = is("retractFails")
      fault = undefined
      if (failed) {
        position = "unknown"
        return { outcome: "unknown" }
      }
      retractedFen = at.exit * NOTE_FEN
      move("exit", "retract")
      position = "retracted"
      return { outcome: "retracted", fen: retractedFen }
    },
    status: async () => position,
  }
  return dispenser
}
