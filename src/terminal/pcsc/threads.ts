import { ShebaoError } from "../../apdu/index.js"
import { leaveDespite } from "./leave-process.js"

/**
 * Threads of libuv's pool that calls to cards may take at once: two are left to files, DNS and crypto (readers §6.8).
 */
export const threadLimit = Math.max(1, (Number(process.env.UV_THREADPOOL_SIZE) || 4) - 2)

const waitingForThread: { reader: string; patient: boolean; go: () => void; refuse: (error: ShebaoError) => void }[] =
  []
const stuckReaders = new Map<string, number>()
let threadsInUse = 0
let stuckThreads = 0

/** Takes a thread for a call to a reader; undefined when it was free at once. */
export function takeThread(reader: string, patient: boolean): Promise<void> | undefined {
  leaveDespite(() => threadsInUse > 0)
  if (threadsInUse < threadLimit) {
    threadsInUse += 1
    return undefined
  }
  if (stuckThreads >= threadLimit && !patient) return Promise.reject(noThread(reader))
  return new Promise((go, refuse) => waitingForThread.push({ reader, patient, go, refuse }))
}

/** Gives a thread back when its call has returned. */
export function giveThread(): void {
  const following = waitingForThread.shift()
  if (following) following.go()
  else threadsInUse -= 1
}

/** Notes that a call is past its deadline and still has its thread. @returns to be called when it has returned */
export function markStuck(reader: string): () => void {
  stuckThreads += 1
  stuckReaders.set(reader, (stuckReaders.get(reader) ?? 0) + 1)
  if (stuckThreads >= threadLimit) {
    const refused = waitingForThread.filter(({ patient }) => !patient)
    waitingForThread.splice(0, waitingForThread.length, ...waitingForThread.filter(({ patient }) => patient))
    for (const waiting of refused) waiting.refuse(noThread(waiting.reader))
  }
  return () => {
    stuckThreads -= 1
    const left = stuckReaders.get(reader)! - 1
    if (left > 0) stuckReaders.set(reader, left)
    else stuckReaders.delete(reader)
  }
}

const noThread = (reader: string) => {
  const mute = [...stuckReaders.keys()].join(", ")
  return new ShebaoError(
    "READER_BLOCKED",
    `Every thread for card readers waits for a card that does not answer (${mute}); nothing was sent. ` +
      `Take those cards out, or start with a larger UV_THREADPOOL_SIZE. [${reader}]`,
    {
      messageZh: `所有读卡线程都在等待无响应的卡(${mute}),本指令未发送;请取出这些卡或增大 UV_THREADPOOL_SIZE。[${reader}]`,
    },
  )
}
