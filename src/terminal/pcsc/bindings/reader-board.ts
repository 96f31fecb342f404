import type { ReaderSnapshot } from "../../readers/reader.js"
import type { PcscError } from "../errors.js"

/** How long a connection waits for the ATR of a card that was inserted a moment ago. */
const ATR_MILLISECONDS = 1000

/** What a binding that reports by events has told so far. */
export interface ReaderBoard {
  /** A reader is there; its state will follow. */
  announce(name: string): void
  show(reader: ReaderSnapshot): void
  remove(name: string): void
  /** Every reader was announced: what is shown is the whole. */
  complete(): void
  /** The last sign of life. */
  fail(error: PcscError): void
  has(name: string): boolean
  /** @throws {PcscError} after the failure */
  list(): Promise<ReaderSnapshot[]>
  watch(onChange: (readers: ReaderSnapshot[]) => void, onError: (error: PcscError) => void): { close(): void }
  /** The answer to reset of the card in a reader; empty when it does not become known soon. */
  atrOf(name: string): Promise<Uint8Array>
}

interface Watcher {
  onChange: (readers: ReaderSnapshot[]) => void
  onError: (error: PcscError) => void
}

/** An empty board. */
export function readerBoard(): ReaderBoard {
  const states = new Map<string, ReaderSnapshot | undefined>()
  const watchers = new Set<Watcher>()
  const waiting = new Set<() => void>()
  let whole = false
  let failure: PcscError | undefined

  const isWhole = () => whole && [...states.values()].every((state) => state !== undefined)
  const all = () => [...states.values()].filter((state) => state !== undefined)
  const changed = () => {
    for (const look of [...waiting]) look()
    if (failure === undefined && isWhole()) for (const { onChange } of [...watchers]) onChange(all())
  }
  const until = (condition: () => boolean, milliseconds?: number) =>
    new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const end = () => {
        clearTimeout(timer)
        waiting.delete(look)
        resolve()
      }
      const look = () => {
        if (failure !== undefined || condition()) end()
      }
      waiting.add(look)
      if (milliseconds !== undefined) timer = setTimeout(end, milliseconds)
      look()
    })

  return {
    announce(name) {
      if (!states.has(name)) states.set(name, undefined)
    },
    show(reader) {
      states.set(reader.name, reader)
      changed()
    },
    remove(name) {
      states.delete(name)
      changed()
    },
    complete() {
      whole = true
      changed()
    },
    fail(error) {
      if (failure) return
      failure = error
      for (const { onError } of [...watchers]) onError(error)
      watchers.clear()
      changed()
    },
    has: (name) => states.has(name),
    async list() {
      await until(isWhole)
      if (failure) throw failure
      return all()
    },
    watch(onChange, onError) {
      const watcher = { onChange, onError }
      watchers.add(watcher)
      const first = setImmediate(() => {
        if (failure) onError(failure)
        else if (isWhole()) onChange(all())
      })
      return {
        close() {
          clearImmediate(first)
          watchers.delete(watcher)
        },
      }
    },
    async atrOf(name) {
      await until(() => states.get(name)?.atr !== undefined, ATR_MILLISECONDS)
      return states.get(name)?.atr ?? new Uint8Array(0)
    },
  }
}
