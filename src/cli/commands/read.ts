import type { Argv } from "yargs"
import { readCard } from "../../terminal/index.js"
import { withCard } from "../card-source.js"
import { EXIT } from "../exit-codes.js"
import { type CardArguments, cardOptions, outputOf, type PinArguments, pinOptions } from "../options.js"
import { cardDocument, cardLines } from "../reading-table.js"
import { printRefusal } from "../refusal.js"
import { readSecrets } from "../secrets.js"

interface ReadArguments extends CardArguments, PinArguments {
  readonly all: boolean
  readonly pin: boolean
}

export function builder(parser: Argv) {
  return pinOptions(cardOptions(parser))
    .option("all", { type: "boolean", default: false, describe: "every file that may be read, directory by directory" })
    .option("pin", {
      type: "boolean",
      default: false,
      describe: "verify the PIN first, to read what the holder may see",
    })
}

export async function handler(args: ReadArguments): Promise<number> {
  const output = outputOf(args)
  const wantsPin = args.pin || args.pinStdin || (args.all && process.env.SHEBAO_PIN !== undefined)
  const [pin] = wantsPin
    ? await readSecrets(
        [{ name: "pin", variables: ["SHEBAO_PIN"], prompt: output.say({ en: "PIN", zh: "密码" }) }],
        args.pinStdin,
      )
    : []
  return withCard(args, output, async ({ session }) => {
    const reading = await readCard(session, { all: args.all, ...(pin !== undefined && { pin }) })
    if (!reading.ok) return printRefusal(output, reading)
    for (const line of cardLines(output, reading)) output.line(line)
    output.document(cardDocument(reading))
    if (reading.pin) output.remark(output.say(reading.pin.reason))
    return reading.pin ? EXIT.REFUSED : EXIT.DONE
  })
}
