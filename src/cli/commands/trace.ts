import type { Argv } from "yargs"
import { parseDump } from "../../apdu/index.js"
import { formatExchange, traceDump } from "../../terminal/index.js"
import { EXIT } from "../exit-codes.js"
import { readText } from "../files.js"
import { type CommonArguments, outputOf } from "../options.js"

interface TraceArguments extends CommonArguments {
  readonly file: string
  readonly unsafeTrace: boolean
}

export function builder(parser: Argv) {
  return parser
    .positional("file", { type: "string", demandOption: true, describe: "dump file" })
    .option("unsafe-trace", { type: "boolean", default: false, describe: "show identity numbers, PANs and PINs" })
}

export async function handler(args: TraceArguments): Promise<number> {
  const output = outputOf(args)
  for (const entry of traceDump(parseDump(readText(args.file)), { unsafe: args.unsafeTrace })) {
    for (const line of formatExchange(entry, output.language)) output.line(line)
    output.document(entry)
  }
  return EXIT.DONE
}
