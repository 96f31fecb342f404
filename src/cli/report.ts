import { maskText, ShebaoError } from "../apdu/index.js"
import { EXIT, exitCodeOf } from "./exit-codes.js"
import type { Language } from "./language.js"
import type { Output } from "./output.js"
import { UsageError } from "./usage-error.js"

/** Tells about an error: on standard error, and with `--json` in the document as well. @returns the exit code */
export function report(error: unknown, output: Output): number {
  const usage = isUsageError(error)
  const exitCode = usage ? EXIT.USAGE : exitCodeOf(error)
  const message = maskText(messageOf(error, output.language))
  output.finish({ code: usage ? "USAGE" : error instanceof ShebaoError ? error.code : "BUG", message })
  process.stderr.write(`shebao: ${message}\n`)
  if (usage) process.stderr.write(`${output.say({ en: "See: shebao --help", zh: "用法见: shebao --help" })}\n`)
  if (exitCode === EXIT.BUG && error instanceof Error && error.stack) {
    const explanation = output.say({
      en: "This is a bug in shebao. What it was doing:",
      zh: "这是 shebao 的缺陷。出错位置:",
    })
    process.stderr.write(`${explanation}\n${maskText(error.stack)}\n`)
  }
  return exitCode
}

/** yargs throws errors of its own for some wrong words. */
function isUsageError(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && error.name === "YError")
}

function messageOf(error: unknown, language: Language): string {
  if (language === "zh" && error instanceof ShebaoError && error.messageZh) return error.messageZh
  return error instanceof Error ? error.message : String(error)
}
