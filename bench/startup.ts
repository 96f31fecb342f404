import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

/** How long a whole process takes, start of Node included. */
export interface StartupFigure {
  readonly command: string
  readonly medianMilliseconds: number
}

const MAIN = fileURLToPath(new URL("../cli/main.js", import.meta.url))

/** Times the command line from outside, the plain start of Node beside it. */
export function benchStartup(runs = 9): StartupFigure[] {
  const commands: readonly (readonly [name: string, words: readonly string[]])[] = [
    ["node -e 0", ["-e", "0"]],
    ["shebao --version", [MAIN, "--version"]],
    ["shebao demo", [MAIN, "demo"]],
  ]
  return commands.map(([command, words]) => {
    const times = Array.from({ length: runs }, () => {
      const start = performance.now()
      const done = spawnSync(process.execPath, words, { stdio: "ignore" })
      if (done.status !== 0) throw new Error(`${command} ended with ${done.status}`)
      return performance.now() - start
    }).sort((a, b) => a - b)
    return { command, medianMilliseconds: Math.round(times[runs >> 1]!) }
  })
}
