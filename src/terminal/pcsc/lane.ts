import { ShebaoError, TimeoutError } from "../../apdu/index.js"
import { giveThread, markStuck, takeThread } from "./threads.js"

/** One native call that may wait for a card. */
export interface NativeCall<T> {
  /** Whose call it is: while a lane is held, only its holder's calls go on. */
  owner: object
  /** What it does, for error texts: `transmit`, `connect`. */
  what: string
  timeoutMilliseconds: number
  start: () => Promise<T>
  /** Goes on though another owner holds the lane: for calls that wait for nobody, as disconnecting. */
  besideHold?: boolean
  /** Waits as long as it takes, also behind a call that does not return: for giving handles back. */
  patient?: boolean
  /** Told when the call returned after its deadline. */
  onLate?: () => void
}

/**
 * The calls to one reader, of every connection of this process: strictly one after the other, each with its deadline.
 *
 * PC/SC knows no time limit and the bindings make their calls in libuv's few threads, so a call that has to wait must
 * wait here, where it costs nothing (readers §6.7, §6.8).
 */
export interface Lane {
  /**
   * @throws {TimeoutError} at the deadline; the lane stays blocked until the native call really returns
   * @throws {ShebaoError} `READER_BLOCKED` when it was never started, as an earlier call has not returned; `BUSY` when it
   *   was never started, as another owner held the lane until the deadline
   */
  call<T>(call: NativeCall<T>): Promise<T>
  /** Waits until nobody holds the lane and then holds it. @returns lets go */
  hold(owner: object): Promise<() => void>
}

const lanes = new Map<string, Lane>()

/** The lane of a reader. */
export function laneOf(reader: string): Lane {
  let lane = lanes.get(reader)
  if (lane === undefined) {
    lane = createLane(reader)
    lanes.set(reader, lane)
  }
  return lane
}

interface Waiting {
  owner: object
  besideHold: boolean
  patient: boolean
  go: () => void
  refuse: (error: ShebaoError) => void
}

function createLane(reader: string): Lane {
  const queue: Waiting[] = []
  const holds: { owner: object; go: () => void }[] = []
  let holder: object | undefined
  let busy = false
  let blocked = false

  const mayGo = (call: Pick<Waiting, "owner" | "besideHold">) =>
    holder === undefined || holder === call.owner || call.besideHold
  const next = () => {
    if (busy) return
    const at = queue.findIndex(mayGo)
    if (at < 0) return
    busy = true
    queue.splice(at, 1)[0]!.go()
  }
  const done = () => {
    busy = false
    blocked = false
    next()
  }
  const block = () => {
    blocked = true
    const refused = queue.filter(({ patient }) => !patient)
    queue.splice(0, queue.length, ...queue.filter(({ patient }) => patient))
    for (const { refuse } of refused) refuse(blockedBy(reader))
  }
  const turn = (
    call: Pick<Waiting, "owner" | "besideHold" | "patient">,
    milliseconds: number,
  ): Promise<void> | undefined => {
    if (blocked && !call.patient) return Promise.reject(blockedBy(reader))
    if (!busy && mayGo(call)) {
      busy = true
      return undefined
    }
    return new Promise<void>((go, refuse) => {
      const waiting: Waiting = { ...call, go, refuse }
      queue.push(waiting)
      const giveUp = () => {
        if (mayGo(waiting)) {
          timer = setTimeout(giveUp, milliseconds) // Only behind others: each of them has its deadline.
          return
        }
        queue.splice(queue.indexOf(waiting), 1)
        refuse(heldBy(reader))
      }
      let timer = setTimeout(giveUp, milliseconds)
      waiting.go = () => {
        clearTimeout(timer)
        go()
      }
      waiting.refuse = (error) => {
        clearTimeout(timer)
        refuse(error)
      }
    })
  }

  return {
    async call({ owner, what, timeoutMilliseconds, start, besideHold = false, patient = false, onLate }) {
      const wait = turn({ owner, besideHold, patient }, timeoutMilliseconds)
      if (wait) await wait
      try {
        const thread = takeThread(reader, patient)
        if (thread) await thread
      } catch (error) {
        done()
        throw error
      }
      return await new Promise((resolve, reject) => {
        let unstick: (() => void) | undefined
        const deadline = setTimeout(() => {
          unstick = markStuck(reader)
          block()
          reject(new TimeoutError(`The reader did not answer (${what}) for ${timeoutMilliseconds} ms. [${reader}]`))
        }, timeoutMilliseconds)
        const settle = () => {
          clearTimeout(deadline)
          unstick?.()
          giveThread()
          if (unstick) onLate?.()
          done()
        }
        started(start).then(
          (value) => {
            settle()
            resolve(value)
          },
          (error) => {
            settle()
            reject(error)
          },
        )
      })
    },
    hold: (owner) =>
      new Promise((resolve) => {
        const release = () => {
          holder = undefined
          const following = holds.shift()
          if (following) following.go()
          else next()
        }
        const go = () => {
          holder = owner
          resolve(release)
          next()
        }
        if (holder === undefined) go()
        else holds.push({ owner, go })
      }),
  }
}

/** A failure before the native call is a failure of the call. */
const started = async <T>(start: () => Promise<T>): Promise<T> => start()

const blockedBy = (reader: string) =>
  new ShebaoError("READER_BLOCKED", `An earlier command has not returned; this one was not sent. [${reader}]`, {
    messageZh: `前一条指令尚未返回,本指令未发送。[${reader}]`,
  })

const heldBy = (reader: string) =>
  new ShebaoError("BUSY", `Another connection of this program is in a transaction; this was not sent. [${reader}]`, {
    messageZh: `本程序的另一连接正在事务中,本指令未发送。[${reader}]`,
  })
