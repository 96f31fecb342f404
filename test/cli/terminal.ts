import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { BINARY, endWithTests, environmentIn, type Shell } from "./shebao.js"

const SCRIPT = "/usr/bin/script"

/** True where a test can have a pseudo terminal: util-linux's `script` gives one. */
export const hasTerminals = process.platform === "linux" && existsSync(SCRIPT)

/** A command on a pseudo terminal, as a person sits before it. */
export interface TestTerminal {
  /** Waits until the text appears behind what was there before, then types. */
  type(after: string, keys: string): Promise<void>
  end(): Promise<{ readonly code: number | null; readonly text: string }>
}

/** Starts a command of `shebao` on a terminal of its own. */
export function terminalOf(shell: Shell, words: readonly string[]): TestTerminal {
  const quoted = [process.execPath, BINARY, ...words].map((word) => `'${word}'`).join(" ")
  const child = spawn(SCRIPT, ["-qec", quoted, "/dev/null"], {
    cwd: shell.folder,
    env: environmentIn(shell.folder, { TERM: "xterm", NO_COLOR: "1" }),
    stdio: "pipe",
  })
  endWithTests(child)
  let text = ""
  let seen = 0
  let wake = () => {}
  let ended = false
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part
    wake()
  })
  const closed = once(child, "close").then(([code]) => {
    ended = true
    wake()
    return code as number | null
  })
  return {
    async type(after, keys) {
      for (let at = text.indexOf(after, seen); ; at = text.indexOf(after, seen)) {
        if (at >= 0) {
          seen = at + after.length
          break
        }
        if (ended) throw new Error(`ended before ${JSON.stringify(after)}: ${text}`)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      child.stdin.write(keys)
    },
    async end() {
      return { code: await closed, text }
    },
  }
}
