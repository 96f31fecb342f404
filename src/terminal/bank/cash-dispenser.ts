/** Whether an amount can be paid out now (terminal-devices §8.1). */
export type DispenseCheck =
  | { readonly possible: true }
  | { readonly possible: false; readonly reason: "zero" | "cassettesEmpty" }
  | { readonly possible: false; readonly reason: "notMultiple"; readonly multipleFen: number }
  | { readonly possible: false; readonly reason: "overLimit"; readonly limitFen: number }

/** What moving notes to the stacker came to. */
export type StackResult =
  | { readonly outcome: "stacked" }
  /** Fewer notes than asked for lie in the stacker. */
  | { readonly outcome: "partial"; readonly stackedFen: number }
  | { readonly outcome: "failed" }

/**
 * What showing the notes came to. `exposed`: they were within reach, then something failed; `status` tells more.
 * `unknown`: nobody can tell.
 */
export type PresentResult = "presented" | "notPresented" | "exposed" | "unknown"

/** Where the notes of the last dispense are, as far as the device knows (GetPresentStatus). */
export type NotesPosition = "notPresented" | "taken" | "atExit" | "retracted" | "unknown"

/** What taking the notes back came to. `unknown`: they could not be counted, or stay where they are. */
export type RetractResult = { readonly outcome: "retracted"; readonly fen: number } | { readonly outcome: "unknown" }

/** A cash dispenser: notes go from the cassettes to the stacker, then to the exit (terminal-devices §9). */
export interface CashDispenser {
  check(amountFen: number): DispenseCheck
  stack(amountFen: number): Promise<StackResult>
  /** Puts what lies in the stacker into the reject bin; nothing to do when it is empty. */
  reject(): Promise<void>
  present(): Promise<PresentResult>
  /** Waits until the notes are taken or the time for it is over. */
  waitTaken(): Promise<"taken" | "notTaken">
  /** Pulls notes that were not taken back in and counts them; done already, it tells the count again. */
  retract(): Promise<RetractResult>
  /** Also after a power cut. */
  status(): Promise<NotesPosition>
}
