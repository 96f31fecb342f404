import { ShebaoError } from "../apdu/index.js"
import { type CardSession, openCard } from "../terminal/index.js"
import { type Answer, type DriverResult, fail, resultOf } from "./codes.js"
import { failureOf } from "./failures.js"
import type { DriverSettings } from "./settings.js"
import { type ChosenReader, isStillThere } from "./slots.js"

/** What a function gives its caller. */
export type Output = Answer<{ readonly out: string }>

/** What a step of an HSM dialogue gives its caller, and the step that may follow. */
export type StepOutput = Answer<{ readonly out: string; readonly next?: Step }>
export type Step = (...inputs: readonly string[]) => Promise<StepOutput>

/** How long an HSM dialogue waits for its next step (driver-api §4). */
const DIALOGUE_MILLISECONDS = 60_000

interface Dialogue {
  readonly name: string
  readonly step: number
  readonly run: Step
  readonly chosen: ChosenReader
  readonly card: CardSession
  readonly deadline: number
  readonly cancelTimer: () => void
}

/** Runs functions on cards, one after the other, and keeps the card between the steps of an HSM dialogue. */
export interface Runtime {
  /** A function that opens the card and lets go of it. */
  call(iType: number, body: (card: CardSession) => Promise<Output>): Promise<DriverResult>
  /** A function that needs no card, but ends a dialogue as every function does. */
  answer(body: () => Promise<Output>): Promise<DriverResult>
  /** Step 1 of a dialogue. @param name of the dialogue: the function without `_Step1` */
  begin(name: string, iType: number, body: (card: CardSession) => Promise<StepOutput>): Promise<DriverResult>
  /** Step 2 or 3: −15 unless it follows the one before it. */
  proceed(name: string, step: number, inputs: readonly string[]): Promise<DriverResult>
  /** Ends a dialogue and waits for what runs. */
  close(): Promise<void>
}

export function createRuntime(settings: DriverSettings): Runtime {
  const { findReader, share, trace, clock, scheduler, language } = settings
  let queue: Promise<unknown> = Promise.resolve()
  let dialogue: Dialogue | undefined

  /** One card operation at a time (driver-api §11). */
  function inTurn<T>(body: () => Promise<T>): Promise<T> {
    const result = queue.then(body)
    queue = result.catch(() => undefined)
    return result
  }

  async function guarded<T extends object>(body: () => Promise<Answer<T>>): Promise<Answer<T>> {
    try {
      return await body()
    } catch (error) {
      return failureOf(error)
    }
  }

  async function endDialogue(): Promise<void> {
    const ended = dialogue
    dialogue = undefined
    if (!ended) return
    ended.cancelTimer()
    await release(ended.card)
  }

  async function open(iType: number): Promise<Answer<{ readonly card: CardSession; readonly chosen: ChosenReader }>> {
    const chosen = await findReader(iType)
    if (!chosen.ok) return chosen
    const card = await openCard(chosen.readers, { reader: chosen.reader, share, ...(trace && { trace }) })
    return { ok: true, card, chosen }
  }

  /**
   * Works with a card; one that others share is locked meanwhile (readers §6.3). What is thrown on ends the connection.
   */
  async function onCard<T extends object>(card: CardSession, body: () => Promise<Answer<T>>): Promise<Answer<T>> {
    try {
      return await guarded(() => (share === "shared" ? card.transaction(body) : body()))
    } catch (error) {
      await release(card)
      throw error
    }
  }

  /** Keeps the card for the next step, or lets go of it. */
  async function settle(
    name: string,
    step: number,
    { card, chosen }: { readonly card: CardSession; readonly chosen: ChosenReader },
    output: StepOutput,
  ): Promise<StepOutput> {
    if (!output.ok || !output.next) {
      await release(card)
      return output
    }
    const cancelTimer = scheduler.after(DIALOGUE_MILLISECONDS, () => {
      if (dialogue?.card === card) void inTurn(async () => dialogue?.card === card && endDialogue())
    })
    const deadline = clock().getTime() + DIALOGUE_MILLISECONDS
    dialogue = { name, step, run: output.next, chosen, card, deadline, cancelTimer }
    return output
  }

  async function run(body: () => Promise<Output>): Promise<DriverResult> {
    return resultOf(await inTurn(() => guarded(body)), language)
  }

  return {
    answer: (body) =>
      run(async () => {
        await endDialogue()
        return body()
      }),
    call: (iType, body) =>
      run(async () => {
        await endDialogue()
        const opened = await open(iType)
        if (!opened.ok) return opened
        const output = await onCard(opened.card, () => body(opened.card))
        await release(opened.card)
        return output
      }),
    begin: (name, iType, body) =>
      run(async () => {
        await endDialogue()
        const opened = await open(iType)
        if (!opened.ok) return opened
        const output = await onCard(opened.card, () => body(opened.card))
        return settle(name, 2, opened, output)
      }),
    proceed: (name, step, inputs) =>
      run(async () => {
        const current = dialogue
        const follows = current?.name === name && current.step === step && clock().getTime() < current.deadline
        if (!current || !follows || !(await isStillThere(current.chosen))) {
          await endDialogue()
          return fail("OUT_OF_TURN")
        }
        dialogue = undefined
        current.cancelTimer()
        const output = await onCard(current.card, () => current.run(...inputs))
        return settle(name, step + 1, current, output)
      }),
    close: () => inTurn(endDialogue),
  }
}

/**
 * What was verified and authenticated must not be left to the next program. A card or reader that is gone has nothing left
 * to reset, and what it says to that is not what the caller asked.
 */
async function release(card: CardSession): Promise<void> {
  try {
    await card.disconnect("reset")
  } catch (error) {
    if (!(error instanceof ShebaoError)) throw error
  }
}
