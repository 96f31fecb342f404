import { businessTime } from "../../dictionary/index.js"
import {
  aboutRoutes,
  type Bank,
  bankPayouts,
  bureauRoutes,
  createBureau,
  createMedicalCentre,
  type HttpEvent,
  medicalRoutes,
  nationalRoutes,
  type RunningHttpServer,
  regionTimeline,
  type StoreChoice,
  startHttpServer,
} from "../../host/index.js"
import { inputError } from "../input-error.js"
import type { Output } from "../output.js"
import { readDocument } from "./read-document.js"

/** How the back office's services are put behind HTTP. */
export interface ServicesOptions {
  readonly store: StoreChoice
  /** Bank of the financial accounts, which takes approved payouts. */
  readonly bank: Bank
  readonly host: string
  readonly port: number
  /** Region whose rules hold; default `default`. */
  readonly region: string | undefined
  /** JSON file: token by name of its caller. */
  readonly tokens: string | undefined
}

const LOOPBACK = ["127.0.0.1", "::1", "localhost"]
/** A bill may have a thousand lines. */
const MAXIMUM_BODY = 1 << 20

function tokensOf({ tokens, host }: ServicesOptions): ReadonlyMap<string, string> | undefined {
  if (tokens === undefined) {
    if (LOOPBACK.includes(host)) return undefined
    throw inputError("http-tokens", {
      en: "expected a file of tokens: others than programs of this machine could ask",
      zh: "对外提供服务须指定令牌文件",
    })
  }
  const document = readDocument(tokens, "http-tokens")
  const entries = typeof document === "object" && document !== null ? Object.entries(document) : []
  if (entries.length === 0 || entries.some(([, token]) => typeof token !== "string" || token.length < 16))
    throw inputError("http-tokens", {
      en: 'expected {"name": "token"} with tokens of 16 characters or more',
      zh: '应为 {"名称": "令牌"},令牌至少 16 个字符',
    })
  return new Map(entries.map(([name, token]) => [token as string, name]))
}

const eventDocument = ({ type, ...details }: HttpEvent) => ({ event: `http-${type}`, ...details })

function eventText(event: HttpEvent): string {
  if (event.type === "rejected") return `http  ${event.status}  ${event.reason}`
  return `http  ${event.method} ${event.path}  ${event.caller ?? ""}`.trimEnd()
}

/** Serves the medical centre and the bureau over HTTP, with its description at `/openapi.json`. */
export async function startServices(options: ServicesOptions, output: Output): Promise<RunningHttpServer> {
  const { store, bank, host, port, region = "default" } = options
  const tokens = tokensOf(options)
  const regions = regionTimeline(region)
  const centre = createMedicalCentre({ store, region: regions, payouts: bankPayouts(bank) })
  const area = regions.at(businessTime(Date.now()).date).region.code
  const bureau = createBureau({ store, region: regions })
  const routes = [...bureauRoutes(bureau), ...medicalRoutes(centre), ...nationalRoutes(centre, { area })]
  const about = aboutRoutes(
    { title: "shebao", version: "1", description: "Medical insurance service centre and bureau" },
    routes,
  )
  const server = await startHttpServer({
    routes: [...routes, ...about],
    host,
    port,
    maximumBody: MAXIMUM_BODY,
    ...(tokens && { tokens }),
    onEvent(event) {
      output.line(output.paint("dim", eventText(event)))
      output.event(eventDocument(event))
    },
  })
  output.line(`${output.say({ en: "services ready", zh: "业务服务就绪" })}  ${server.url}`)
  output.event({ event: "services-ready", url: server.url, port: server.port })
  return server
}
