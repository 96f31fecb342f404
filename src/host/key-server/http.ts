import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { InputError, ShebaoError } from "../../apdu/index.js"
import { KEY_SERVICE_PATH } from "../../dictionary/index.js"
import { createKeyServer, type KeyServer, type KeyServerEvent } from "./key-server.js"

/** Where the dialogue of drivers is answered. */
export const DIALOGUE_PATH = "/dialogue"

export interface KeyServerHttpOptions {
  /** Default: one with the published test keys. */
  readonly keys?: KeyServer
  /** Default 127.0.0.1: only programs on this machine. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** Names, besides `host` and those of this machine, that a request may call the server by. */
  readonly allowedHosts?: readonly string[]
  /** Web pages that may ask, as `https://kiosk.example`; default none. */
  readonly allowedOrigins?: readonly string[]
  /** Longest request body in bytes; default 16 KiB. */
  readonly maximumBody?: number
  /** How long a request may take to arrive; default 10 s. */
  readonly requestMilliseconds?: number
  readonly onEvent?: (event: KeyServerRejection) => void
}

/** A request that did not reach a key. */
export interface KeyServerRejection {
  readonly type: "rejected"
  readonly status: number
  readonly reason: string
}

export type { KeyServerEvent }

export interface RunningKeyServer {
  readonly host: string
  readonly port: number
  readonly url: string
  /** Answers what is running, takes nothing new, closes all connections. */
  close(): Promise<void>
}

const LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"]
const DEFAULTS = { host: "127.0.0.1", port: 0, maximumBody: 16 * 1024, requestMilliseconds: 10_000 }
const MAXIMUM_CONNECTIONS = 100

/** Why a request is not answered. */
class Rejection extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }
}

/**
 * Puts the HSM service behind HTTP: `POST /key-service` and `POST /dialogue` with a JSON object each. A request that is
 * not of its form is 400 and names the field; a refusal is 200 with `ok: false`.
 *
 * @throws {ShebaoError} `CANNOT_LISTEN` when the address is not to be had
 * @example const server = await startKeyServer({ port: 8585 })
 */
export async function startKeyServer(options: KeyServerHttpOptions = {}): Promise<RunningKeyServer> {
  const { keys = createKeyServer(), allowedHosts = [], allowedOrigins = [], onEvent } = options
  const { host, port, maximumBody, requestMilliseconds } = { ...DEFAULTS, ...withoutUndefined(options) }
  const names = new Set([...LOCAL_NAMES, hostName(host), ...allowedHosts].map((name) => name.toLowerCase()))

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
    const work = { [KEY_SERVICE_PATH]: keys.call, [DIALOGUE_PATH]: keys.dialogue }[request.url ?? ""]
    if (!work) throw new Rejection(404, "no such path")
    if (request.method === "OPTIONS" && "vary" in headers) {
      response.writeHead(204, { ...headers, "access-control-allow-headers": "content-type" }).end()
      return
    }
    if (request.method !== "POST") throw new Rejection(405, "expected POST", { allow: "POST" })
    if (!/^application\/json\b/i.test(request.headers["content-type"] ?? ""))
      throw new Rejection(415, "expected application/json")
    send(response, 200, await work(parseJson(await readBody(request, maximumBody))), headers)
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

/** `name` of `name:port`, in small letters. */
function hostName(host: string): string {
  const bare = /^(\[[^\]]*\]|[^:]*)(:\d+)?$/.exec(host)?.[1] ?? `[${host}]`
  return bare.toLowerCase()
}

async function readBody(request: IncomingMessage, maximum: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maximum) throw new Rejection(413, `expected at most ${maximum} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words would repeat what came.
    throw new InputError("body", "expected JSON")
  }
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

function send(
  response: ServerResponse,
  status: number,
  document: object,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers })
  response.end(JSON.stringify(document))
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T
}
