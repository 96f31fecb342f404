import { assertInteger, ShebaoError, TimeoutError, type Transport } from "../../apdu/index.js"

/** Deadline of one command in milliseconds, or a rule that gives it. */
export type Deadline = number | ((command: Uint8Array) => number)

/**
 * 30 seconds; 120 for key generation and key writing (readers §6.7).
 *
 * @returns milliseconds
 */
export function defaultDeadline(command: Uint8Array): number {
  const generatesKeyPair = command[0] === 0x80 && command[1] === 0x40
  const writesKey = command[0] === 0x84 && command[1] === 0xd4
  return generatesKeyPair || writesKey ? 120_000 : 30_000
}

/**
 * Ends the wait for a mute card. After a deadline has passed the connection is dead: the command may still be running
 * in the card, so nothing more is sent, and closing waits for the running call without holding anybody up.
 *
 * One command at a time: put {@link queueTransport} in front.
 *
 * @throws {TimeoutError} when the deadline passes; `CONNECTION_CLOSED` for every later command
 */
export function deadlineTransport(transport: Transport, deadline: Deadline = defaultDeadline): Transport {
  if (typeof deadline === "number") assertInteger("deadline", deadline, 1, 0x7fff_ffff)
  const alarm = lazyTimer()
  let stuck: Promise<unknown> | undefined
  return {
    transmit(command) {
      if (stuck) return Promise.reject(deadConnection())
      const milliseconds = typeof deadline === "number" ? deadline : deadline(command)
      const running = transport.transmit(command)
      return new Promise((resolve, reject) => {
        alarm.start(milliseconds, () => {
          stuck = running.catch(() => undefined)
          reject(new TimeoutError(`The card did not answer within ${milliseconds} ms.`))
        })
        running.then(
          (answer) => {
            alarm.stop()
            resolve(answer)
          },
          (error) => {
            alarm.stop()
            reject(error)
          },
        )
      })
    },
    async close() {
      alarm.end()
      if (!stuck) return transport.close()
      stuck.then(() => transport.close()).catch(() => undefined)
    },
  }
}

/**
 * A timer for one command after another. It is set only for a command that is still running when the event loop comes
 * round: a card in memory has answered long before, and setting a timer takes longer than its command.
 */
function lazyTimer() {
  let look: NodeJS.Immediate | undefined
  let timer: NodeJS.Timeout | undefined
  let ring: (() => void) | undefined
  let milliseconds = 0
  const arm = () => {
    look = undefined
    if (ring) timer = setTimeout(ring, milliseconds)
  }
  return {
    start(limit: number, onRing: () => void): void {
      ring = onRing
      milliseconds = limit
      look ??= setImmediate(arm)
    },
    stop(): void {
      ring = undefined
      if (timer) clearTimeout(timer)
      timer = undefined
    },
    /** Lets go of everything, unless a command is running. */
    end(): void {
      if (ring) return
      clearImmediate(look)
      look = undefined
    },
  }
}

function deadConnection(): ShebaoError {
  return new ShebaoError("CONNECTION_CLOSED", "The connection is dead since a command timed out; connect anew.", {
    messageZh: "命令超时后连接已失效,请重新连接。",
  })
}
