import yargs, { type Argv } from "yargs"
import { EXIT } from "./exit-codes.js"
import { chooseLanguage } from "./language.js"
import { flag, type Say, value } from "./options.js"
import { createOutput, type Output } from "./output.js"
import { REGISTRY } from "./registry.js"
import { report } from "./report.js"
import { nearest } from "./suggestion.js"
import { UsageError } from "./usage-error.js"

/** One command's module: loaded only when the command is called. */
export interface CommandImplementation {
  /** Adds the command's options, their help in the language of `say`. */
  builder(parser: Argv, say: Say): Argv
  /** @returns the exit code */
  handler(args: never, output: Output): Promise<number>
}

/**
 * Parses and runs a command line.
 *
 * @param words without `node` and the script
 * @returns the exit code of cli.md: 0 done, 1 refused, 2 usage, 3 no connection, 70 bug
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const language = chooseLanguage(optionValue(words, "--lang"))
  const output = createOutput({ language, json: words.includes("--json") })
  let exitCode: number = EXIT.DONE
  const parser = createParser(words, output)
  for (const { command, describe, load } of REGISTRY) {
    parser.command(
      command,
      output.say(describe),
      (async (subparser: Argv) => (await load()).builder(subparser, output.say)) as never,
      async (args) => {
        exitCode = await (await load()).handler(args as never, output)
      },
    )
  }
  parser.command("$0 [words..]", false, {}, async (args) => {
    const [word] = (args.words as string[] | undefined) ?? []
    if (word !== undefined) throw unknownCommand(word, output.say)
    process.stderr.write(`${await parser.getHelp()}\n`)
    exitCode = EXIT.USAGE
  })
  try {
    await parser.parseAsync()
    output.finish()
    return exitCode
  } catch (error) {
    return report(error, output)
  }
}

function createParser(words: readonly string[], { language, say }: Output): Argv {
  return (
    yargs(words.map(withoutValue))
      .scriptName("shebao")
      .locale(language === "zh" ? "zh_CN" : "en")
      .usage(say({ en: "$0 <command> [options]", zh: "$0 <命令> [选项]" }))
      .option("json", flag(say({ en: "print JSON on standard output, nothing else", zh: "标准输出仅输出 JSON" })))
      .option("lang", {
        ...value(say({ en: "language (default from the environment)", zh: "语言(默认按环境变量)" })),
        choices: ["zh", "en"],
      })
      .option(
        "home",
        value(
          say({
            en: "folder for state (default SHEBAO_HOME, else the user's data folder)",
            zh: "状态目录(默认 SHEBAO_HOME,否则用户数据目录)",
          }),
        ),
      )
      .strict()
      // Numbers stay as they were typed; `--set a=1 FILE` takes one value; an option without `no-` has none with it.
      .parserConfiguration({
        "parse-numbers": false,
        "parse-positional-numbers": false,
        "greedy-arrays": false,
        "boolean-negation": false,
      })
      .wrap(Math.min(120, process.stdout.columns ?? 100))
      .help()
      .alias("h", "help")
      .version(false)
      .option("version", flag(say({ en: "print the version", zh: "显示版本号" })))
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? new UsageError(withoutDoubles(message))
      })
  )
}

/** `--trace` takes a value behind `=` only: in `--trace 500` the amount is not a file. */
const withoutValue = (word: string): string => (word === "--trace" || word === "--sam" ? `${word}=` : word)

/** yargs names an unknown option with a dash twice: `pin-foo, pinFoo`. */
function withoutDoubles(message: string): string {
  return message.replace(/([\w-]+-[\w-]+), (\w+)/g, (both, dashed: string, camel: string) =>
    dashed.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) === camel ? dashed : both,
  )
}

function optionValue(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option)
  if (at >= 0) return words[at + 1]
  return words.find((word) => word.startsWith(`${option}=`))?.slice(option.length + 1)
}

function unknownCommand(word: string, say: Say): UsageError {
  const names = REGISTRY.map(({ command }) => command.replace(/ .*/, ""))
  const guess = nearest(word, names)
  const hint = guess === undefined ? "" : say({ en: ` Did you mean ${guess}?`, zh: `是否指 ${guess}?` })
  return new UsageError(say({ en: `There is no command ${word}.${hint}`, zh: `没有命令 ${word}。${hint}` }))
}
