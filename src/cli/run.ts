import yargs, { type Argv } from "yargs"
import { ShebaoError } from "../apdu/index.js"
import { EXIT, exitCodeOf } from "./exit-codes.js"
import { chooseLanguage } from "./language.js"
import { toJson } from "./output.js"
import { REGISTRY } from "./registry.js"

/** One command's module: loaded only when the command is called. */
export interface CommandImplementation {
  builder(parser: Argv): Argv
  /** @returns the exit code */
  handler(args: never): Promise<number>
}

class UsageError extends Error {}

/**
 * Parses and runs a command line.
 *
 * @param words without `node` and the script
 * @returns the exit code of cli.md: 0 done, 1 refused, 2 usage, 3 no connection, 70 bug
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const language = chooseLanguage(optionValue(words, "--lang"))
  const json = words.includes("--json")
  let exitCode: number = EXIT.DONE
  const parser = yargs([...words])
    .scriptName("shebao")
    .locale(language === "zh" ? "zh_CN" : "en")
    .usage("$0 <command> [options]")
    .option("json", { type: "boolean", default: false, describe: "print JSON on standard output and nothing else" })
    .option("lang", { type: "string", choices: ["zh", "en"], describe: "language (default from the environment)" })
    .option("home", { type: "string", describe: "folder for state (default SHEBAO_HOME, else the user's data folder)" })
    .strict()
    .demandCommand(1, language === "zh" ? "请给出命令。" : "A command is needed.")
    .recommendCommands()
    .parserConfiguration({
      "parse-numbers": false,
      "parse-positional-numbers": false,
      "duplicate-arguments-array": false,
    })
    .wrap(Math.min(120, process.stdout.columns ?? 100))
    .version(false)
    .help()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message)
    })
  for (const entry of REGISTRY) {
    parser.command(
      entry.command,
      entry.describe[language],
      (async (subparser: Argv) => (await entry.load()).builder(subparser)) as never,
      async (args) => {
        exitCode = await (await entry.load()).handler(args as never)
      },
    )
  }
  try {
    await parser.parseAsync()
    return exitCode
  } catch (error) {
    return report(error, language, json)
  }
}

function optionValue(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option)
  if (at >= 0) return words[at + 1]
  return words.find((word) => word.startsWith(`${option}=`))?.slice(option.length + 1)
}

function report(error: unknown, language: "zh" | "en", json: boolean): number {
  const usage = error instanceof UsageError || (error instanceof Error && error.name === "YError")
  const exitCode = usage ? EXIT.USAGE : exitCodeOf(error)
  const message = messageOf(error, language)
  if (json) {
    const code = usage ? "USAGE" : error instanceof ShebaoError ? error.code : "BUG"
    process.stdout.write(`${toJson({ error: { code, message } })}\n`)
  }
  process.stderr.write(`shebao: ${message}\n`)
  if (usage) process.stderr.write(language === "zh" ? "用法见: shebao --help\n" : "See: shebao --help\n")
  if (exitCode === EXIT.BUG && error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`)
  return exitCode
}

function messageOf(error: unknown, language: "zh" | "en"): string {
  if (language === "zh" && error instanceof ShebaoError && error.messageZh) return error.messageZh
  return error instanceof Error ? error.message : String(error)
}
