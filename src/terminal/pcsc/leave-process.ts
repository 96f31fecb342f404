import { createRequire } from "node:module"

let watching: (() => boolean) | undefined

/**
 * Lets the process end while native calls are running.
 *
 * `process.exit` joins the threads of libuv's pool, so it would hang for as long as one of them waits for a mute card
 * (measured on Node 20 for all three bindings). The end of the process is then made by `_exit`, with the same exit code;
 * without koffi by SIGKILL. Windows joins no threads.
 *
 * @param isRunning tells at the end whether a native call is running
 */
export function leaveDespite(isRunning: () => boolean): void {
  if (watching !== undefined || process.platform === "win32") return
  watching = isRunning
  process.on("exit", leave)
}

function leave(code: number): void {
  if (!watching?.()) return
  // Nothing runs after `_exit`: those who come later in the list have their turn now.
  const listeners = process.listeners("exit")
  for (const listener of listeners.slice(listeners.indexOf(leave) + 1)) listener.call(process, code)
  try {
    createRequire(import.meta.url)("koffi")
      .load(null)
      .func("void _exit(int status)")(code)
  } catch {
    process.kill(process.pid, "SIGKILL")
  }
}
