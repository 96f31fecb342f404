import type { Argv } from "yargs"
import { parseDump } from "../../apdu/index.js"
import { formatExchange, traceDump } from "../../terminal/index.js"
import { EXIT } from "../exit-codes.js"
import { readText } from "../files.js"
import { type CommonArguments, type Say, unsafeTraceFlag } from "../options.js"
import type { Output } from "../output.js"

interface TraceArguments extends CommonArguments {
  readonly file: string
  readonly unsafeTrace?: boolean
}

export function builder(parser: Argv, say: Say) {
  return parser
    .positional("file", { type: "string", demandOption: true, describe: say({ en: "dump file", zh: "会话记录文件" }) })
    .option("unsafe-trace", unsafeTraceFlag(say))
}

export async function handler({ file, unsafeTrace = false }: TraceArguments, output: Output): Promise<number> {
  for (const entry of traceDump(parseDump(readText(file)), { unsafe: unsafeTrace })) {
    for (const line of formatExchange(entry, output.language)) output.line(line)
    output.event(entry)
  }
  return EXIT.DONE
}
