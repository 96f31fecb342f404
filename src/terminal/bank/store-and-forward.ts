import type { Journal, QueuedMessage } from "./journal.js"

/** Runs something later. A test's scheduler runs it when it is told to. */
export interface Scheduler {
  /** @returns cancels it, when it has not run yet */
  after(milliseconds: number, run: () => void): () => void
}

/** Timers that do not keep the process alive. */
export const timerScheduler: Scheduler = {
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** More than this and the terminal stops taking customers (host-iso8583 §13). */
export const MAXIMUM_QUEUE = 100
const FIRST_DELAY = 5_000
const LONGEST_DELAY = 300_000
/** An operator should know after that many tries of one message. */
const TRIES_TO_ALARM = 3

/** 5, 10, 20 seconds, then doubling to 300. @returns milliseconds before the next try */
export function retryDelay(tries: number): number {
  return Math.min(FIRST_DELAY * 2 ** Math.max(0, tries - 1), LONGEST_DELAY)
}

export interface StoreAndForwardOptions {
  readonly journal: Journal
  /** Sends one message. @returns the answer code that ends it, undefined when it must be repeated */
  readonly deliver: (message: QueuedMessage) => Promise<string | undefined>
  /** Undefined: nothing is retried by itself, only when asked. */
  readonly scheduler: Scheduler | undefined
  /** Told when a message has been tried three times without an end. */
  readonly onAlarm: (message: QueuedMessage) => void
}

/** The queue of advices that must reach the host (host-iso8583 §13). */
export interface StoreAndForward {
  /**
   * Sends what waits, oldest first, and stops at the first that gets no end.
   *
   * @returns whether nothing waits any more
   */
  forward(): Promise<boolean>
  /** Cancels retries for good. @returns when nothing is being sent any more */
  stop(): Promise<void>
}

export function storeAndForward({ journal, deliver, scheduler, onAlarm }: StoreAndForwardOptions): StoreAndForward {
  let running: Promise<boolean> | undefined
  let cancel: (() => void) | undefined
  let stopped = false
  const retryLater = (tries: number) => {
    cancel?.()
    if (stopped) return
    cancel = scheduler?.after(retryDelay(tries), () => {
      // What goes wrong now goes wrong again at the next customer, where it is reported.
      forward().catch(() => {})
    })
  }
  const run = async () => {
    for (let message = journal.state.queue[0]; message; message = journal.state.queue[0]) {
      const code = await deliver(message)
      if (code === undefined) {
        await journal.append({ type: "tried", id: message.id })
        const tries = message.tries + 1
        if (tries === TRIES_TO_ALARM) onAlarm(message)
        retryLater(tries)
        return false
      }
      await journal.append({ type: "delivered", id: message.id, code })
    }
    cancel?.()
    cancel = undefined
    return true
  }
  const forward = () => {
    running ??= run().finally(() => {
      running = undefined
    })
    return running
  }
  return {
    forward,
    async stop() {
      stopped = true
      cancel?.()
      await running?.catch(() => false)
    },
  }
}
