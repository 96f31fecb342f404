import type { BankStore, BankTransaction } from "../../src/host/index.js"

/** A store that breaks at its n-th operation, counted from when it is armed. */
export function faultyStore(store: BankStore) {
  let left = Number.POSITIVE_INFINITY
  let operations = 0

  function tick(): void {
    operations++
    if (--left < 0) {
      left = Number.POSITIVE_INFINITY
      throw new Error("the store broke")
    }
  }

  const breaking = (rows: BankTransaction): BankTransaction => ({
    get: async (...args) => {
      tick()
      return rows.get(...args)
    },
    insert: async (...args) => {
      tick()
      return rows.insert(...args)
    },
    put: async (...args) => {
      tick()
      return rows.put(...args)
    },
    list: async (...args) => {
      tick()
      return rows.list(...args)
    },
    next: async (...args) => {
      tick()
      return rows.next(...args)
    },
  })

  return {
    transaction: (body) => store.transaction((rows) => body(breaking(rows))),
    close: () => store.close(),
    /** Breaks after so many more operations have gone well. */
    breakAfter(count: number) {
      left = count
    },
    /** Operations since the last time it was asked. */
    takeCount() {
      const count = operations
      operations = 0
      return count
    },
  } satisfies BankStore & Record<string, unknown>
}
