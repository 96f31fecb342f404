import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { InputError, ShebaoError, toHex } from "../../apdu/index.js"
import { callerOf, hostName, parseJson, Rejection, readBody } from "./request.js"
import { createRouter, type Route } from "./route.js"

export interface HttpServerOptions {
  readonly routes: readonly Route[]
  /** Default 127.0.0.1: only programs on this machine. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** Names, besides `host` and those of this machine, that a request may call the server by. */
  readonly allowedHosts?: readonly string[]
  /** Web pages that may ask, as `https://kiosk.example`; default none. */
  readonly allowedOrigins?: readonly string[]
  /** Name of each caller by his bearer token; default none is asked for, which is for this machine alone. */
  readonly tokens?: ReadonlyMap<string, string>
  /** Longest request body in bytes; default 64 KiB. */
  readonly maximumBody?: number
  /** How long a request may take to arrive; default 10 s. */
  readonly requestMilliseconds?: number
  readonly onEvent?: (event: HttpEvent) => void
}

/** A request that was answered, or rejected. The path is that of the route: what stands in its place may be a number. */
export type HttpEvent =
  | { readonly type: "answered"; readonly method: string; readonly path: string; readonly caller: string | undefined }
  | HttpRejection

/** A request that reached no handler, or broke one. */
export interface HttpRejection {
  readonly type: "rejected"
  readonly status: number
  readonly reason: string
}

export interface RunningHttpServer {
  readonly host: string
  readonly port: number
  readonly url: string
  /** Answers what is running, takes nothing new, closes all connections. */
  close(): Promise<void>
}

const LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"]
const DEFAULTS = { host: "127.0.0.1", port: 0, maximumBody: 64 * 1024, requestMilliseconds: 10_000 }
const MAXIMUM_CONNECTIONS = 100

/**
 * Serves routes as JSON over HTTP. A body that is not of its form is 400 and names the field; a refusal of the house is 200
 * with `ok: false`.
 *
 * @throws {ShebaoError} `CANNOT_LISTEN` when the address is not to be had
 * @example const server = await startHttpServer({ routes: medicalRoutes(centre), port: 8586 })
 */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningHttpServer> {
  const { routes, allowedHosts = [], allowedOrigins = [], tokens, onEvent } = options
  const { host, port, maximumBody, requestMilliseconds } = { ...DEFAULTS, ...withoutUndefined(options) }
  const names = new Set([...LOCAL_NAMES, hostName(host), ...allowedHosts].map((name) => name.toLowerCase()))
  const router = createRouter(routes)

  /** A page of another site reaches this machine by its own name or from its own origin: neither is ours. */
  function checkSender({ headers }: IncomingMessage): Record<string, string> {
    if (!names.has(hostName(headers.host ?? ""))) throw new Rejection(403, "host not allowed")
    const { origin } = headers
    if (origin === undefined) return {}
    if (!allowedOrigins.includes(origin)) throw new Rejection(403, "origin not allowed")
    return { "access-control-allow-origin": origin, vary: "origin" }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = checkSender(request)
    const path = (request.url ?? "").split("?")[0]!
    const method = request.method ?? ""
    const found = router.find(method, path)
    if ("methods" in found) {
      const { methods } = found
      if (methods.length === 0) throw new Rejection(404, "no such path")
      if (method === "OPTIONS" && "vary" in headers) {
        const allowed = { "access-control-allow-headers": "content-type, authorization" }
        response.writeHead(204, { ...headers, ...allowed }).end()
        return
      }
      throw new Rejection(405, `expected ${methods.join(", ")}`, { allow: methods.join(", ") })
    }
    const { route, parameters } = found
    const caller = route.isOpen ? undefined : callerOf(request, tokens)
    const body = route.method === "POST" ? checkedBody(route, await postedJson(request, maximumBody)) : undefined
    send(response, 200, await route.handle({ body, parameters, caller }), headers)
    onEvent?.({ type: "answered", method, path: route.path, caller })
  }

  const server = createServer({ connectionsCheckingInterval: 1000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const { status, document, extra } = failure(error)
      onEvent?.({ type: "rejected", status, reason: document.message })
      send(response, status, document, { ...extra, connection: "close" })
    })
  })
  server.requestTimeout = requestMilliseconds
  server.headersTimeout = requestMilliseconds
  server.maxConnections = MAXIMUM_CONNECTIONS

  const actualPort = await new Promise<number>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(new ShebaoError("CANNOT_LISTEN", `Cannot listen on ${host}:${port}: ${cause.message}`, { cause })),
    )
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === "object" && address ? address.port : port)
    })
  })

  let closing: Promise<void> | undefined
  return {
    host,
    port: actualPort,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}`,
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      })
      return closing
    },
  }
}

async function postedJson(request: IncomingMessage, maximumBody: number): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? ""))
    throw new Rejection(415, "expected application/json")
  return parseJson(await readBody(request, maximumBody))
}

function checkedBody({ body: schema }: Route, body: unknown): unknown {
  if (!schema) return body
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  throw new InputError(path.length > 0 ? path.join(".") : "body", message)
}

function failure(error: unknown): {
  status: number
  document: { ok: false; code: string; message: string; field?: string }
  extra: Readonly<Record<string, string>>
} {
  if (error instanceof InputError)
    return {
      status: 400,
      document: { ok: false, code: error.code, field: error.field, message: error.message },
      extra: {},
    }
  if (error instanceof Rejection)
    return {
      status: error.status,
      document: { ok: false, code: "REJECTED", message: error.message },
      extra: error.headers,
    }
  // What a bug says may hold what came in.
  return { status: 500, document: { ok: false, code: "INTERNAL", message: "internal error" }, extra: {} }
}

/** Amounts in fen that are bigint go out as decimal text, bytes as hex: plain JSON holds neither. */
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString()
  return value instanceof Uint8Array ? toHex(value) : value
}

function send(
  response: ServerResponse,
  status: number,
  document: object,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers })
  response.end(JSON.stringify(document, plainValue))
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
