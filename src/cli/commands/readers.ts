import type { Argv } from "yargs"
import { toHex } from "../../apdu/index.js"
import { type BindingName, pcscReaders, type ReaderEvent, type ReaderSnapshot } from "../../terminal/index.js"
import { EXIT } from "../exit-codes.js"
import { bindingOption, type CommonArguments, flag, type Say } from "../options.js"
import type { Output } from "../output.js"
import { untilSignalled } from "../until-signalled.js"

interface ReadersArguments extends CommonArguments {
  readonly watch?: boolean
  readonly binding?: BindingName
}

export function builder(parser: Argv, say: Say) {
  return bindingOption(parser, say).option(
    "watch",
    flag(say({ en: "go on and print every insertion and removal", zh: "持续显示插卡和拔卡" })),
  )
}

export async function handler({ binding, watch: goOn }: ReadersArguments, output: Output): Promise<number> {
  const system = await pcscReaders(binding === undefined ? {} : { binding })
  try {
    if (goOn) return await watch(system, output)
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
    output.event({ event: event.type, reader: event.reader, ...(atr && { atr }) })
  }
  const ended = untilSignalled()
  const watching = await system.watch(onEvent, (error) => output.remark(`${error.code}: ${error.message}`))
  await ended
  await watching.close()
  return EXIT.DONE
}
