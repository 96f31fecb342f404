import type { Argv } from "yargs"
import { readCard } from "../../terminal/index.js"
import { cardDocument } from "../card-document.js"
import { withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { type CardArguments, cardOptions, flag, type PinArguments, pinOptions, type Say } from "../options.js"
import type { Output } from "../output.js"
import { cardLines } from "../reading-table.js"
import { printRefusal } from "../refusal.js"
import { readSecrets, type SecretRequest } from "../secrets.js"

export interface ReadArguments extends CardArguments, PinArguments {
  readonly all?: boolean
  readonly pin?: boolean
}

/** Adds the options that say what is read. */
export function readOptions(parser: Argv, say: Say) {
  return pinOptions(cardOptions(parser, say), say)
    .option(
      "all",
      flag(say({ en: "every file that may be read, directory by directory", zh: "逐目录读取所有可读文件" })),
    )
    .option(
      "pin",
      flag(say({ en: "verify the PIN first, to read what the holder may see", zh: "先校验密码,读取持卡人可见内容" })),
    )
}

export const builder = readOptions

export async function handler(args: ReadArguments, output: Output): Promise<number> {
  return withCard(args, output, async ({ session }) => {
    const pin = await pinToReadWith(args, output)
    const reading = await readCard(session, { all: args.all ?? false, ...(pin !== undefined && { pin }) })
    if (!reading.ok) return printRefusal(output, reading)
    for (const line of cardLines(output, reading)) output.line(line)
    output.document(cardDocument(reading))
    if (reading.pin) output.remark(output.say(reading.pin.reason))
    return reading.pin ? EXIT.REFUSED : EXIT.DONE
  })
}

const PIN: SecretRequest = { name: "pin", variables: ["SHEBAO_PIN"], prompt: { en: "PIN", zh: "密码" } }

/** The PIN, where it is wanted: by `--pin`, or because it was given along. */
export async function pinToReadWith(args: ReadArguments, output: Output): Promise<string | undefined> {
  const wanted = args.pin || args.pinStdin || (args.all && process.env.SHEBAO_PIN)
  return wanted ? (await readSecrets([PIN], args, output))[0] : undefined
}
