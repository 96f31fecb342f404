import { homedir } from "node:os"
import { join } from "node:path"
import type { Argv } from "yargs"
import type { BindingName } from "../terminal/index.js"
import type { Text } from "./language.js"
import { UsageError } from "./usage-error.js"

/** Picks the text of the language that help is written in. */
export type Say = (text: Text) => string

/** Options that every command takes. */
export interface CommonArguments {
  readonly home?: string
}

/** Where the card is: exactly one of the four. */
export interface CardArguments extends CommonArguments {
  readonly card?: string
  readonly profile?: string
  readonly reader?: string
  readonly replay?: string
  readonly trace?: string
  readonly unsafeTrace?: boolean
  readonly binding?: BindingName
  readonly timeout?: string
}

export interface PinArguments {
  readonly pinStdin?: boolean
}

/** An option that is there or not. */
export const flag = (describe: string) => ({ type: "boolean", describe }) as const

/** An option with a value, given once. */
export const value = (describe: string) => ({ type: "string", requiresArg: true, describe, coerce: once }) as const

/** An option with a value that may be given again and again. */
export const list = (describe: string) => ({ type: "string", array: true, requiresArg: true, describe }) as const

/** The value of an option that may be given once only. */
export function once(given: string | readonly string[]): string {
  if (typeof given === "string") return given
  throw new UsageError(
    `expected an option once, got it with ${given.map((text) => JSON.stringify(text)).join(" and ")}`,
  )
}

/** The folder where cards' bank accounts and journals live: `--home`, SHEBAO_HOME, else the user's data folder. */
export function homeFolder(args: CommonArguments, environment: NodeJS.ProcessEnv = process.env): string {
  if (args.home) return args.home
  if (environment.SHEBAO_HOME) return environment.SHEBAO_HOME
  if (process.platform === "win32" && environment.APPDATA) return join(environment.APPDATA, "shebao")
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "shebao")
  return join(environment.XDG_DATA_HOME || join(homedir(), ".local", "share"), "shebao")
}

/** Named here as well, so that help need not load the terminal. */
const BINDINGS: readonly BindingName[] = ["smartcard", "pcsclite", "pcsc-mini"]

/** Adds `--binding`. */
export function bindingOption<T>(parser: Argv<T>, say: Say) {
  return parser.option("binding", {
    ...value(
      say({
        en: "PC/SC module to use (else SHEBAO_PCSC, else the first that is installed)",
        zh: "使用的 PC/SC 模块 (否则 SHEBAO_PCSC,否则第一个已安装的)",
      }),
    ),
    choices: BINDINGS,
  })
}

/** Adds the options that say where the card is, and how the exchange is shown. */
export function cardOptions<T>(parser: Argv<T>, say: Say) {
  const group = say({ en: "Card:", zh: "卡片:" })
  const where = parser
    .option("card", { ...value(say({ en: "emulated card kept in FILE", zh: "保存在文件中的虚拟卡" })), group })
    .option("profile", {
      ...value(say({ en: "fresh emulated card of this profile (NAME or FILE)", zh: "按模板(名称或文件)新建的虚拟卡" })),
      group,
    })
    .option("reader", {
      ...value(say({ en: "PC/SC reader by NAME (or part of it) or INDEX", zh: "PC/SC 读卡器:名称(或其一部分)或序号" })),
      group,
    })
    .option("replay", {
      ...value(say({ en: "recorded session (dump FILE) that answers as the card", zh: "以会话记录文件代替卡片应答" })),
      group,
    })
    .option("timeout", {
      ...value(say({ en: "seconds that one command may take (default 30)", zh: "单条指令超时秒数(默认 30)" })),
      group,
    })
  return traceOptions(bindingOption(where, say).group("binding", group), say)
}

/** Adds `--trace` and `--unsafe-trace`. */
export function traceOptions<T>(parser: Argv<T>, say: Say) {
  return parser
    .option("trace", {
      type: "string",
      coerce: once,
      describe: say({
        en: "show the decoded exchange, or write it to a file: --trace=FILE",
        zh: "显示解码后的报文,或写入文件:--trace=文件",
      }),
    })
    .option("unsafe-trace", unsafeTraceFlag(say))
}

export const unsafeTraceFlag = (say: Say) =>
  flag(
    say({
      en: "show identity numbers, PANs and PINs in the trace: for test cards only",
      zh: "跟踪中显示证件号、卡号和密码:仅限测试卡",
    }),
  )

/** Adds `--pin-stdin`. */
export function pinOptions<T>(parser: Argv<T>, say: Say) {
  return parser.option(
    "pin-stdin",
    flag(
      say({
        en: "read PINs from standard input, one a line (else SHEBAO_PIN, SHEBAO_NEW_PIN, SHEBAO_BANK_PIN, SHEBAO_NEW_BANK_PIN, else asked)",
        zh: "从标准输入读取密码,每行一个(否则 SHEBAO_PIN、SHEBAO_NEW_PIN、SHEBAO_BANK_PIN、SHEBAO_NEW_BANK_PIN,否则提示输入)",
      }),
    ),
  )
}

/** Adds the option that says which bank answers. */
export function bankOptions<T>(parser: Argv<T>, say: Say) {
  return parser.option("bank", {
    ...value(
      say({
        en: "HOST:PORT of a running `shebao host start` (default: a bank inside this process)",
        zh: "运行中的 `shebao host start` 的 HOST:PORT(默认:本进程内的银行)",
      }),
    ),
    group: say({ en: "Bank:", zh: "银行:" }),
  })
}
