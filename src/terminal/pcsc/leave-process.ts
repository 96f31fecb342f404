import { createRequire } from "node:module"

let stuck = 0
let watching = false

/**
 * Counts a native call that did not return in time, until the returned function says that it did.
 *
 * `process.exit` joins the threads of libuv's pool, so it would hang as long as one of them waits for a mute card
 * (measured on Node 20 for all three bindings). While a call is stuck, the end of the process is therefore made by
 * `_exit`, with the same exit code; without koffi by SIGKILL. Windows joins no threads.
 */
export function countStuckCall(): () => void {
  stuck += 1
  if (!watching && process.platform !== "win32") {
    watching = true
    process.on("exit", leaveAtOnce)
  }
  return () => {
    stuck -= 1
  }
}

function leaveAtOnce(code: number): void {
  if (stuck === 0) return
  try {
    createRequire(import.meta.url)("koffi")
      .load(null)
      .func("void _exit(int status)")(code)
  } catch {
    process.kill(process.pid, "SIGKILL")
  }
}
