import type { Argv } from "yargs"
import { toHex } from "../../apdu/index.js"
import { pcscReaders, type ReaderEvent, type ReaderSnapshot } from "../../terminal/index.js"
import { EXIT } from "../exit-codes.js"
import { type CommonArguments, outputOf } from "../options.js"
import type { Output } from "../output.js"

interface ReadersArguments extends CommonArguments {
  readonly watch: boolean
  readonly binding?: "smartcard" | "pcsclite" | "pcsc-mini"
}

export function builder(parser: Argv) {
  return parser
    .option("watch", { type: "boolean", default: false, describe: "go on and print every insertion and removal" })
    .option("binding", {
      type: "string",
      choices: ["smartcard", "pcsclite", "pcsc-mini"] as const,
      describe: "PC/SC module to use",
    })
}

export async function handler(args: ReadersArguments): Promise<number> {
  const output = outputOf(args)
  const system = await pcscReaders(args.binding ? { binding: args.binding } : {})
  try {
    if (args.watch) return await watch(system, output)
    const readers = await system.readers()
    for (const [index, reader] of readers.entries())
      output.line(`${index}  ${reader.name}  ${stateText(output, reader)}`)
    output.document({
      binding: system.binding,
      readers: readers.map(({ name, present, mute, inUse, exclusive, atr }, index) => ({
        index,
        name,
        present,
        mute,
        inUse,
        exclusive,
        ...(atr && { atr }),
      })),
    })
    if (readers.length > 0) return EXIT.DONE
    output.remark(output.say({ en: "No reader found. Try: shebao doctor", zh: "未找到读卡器。请运行: shebao doctor" }))
    return EXIT.NO_CONNECTION
  } finally {
    await system.close()
  }
}

function stateText(output: Output, { present, mute, exclusive, inUse, atr }: ReaderSnapshot): string {
  if (!present) return output.say({ en: "no card", zh: "无卡" })
  if (mute) return output.say({ en: "card does not answer", zh: "卡片无响应" })
  const use = exclusive
    ? output.say({ en: " (held exclusively)", zh: "(被独占)" })
    : inUse
      ? output.say({ en: " (in use)", zh: "(使用中)" })
      : ""
  return `${atr ? toHex(atr) : ""}${use}`
}

async function watch(system: Awaited<ReturnType<typeof pcscReaders>>, output: Output): Promise<number> {
  const onEvent = (event: ReaderEvent) => {
    const atr = "atr" in event ? toHex(event.atr) : ""
    output.line(`${event.type}  ${event.reader}  ${atr}`.trimEnd())
    output.document({ event: event.type, reader: event.reader, ...(atr && { atr }) })
  }
  const watching = await system.watch(onEvent, (error) => output.remark(`${error.code}: ${error.message}`))
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve)
    process.once("SIGTERM", resolve)
  })
  await watching.close()
  return EXIT.DONE
}
