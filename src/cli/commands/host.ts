import { mkdirSync } from "node:fs"
import type { Argv } from "yargs"
import { InputError } from "../../apdu/index.js"
import { readCardFile } from "../../card/index.js"
import { type BankServerEvent, startBankServer } from "../../host/index.js"
import { enrolmentOf, ledgerFile, localBank } from "../bank-source.js"
import { EXIT } from "../exit-codes.js"
import { type CommonArguments, homeFolder, outputOf } from "../options.js"
import type { Output } from "../output.js"

interface HostArguments extends CommonArguments {
  readonly action: "start"
  readonly port: string
  readonly host: string
  readonly memory: boolean
  readonly card?: readonly string[]
}

export function builder(parser: Argv) {
  return parser
    .positional("action", {
      choices: ["start"] as const,
      demandOption: true,
      describe: "start the bank as a TCP server",
    })
    .option("port", { type: "string", default: "8583", describe: "TCP port; 0 for any free one" })
    .option("host", { type: "string", default: "127.0.0.1", describe: "address to listen on" })
    .option("memory", {
      type: "boolean",
      default: false,
      describe: "keep the ledger in memory, not in the home folder",
    })
    .option("card", { type: "string", array: true, describe: "card FILE whose account the bank shall know as well" })
}

export async function handler(args: HostArguments): Promise<number> {
  const output = outputOf(args)
  const home = homeFolder(args)
  const port = portOf(args.port)
  if (!args.memory) mkdirSync(home, { recursive: true, mode: 0o700 })
  const bank = await localBank(args.memory ? undefined : ledgerFile(home))
  try {
    for (const file of args.card ?? []) {
      const enrolment = enrolmentOf(readCardFile(file).profile)
      if (enrolment) await bank.enroll(enrolment)
    }
    const server = await startBankServer({
      bank,
      host: args.host,
      port,
      onEvent: (event) => report(event, output),
    })
    output.line(output.say({ en: `ready  ${args.host}:${server.port}`, zh: `就绪  ${args.host}:${server.port}` }))
    output.document({ event: "ready", host: args.host, port: server.port })
    await new Promise<void>((resolve) => {
      process.once("SIGINT", resolve)
      process.once("SIGTERM", resolve)
    })
    await server.close()
    return EXIT.DONE
  } finally {
    await bank.close()
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port < 65536) return port
  throw new InputError("port", `expected a port in 0..65535, got ${text}`)
}

function report(event: BankServerEvent, output: Output): void {
  output.document(event)
  output.line(JSON.stringify(event))
}
