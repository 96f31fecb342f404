import type { Argv } from "yargs"
import { readCardFile } from "../../card/index.js"
import {
  type Bank,
  createKeyServer,
  type KeyServerEvent,
  type KeyServerRejection,
  openStore,
  startBankServer,
  startKeyServer,
} from "../../host/index.js"
import { EXIT } from "../exit-codes.js"
import { reportHost, statusHost, verifyHost } from "../host-ledger.js"
import { bankEventDocument, bankEventText, keyEventDocument, keyEventText } from "../host-log.js"
import { KEY_SERVICE_PORT } from "../key-source.js"
import { allBundledProfiles, ledgerStore, localBank } from "../local-bank.js"
import { startServices } from "../medical/serve.js"
import { type CommonArguments, flag, list, type Say, value } from "../options.js"
import type { Output } from "../output.js"
import { parsePort } from "../port.js"
import { untilSignalled } from "../until-signalled.js"

const ACTIONS = ["start", "status", "verify", "report"] as const

interface HostArguments extends CommonArguments {
  readonly action: (typeof ACTIONS)[number]
  readonly port: string
  readonly host: string
  readonly memory?: boolean
  readonly database?: string
  readonly card?: readonly string[]
  readonly keysPort?: string
  readonly httpPort?: string
  readonly httpTokens?: string
  readonly region?: string
  readonly date?: string
  readonly close?: boolean
}

export function builder(parser: Argv, say: Say) {
  return parser
    .positional("action", {
      choices: ACTIONS,
      demandOption: true,
      describe: say({
        en: "start the bank as a TCP server · status: whether it answers, and what is in its ledger · verify: prove the invariants of the ledger · report: a business day with suspense account and terminals",
        zh: "start 以 TCP 服务启动银行主机 · status 状态与账本概况 · verify 校验账本不变式 · report 日终报表(含挂账和各终端)",
      }),
    })
    .option("port", {
      ...value(say({ en: "TCP port; 0 for any free one", zh: "TCP 端口;0 为任意空闲端口" })),
      default: "8583",
    })
    .option("host", { ...value(say({ en: "address to listen on", zh: "监听地址" })), default: "127.0.0.1" })
    .option(
      "memory",
      flag(say({ en: "keep the ledger in memory, not in the home folder", zh: "账本仅存于内存,不写入状态目录" })),
    )
    .option(
      "database",
      value(
        say({
          en: "where the ledger is kept: postgresql://user@host/name for several hosts at once, or an SQLite file",
          zh: "账本数据库:postgresql://用户@主机/库名(可多主机共用),或 SQLite 文件",
        }),
      ),
    )
    .conflicts("database", "memory")
    .option(
      "card",
      list(say({ en: "card FILE whose account the bank shall know as well", zh: "银行另需认识的卡文件" })),
    )
    .option(
      "date",
      value(
        say({ en: "report: business day YYYYMMDD (default: the present one)", zh: "report:营业日 YYYYMMDD(默认当前)" }),
      ),
    )
    .option(
      "close",
      flag(
        say({
          en: "report: first move money that nobody confirmed on earlier days to suspense",
          zh: "report:先将往日未确认款项转入挂账",
        }),
      ),
    )
    .option(
      "keys-port",
      value(
        say({
          en: `port of the HSM service for card keys as well, over HTTP (usual: ${KEY_SERVICE_PORT}; 0 for any free one)`,
          zh: `同时以HTTP提供卡密钥加密机服务的端口(通常为 ${KEY_SERVICE_PORT};0 为任意空闲端口)`,
        }),
      ),
    )
    .option(
      "http-port",
      value(
        say({
          en: "port of the medical centre's services as well, over HTTP (described at /openapi.json; 0 for any free one)",
          zh: "同时以HTTP提供医保中心服务的端口(说明见 /openapi.json;0 为任意空闲端口)",
        }),
      ),
    )
    .option(
      "http-tokens",
      value(say({ en: 'JSON file of bearer tokens, {"name": "token"}', zh: 'JSON 令牌文件 {"名称": "令牌"}' })),
    )
    .option(
      "region",
      value(say({ en: "rules of the medical centre's region (NAME or FILE)", zh: "适用地区(名称或文件)" })),
    )
}

export async function handler(args: HostArguments, output: Output): Promise<number> {
  switch (args.action) {
    case "start":
      return startHost(args, output)
    case "status":
      return statusHost({ ...args, portNumber: parsePort(args.port, 1) }, output)
    case "verify":
      return verifyHost(args, output)
    case "report":
      return reportHost(args, output)
  }
}

async function startHost(args: HostArguments, output: Output): Promise<number> {
  const port = parsePort(args.port, 0)
  const keysPort = args.keysPort === undefined ? undefined : parsePort(args.keysPort, 0)
  const cards = (args.card ?? []).map((file) => readCardFile(file).profile)
  const log = (event: Parameters<typeof bankEventText>[0]) => {
    output.line(output.paint("dim", output.say(bankEventText(event))))
    output.event(bankEventDocument(event))
  }
  const httpPort = args.httpPort === undefined ? undefined : parsePort(args.httpPort, 0)
  const ended = untilSignalled()
  const store = openStore(args.memory ? "memory" : ledgerStore(args.database, args))
  const bank = await localBank({
    store,
    profiles: [...cards, ...allBundledProfiles()],
    onEvent: log,
  })
  // In the order in which they started; closed the other way round.
  const running: { close(): Promise<void> }[] = [bank]
  try {
    const server = await startBankServer({ bank, host: args.host, port, onEvent: log })
    running.push(server)
    output.line(`${output.say({ en: "ready", zh: "就绪" })}  ${args.host}:${server.port}`)
    output.event({ event: "ready", host: args.host, port: server.port })
    if (keysPort !== undefined) running.push(await startKeys(args.host, keysPort, output))
    if (httpPort !== undefined) {
      const { host, region, httpTokens: tokens } = args
      running.push(await startServices({ store, bank, host, port: httpPort, region, tokens }, output))
    }
    running.push(standingOrders(bank, output))
    await ended
    return EXIT.DONE
  } finally {
    for (const one of running.reverse()) await one.close()
  }
}

const STANDING_MILLISECONDS = 60_000

/** Pays transfers whose time has come. What fails is tried again a minute later. */
function standingOrders(bank: Bank, output: Output): { close(): Promise<void> } {
  const timer = setInterval(() => {
    bank.payDueTransfers().then(
      (keys) => {
        for (const key of keys) output.event({ event: "transfer-paid", key })
      },
      (error: Error) => output.remark(error.message),
    )
  }, STANDING_MILLISECONDS)
  return {
    async close() {
      clearInterval(timer)
    },
  }
}

/** The HSM service, told about in lines of its own. */
async function startKeys(host: string, port: number, output: Output) {
  const log = (event: KeyServerEvent | KeyServerRejection) => {
    output.line(output.paint("dim", output.say(keyEventText(event))))
    output.event(keyEventDocument(event))
  }
  const server = await startKeyServer({ keys: createKeyServer({ onEvent: log }), host, port, onEvent: log })
  output.line(`${output.say({ en: "keys ready", zh: "密钥服务就绪" })}  ${server.url}`)
  output.event({ event: "keys-ready", url: server.url, port: server.port })
  return server
}
