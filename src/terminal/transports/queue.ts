import { ShebaoError, type Transport } from "../../apdu/index.js"

/**
 * Makes a transport safe for concurrent use: one command at a time, answers in the order of the calls (readers §6.8).
 *
 * `close()` lets the running command finish and refuses those that wait with `CONNECTION_CLOSED`.
 */
export function queueTransport(transport: Transport): Transport {
  let last: Promise<void> | undefined
  let closed: Promise<void> | undefined

  const run = (command: Uint8Array): Promise<Uint8Array> =>
    closed ? Promise.reject(connectionClosed()) : transport.transmit(command)

  const runAfter = (before: Promise<void>, command: Uint8Array): Promise<Uint8Array> => {
    // The caller may reuse its buffer while the command waits.
    const copy = command.slice()
    return before.then(() => run(copy))
  }

  return {
    transmit(command) {
      const answer = last ? runAfter(last, command) : run(command)
      const forget = () => {
        if (last === settled) last = undefined
      }
      const settled: Promise<void> = answer.then(forget, forget)
      last = settled
      return answer
    },
    close() {
      closed ??= (last ?? Promise.resolve()).then(() => transport.close())
      return closed
    },
  }
}

function connectionClosed(): ShebaoError {
  return new ShebaoError("CONNECTION_CLOSED", "The connection is closed.", { messageZh: "连接已关闭。" })
}
