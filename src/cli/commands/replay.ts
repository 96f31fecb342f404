import type { Argv } from "yargs"
import type { CardPort } from "../../apdu/index.js"
import { replayCard } from "../../terminal/index.js"
import { readText } from "../files.js"
import type { CommonArguments, Say } from "../options.js"
import type { Output } from "../output.js"
import { type DriverArguments, driverOptions, driverPort, serve } from "../serving.js"

interface ReplayArguments extends CommonArguments, DriverArguments {
  readonly file: string
}

export function builder(parser: Argv, say: Say) {
  return driverOptions(parser, say).positional("file", {
    type: "string",
    demandOption: true,
    describe: say({ en: "dump file", zh: "会话记录文件" }),
  })
}

export async function handler(args: ReplayArguments, output: Output): Promise<number> {
  const port = driverPort(args)
  const card = replayCard(readText(args.file))
  return serve([{ card: tellingOfMismatches(card, output), port }], args, output)
}

/** What the program at the other end did otherwise than the recorded one is told here; it gets 6F00 only. */
function tellingOfMismatches(card: CardPort, output: Output): CardPort {
  return {
    protocol: card.protocol,
    atr: card.atr,
    powerOn: () => card.powerOn(),
    reset: () => card.reset(),
    powerOff: () => card.powerOff(),
    process(command) {
      try {
        return card.process(command)
      } catch (error) {
        output.remark(error instanceof Error ? error.message : String(error))
        throw error
      }
    },
  }
}
