import { homedir } from "node:os"
import { join } from "node:path"
import type { Argv } from "yargs"
import { chooseLanguage } from "./language.js"
import { createOutput, type Output } from "./output.js"

/** Options that every command takes. */
export interface CommonArguments {
  readonly json: boolean
  readonly lang?: string
  readonly home?: string
}

/** Where the card is: exactly one of the three. */
export interface CardArguments extends CommonArguments {
  readonly card?: string
  readonly profile?: string
  readonly reader?: string
  readonly trace?: string
  readonly unsafeTrace?: boolean
  readonly binding?: string
  readonly timeout?: number
}

export interface PinArguments {
  readonly pinStdin: boolean
}

export const outputOf = (args: CommonArguments): Output =>
  createOutput({ language: chooseLanguage(args.lang), json: args.json })

/** The folder where cards' bank accounts and journals live: `--home`, SHEBAO_HOME, else the user's data folder. */
export function homeFolder(args: CommonArguments, environment: NodeJS.ProcessEnv = process.env): string {
  if (args.home) return args.home
  if (environment.SHEBAO_HOME) return environment.SHEBAO_HOME
  if (process.platform === "win32" && environment.APPDATA) return join(environment.APPDATA, "shebao")
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "shebao")
  return join(environment.XDG_DATA_HOME || join(homedir(), ".local", "share"), "shebao")
}

/** Adds the options that say where the card is, and how the exchange is shown. */
export function cardOptions<T>(parser: Argv<T>) {
  return parser
    .option("card", { type: "string", describe: "emulated card kept in FILE", group: "Card:" })
    .option("profile", {
      type: "string",
      describe: "fresh emulated card of this profile (NAME or FILE)",
      group: "Card:",
    })
    .option("reader", { type: "string", describe: "PC/SC reader by NAME (or part of it) or INDEX", group: "Card:" })
    .option("binding", {
      type: "string",
      choices: ["smartcard", "pcsclite", "pcsc-mini"],
      describe: "PC/SC module to use (default: SHEBAO_PCSC, else the first that is installed)",
      group: "Card:",
    })
    .option("trace", { type: "string", describe: "show the decoded exchange, or write it to a file: --trace=FILE" })
    .option("unsafe-trace", {
      type: "boolean",
      default: false,
      describe: "show identity numbers, PANs and PINs in the trace",
    })
    .option("timeout", { type: "number", describe: "seconds that one command may take (default 30)" })
}

/** Adds `--pin-stdin`. */
export function pinOptions<T>(parser: Argv<T>) {
  return parser.option("pin-stdin", {
    type: "boolean",
    default: false,
    describe:
      "read PINs from standard input, one a line (else SHEBAO_PIN, SHEBAO_NEW_PIN, SHEBAO_BANK_PIN, else asked)",
  })
}

/** Adds the options that say which bank answers. */
export function bankOptions<T>(parser: Argv<T>) {
  return parser.option("bank", {
    type: "string",
    describe: "HOST:PORT of a running `shebao host start` (default: a bank inside this process)",
    group: "Bank:",
  })
}
