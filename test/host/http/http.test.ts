import { request } from "node:http"
import { connect } from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import { z } from "zod"
import {
  aboutRoutes,
  type HttpEvent,
  type HttpServerOptions,
  openApiDocument,
  type Route,
  type RunningHttpServer,
  route,
  startHttpServer,
} from "../../../src/host/index.js"

const running: RunningHttpServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

const SECRET = "999999199001010016"
const ROUTES: Route[] = [
  route({
    method: "POST",
    path: "/echo/{name}",
    summary: "Says what it got",
    body: z.strictObject({ count: z.number().int(), deep: z.strictObject({ day: z.iso.date() }).optional() }),
    handle: ({ body, parameters, caller }) => ({
      ok: true,
      count: body.count,
      name: parameters.name,
      caller,
      fen: 12n,
      bytes: Uint8Array.of(1, 255),
    }),
  }),
  { method: "GET", path: "/echo", summary: "Nothing", handle: () => ({ ok: true }) },
  {
    method: "GET",
    path: "/broken",
    summary: "Breaks",
    handle: () => {
      throw new Error(`cannot find ${SECRET}`)
    },
  },
]
const INFO = { title: "test", version: "1" }

async function start(options: Partial<HttpServerOptions> = {}): Promise<RunningHttpServer> {
  const server = await startHttpServer({ routes: [...ROUTES, ...aboutRoutes(INFO, ROUTES)], ...options })
  running.push(server)
  return server
}

interface Sent {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A request with headers that `fetch` would not let through. */
function send(
  { port }: RunningHttpServer,
  sent: Sent = {},
): Promise<{ status: number; document: Record<string, unknown>; headers: NodeJS.Dict<string | string[]> }> {
  const { path = "/echo/x", method = "POST", headers = {}, body = '{"count":1}' } = sent
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { port, path, method, headers: { "content-type": "application/json", ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString()
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            document: text === "" ? {} : JSON.parse(text),
          })
        })
      },
    )
    outgoing.on("error", reject)
    outgoing.end(method === "GET" ? undefined : body)
  })
}

describe("HTTP server", () => {
  it("hands a checked body and the parts of the path to its route; fen go out as digits, bytes as hex", async () => {
    const { status, document, headers } = await send(await start(), { path: "/echo/%E6%B5%8B?x=1" })
    expect({ status, document }).toEqual({
      status: 200,
      document: { ok: true, count: 1, name: "测", fen: "12", bytes: "01FF" },
    })
    expect(headers["cache-control"]).toBe("no-store")
  })

  it.each([
    ["another path", { path: "/" }, 404],
    ["a path that goes deeper", { path: "/echo/x/y" }, 404],
    ["a path that does not decode", { path: "/echo/%E6" }, 404],
    ["another method", { method: "GET" }, 405],
    ["another type of body", { headers: { "content-type": "text/plain" } }, 415],
    ["another site's name for this machine", { headers: { host: "attacker.example" } }, 403],
    ["a page of another origin", { headers: { origin: "https://attacker.example" } }, 403],
    ["a body that is too long", { body: `"${"0".repeat(70_000)}"` }, 413],
  ])("rejects %s", async (_, sent, expected) => {
    const events: HttpEvent[] = []
    const { status, document } = await send(await start({ onEvent: (event) => events.push(event) }), sent)
    expect([status, document.ok]).toEqual([expected, false])
    expect(events).toMatchObject([{ type: "rejected", status: expected }])
  })

  it.each([
    ["body", "{"],
    ["body", ""],
    ["body", "[]"],
    ["body", '{"count":1,"more":2}'],
    ["count", '{"count":"1"}'],
    ["deep.day", '{"count":1,"deep":{"day":"2025-02-30"}}'],
  ])("answers 400 and names %s for %s", async (field, body) => {
    const { status, document } = await send(await start(), { body })
    expect(status).toBe(400)
    expect(document).toMatchObject({ ok: false, code: "INVALID_INPUT", field })
  })

  it("says nothing of what broke it", async () => {
    const events: HttpEvent[] = []
    const { status, document } = await send(await start({ onEvent: (event) => events.push(event) }), {
      method: "GET",
      path: "/broken",
    })
    expect({ status, document }).toEqual({
      status: 500,
      document: { ok: false, code: "INTERNAL", message: "internal error" },
    })
    expect(JSON.stringify(events)).not.toContain(SECRET)
  })

  it("logs the route, never what stands in its path", async () => {
    const events: HttpEvent[] = []
    await send(await start({ onEvent: (event) => events.push(event) }), { path: `/echo/${SECRET}` })
    expect(events).toEqual([{ type: "answered", method: "POST", path: "/echo/{name}", caller: undefined }])
  })

  it("asks for a token where there are some, and knows whose it is; the description is open", async () => {
    const server = await start({ tokens: new Map([["token-of-window-1", "window-1"]]) })
    expect((await send(server)).status).toBe(401)
    expect((await send(server, { headers: { authorization: "Bearer wrong" } })).status).toBe(401)
    const headers = { authorization: "Bearer token-of-window-1" }
    expect((await send(server, { headers })).document).toMatchObject({ caller: "window-1" })
    expect((await send(server, { method: "GET", path: "/health" })).document).toEqual({ ok: true })
  })

  it("answers a page of an allowed origin", async () => {
    const server = await start({ allowedOrigins: ["https://kiosk.example"] })
    const headers = { origin: "https://kiosk.example" }
    expect((await send(server, { headers })).headers["access-control-allow-origin"]).toBe("https://kiosk.example")
    expect((await send(server, { method: "OPTIONS", headers, body: "" })).status).toBe(204)
  })

  it("closes on a request that does not end", async () => {
    const { port } = await start({ requestMilliseconds: 100 })
    const socket = connect(port, "127.0.0.1")
    socket.write("POST /echo/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{")
    await new Promise<void>((resolve) => {
      socket.on("error", () => undefined)
      socket.on("close", () => resolve())
      socket.resume()
    })
  })

  it("says when its address is taken, and when two routes are the same", async () => {
    const { port } = await start()
    await expect(start({ port })).rejects.toMatchObject({ code: "CANNOT_LISTEN" })
    await expect(start({ routes: [ROUTES[1]!, ROUTES[1]!] })).rejects.toThrow(/^routes: /)
  })
})

describe("description", () => {
  it("is OpenAPI 3.1 made from the schemas that are checked", async () => {
    const { document } = await send(await start(), { method: "GET", path: "/openapi.json" })
    expect(document).toMatchObject({
      openapi: "3.1.0",
      info: INFO,
      paths: {
        "/echo/{name}": {
          post: {
            parameters: [{ name: "name", in: "path", required: true }],
            requestBody: {
              content: {
                "application/json": { schema: { type: "object", required: ["count"], additionalProperties: false } },
              },
            },
          },
        },
        "/health": { get: { security: [] } },
      },
    })
  })

  it("describes what cannot be said in JSON Schema as anything", () => {
    const answer = z.object({ fen: z.bigint() })
    const document = openApiDocument(INFO, [{ method: "GET", path: "/a", summary: "a", answer, handle: () => ({}) }])
    expect(JSON.stringify(document)).toContain('"fen":{}')
  })
})
