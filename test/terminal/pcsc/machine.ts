import { afterAll, beforeAll } from "vitest"
import { lockPcscd, type RunningPcscd, startPcscd } from "../../../scripts/pcscd.mjs"
import type { CardPort, ShebaoError } from "../../../src/apdu/index.js"
import type { ReaderEvent } from "../../../src/terminal/readers/reader.js"
import { openVirtualReader, type VirtualReader, type VirtualReaderOptions } from "../../../src/virtual-reader/index.js"

/** True where this machine may run a pcscd of the tests' own: see scripts/pcscd.mjs. */
export const hasPcscd = Boolean(process.env.SHEBAO_PCSCD)

/** Names of the slots that the vpcd driver opens. */
export const USER_READER = "Virtual PCD 00 00"
export const SAM_READER = "Virtual PCD 00 01"
export const SAM_PORT = 35964

const LOCK_MILLISECONDS = 300_000

/** A machine has one pcscd: other test runs wait until this file is through. */
export function pcscdIsOurs(): void {
  let release = () => {}
  beforeAll(async () => {
    release = await lockPcscd()
  }, LOCK_MILLISECONDS)
  afterAll(() => release())
}

/** Starts pcscd before the tests of a file, stops it afterwards, and offers to do either in between. Both are idempotent. */
export function pcscdForThisFile(options?: Parameters<typeof startPcscd>[0]) {
  let running: RunningPcscd | undefined
  const start = async () => {
    running ??= await startPcscd(options)
    if (!running.owned) throw new Error("A pcscd runs already: stop it, these tests start and stop their own.")
  }
  const stop = async () => {
    await running?.stop()
    running = undefined
  }
  pcscdIsOurs()
  beforeAll(start)
  afterAll(stop)
  return { start, stop }
}

/** A virtual reader that is quick to notice a restarted daemon. */
export function virtualReader(options: VirtualReaderOptions = {}): VirtualReader {
  return openVirtualReader({ keepAwake: false, delays: { firstRetry: 20, longestRetry: 100 }, ...options })
}

/** Puts a card in and gives the reader. */
export async function inserted(card: CardPort, options?: VirtualReaderOptions): Promise<VirtualReader> {
  const reader = virtualReader(options)
  await reader.insert(card)
  return reader
}

/** Reader events and errors as they come, and a way to wait for one. */
export function eventLog() {
  const events: ReaderEvent[] = []
  const errors: ShebaoError[] = []
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const look of [...waiting]) look()
  }
  return {
    events,
    errors,
    onEvent(event: ReaderEvent) {
      events.push(event)
      wake()
    },
    onError(error: ShebaoError) {
      errors.push(error)
      wake()
    },
    /** Types and readers' last two digits, for comparison. */
    brief: () => events.map(({ type, reader }) => `${type} ${reader.slice(-2)}`),
    until: (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!condition()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    clear() {
      events.length = 0
      errors.length = 0
    },
  }
}
