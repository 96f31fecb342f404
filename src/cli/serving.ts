import type { Argv } from "yargs"
import { readyLine, type ServedCard, serveCards, type VirtualReaderEvent, VPCD_PORT } from "../virtual-reader/index.js"
import { EXIT } from "./exit-codes.js"
import { type Say, value } from "./options.js"
import type { Output } from "./output.js"
import { parsePort } from "./port.js"

export interface DriverArguments {
  readonly port?: string
  readonly host: string
}

/** Adds the options that say where the driver of the virtual reader is. */
export function driverOptions<T>(parser: Argv<T>, say: Say) {
  return parser
    .option(
      "port",
      value(say({ en: `port of the driver's slot (default ${VPCD_PORT})`, zh: `驱动卡槽端口(默认 ${VPCD_PORT})` })),
    )
    .option("host", {
      ...value(say({ en: "address of the driver", zh: "驱动地址" })),
      default: "127.0.0.1",
    })
}

/** The port that was asked for. @throws {InputError} field `port` */
export function driverPort({ port }: DriverArguments): number {
  return port === undefined ? VPCD_PORT : parsePort(port, 1)
}

/** Keeps cards in pcscd until SIGINT or SIGTERM; then takes them out and saves them. @returns the exit code */
export async function serve(served: ServedCard[], args: DriverArguments, output: Output): Promise<number> {
  await serveCards(served, { host: args.host, onEvent: (event) => report(event, output) })
  return EXIT.DONE
}

function report(event: VirtualReaderEvent, output: Output): void {
  const ready = readyLine(event)
  if (ready) {
    output.line(`${output.say({ en: "ready  port", zh: "就绪  端口" })} ${ready.port}  ATR ${ready.atr}`)
    output.event(ready)
    return
  }
  if (event.type === "removed") {
    output.line(output.say({ en: "card out", zh: "卡已退出" }))
    output.event({ event: "removed", port: event.port })
    return
  }
  if (event.type === "waiting" || event.type === "warning")
    output.remark(output.say({ en: event.message, zh: event.messageZh }))
}
