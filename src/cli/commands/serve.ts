import type { Argv } from "yargs"
import { InputError } from "../../apdu/index.js"
import { createCard, loadProfile, openCardFile } from "../../card/index.js"
import {
  readyLine,
  type ServedCard,
  serveCards,
  type VirtualReaderEvent,
  VPCD_PORT,
} from "../../virtual-reader/index.js"
import { EXIT } from "../exit-codes.js"
import { type CommonArguments, outputOf } from "../options.js"
import type { Output } from "../output.js"

interface ServeArguments extends CommonArguments {
  readonly profile?: string
  readonly card?: string
  readonly port?: string
  readonly host: string
}

export function builder(parser: Argv) {
  return parser
    .option("profile", { type: "string", describe: "fresh card of this profile (NAME or FILE)" })
    .option("card", { type: "string", describe: "card kept in FILE" })
    .option("port", { type: "string", describe: `port of the driver's slot (default ${VPCD_PORT})` })
    .option("host", { type: "string", default: "127.0.0.1", describe: "address of the driver" })
}

export async function handler(args: ServeArguments): Promise<number> {
  const output = outputOf(args)
  const served = { ...cardToServe(args, output), port: portOf(args.port) }
  await serveCards([served], { host: args.host, onEvent: (event) => report(event, output) })
  return EXIT.DONE
}

function cardToServe({ card, profile }: ServeArguments, output: Output): ServedCard {
  if ((card === undefined) === (profile === undefined)) {
    throw new InputError("card", "expected either --profile NAME or --card FILE", {
      messageZh: "请指定 --profile 名称 或 --card 文件 之一",
    })
  }
  if (profile !== undefined) return { card: createCard({ profile: loadProfile(profile) }) }
  const file = openCardFile(card!)
  for (const warning of file.warnings) output.remark(output.say(warning))
  return { card: file.card, save: () => file.close() }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return VPCD_PORT
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65536) return port
  throw new InputError("port", `expected a port in 1..65535, got ${text}`)
}

function report(event: VirtualReaderEvent, output: Output): void {
  const ready = readyLine(event)
  if (ready) {
    output.line(`ready  ${output.say({ en: "port", zh: "端口" })} ${ready.port}  ATR ${ready.atr}`)
    output.document(ready)
    return
  }
  if (event.type === "removed") {
    output.line(output.say({ en: "card out", zh: "卡已退出" }))
    output.document({ event: "removed", port: event.port })
    return
  }
  if (event.type === "waiting" || event.type === "warning")
    output.remark(output.say({ en: event.message, zh: event.messageZh }))
}
