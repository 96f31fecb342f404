import type { Argv } from "yargs"
import { givenSteps } from "../apdu-script.js"
import { type OpenedCard, withCard } from "../card-source.js"
import { dumpFile } from "../dump-file.js"
import { EXIT } from "../exit-codes.js"
import type { Say } from "../options.js"
import type { Output } from "../output.js"
import { printRefusal } from "../refusal.js"
import { type ReadArguments, readOptions, readWith } from "./read.js"

interface RecordArguments extends ReadArguments {
  readonly file: string
  readonly hex?: readonly string[]
}

export function builder(parser: Argv, say: Say) {
  return readOptions(parser, say)
    .positional("file", {
      type: "string",
      demandOption: true,
      describe: say({
        en: "new dump file; as confidential as the card itself",
        zh: "新建的会话记录文件;与卡片同等保密",
      }),
    })
    .positional("hex", {
      type: "string",
      array: true,
      describe: say({
        en: "commands in hexadecimal (default: those of `shebao read`)",
        zh: "十六进制指令(默认同 `shebao read`)",
      }),
    })
}

export async function handler(args: RecordArguments, output: Output): Promise<number> {
  const commands = givenSteps(args.hex ?? []).map(({ command }) => command)
  const file = dumpFile(args.file)
  const record = async (card: OpenedCard): Promise<number> => {
    const { session } = card
    file.begin(session)
    if (commands.length > 0) {
      for (const command of commands) await session.transmit(command)
      return EXIT.DONE
    }
    const reading = await readWith(args, card, output)
    return reading.ok ? EXIT.DONE : printRefusal(output, reading)
  }
  try {
    const exitCode = await withCard(args, output, record, { dump: file.add })
    const { exchanges } = file
    if (exitCode !== EXIT.DONE) return exitCode
    output.line(output.say({ en: `${args.file}: ${exchanges} exchanges`, zh: `${args.file}:${exchanges} 条指令` }))
    output.document({ ok: true, file: args.file, exchanges })
    return EXIT.DONE
  } finally {
    file.close()
  }
}
