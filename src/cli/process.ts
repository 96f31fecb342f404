import { maskText } from "../apdu/index.js"
import { EXIT } from "./exit-codes.js"
import { runCommandLine } from "./run.js"

/**
 * Runs a command line as this process and sets its exit code.
 *
 * Who stops reading our output (`shebao read --all | head -1`) does not stop a command: money may be on its way.
 */
export async function runProcess(words: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error
    })
  }
  process.on("uncaughtException", (error) => {
    process.stderr.write(`shebao: ${maskText(error.stack ?? error.message)}\n`)
    process.exit(EXIT.BUG)
  })
  process.exitCode = await runCommandLine(words)
}
