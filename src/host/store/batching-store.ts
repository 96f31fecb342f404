import { ShebaoError } from "../../apdu/index.js"
import type { BankStore, BankTransaction } from "./bank-store.js"

/** Transactions that share one commit, and so one wait for the disk, at most. */
const BATCH = 64

/** A database with one connection, as far as transactions go. */
export interface TransactionalDatabase {
  readonly rows: BankTransaction
  /** From here on nobody else can change what this reads. */
  begin(): void | Promise<void>
  commit(): void | Promise<void>
  rollBack(): void | Promise<void>
  beginJob(): void | Promise<void>
  endJob(): void | Promise<void>
  rollBackJob(): void | Promise<void>
  /** The error for transactions of a batch that was not committed. */
  failed(cause: unknown): Error
  close(): void | Promise<void>
}

interface Job {
  run(rows: BankTransaction): Promise<void>
  succeed(): void
  fail(error: unknown): void
}

/**
 * Makes a bank store of a database: transactions that wait at the same time share one commit, each behind a savepoint of
 * its own; none is answered before that commit is kept.
 */
export function batchingStore(database: TransactionalDatabase): BankStore {
  const waiting: Job[] = []
  let draining: Promise<void> | undefined
  let closed = false

  async function runBatch(batch: readonly Job[]): Promise<void> {
    const outcomes: (() => void)[] = []
    try {
      await database.begin()
      for (const job of batch) {
        await database.beginJob()
        try {
          await job.run(database.rows)
          await database.endJob()
          outcomes.push(() => job.succeed())
        } catch (error) {
          await database.rollBackJob()
          outcomes.push(() => job.fail(error))
        }
      }
      await database.commit()
    } catch (cause) {
      try {
        await database.rollBack()
      } catch {
        // There was no transaction to roll back, or no connection any more.
      }
      const error = database.failed(cause)
      for (const job of batch) job.fail(error)
      return
    }
    for (const tell of outcomes) tell()
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      // One turn of the event loop, so that requests which arrived together share a commit.
      await new Promise((resolve) => setImmediate(resolve))
      await runBatch(waiting.splice(0, BATCH))
    }
    draining = undefined
  }

  return {
    transaction(body) {
      if (closed) return Promise.reject(new ShebaoError("STORE_CLOSED", "The bank's store is closed."))
      return new Promise((resolve, reject) => {
        let value: Awaited<ReturnType<typeof body>>
        waiting.push({
          run: async (rows) => {
            value = await body(rows)
          },
          succeed: () => resolve(value),
          fail: reject,
        })
        draining ??= drain()
      })
    },
    async close() {
      if (closed) return
      closed = true
      await draining
      await database.close()
    },
  }
}
