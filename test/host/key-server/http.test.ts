import { request } from "node:http"
import { connect } from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import { hex } from "../../../src/apdu/index.js"
import { keyNamed } from "../../../src/dictionary/index.js"
import {
  createKeyServer,
  type KeyServerEvent,
  type KeyServerHttpOptions,
  type KeyServerRejection,
  type RunningKeyServer,
  startKeyServer,
} from "../../../src/host/index.js"
import { hsmKeyService } from "../../../src/terminal/keys/index.js"
import { factors, ORIGINAL } from "../../terminal/keys/vectors.js"

const running: RunningKeyServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function start(options: KeyServerHttpOptions = {}): Promise<RunningKeyServer> {
  const server = await startKeyServer(options)
  running.push(server)
  return server
}

const DOCUMENT = {
  serviceFlag: "246",
  aab301: "320800",
  aaz507: "00815431008660110816000001",
  sfbs: "01",
  sjs1: "1122334455667788",
  sjs2: ORIGINAL,
}

interface Sent {
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A request with headers that `fetch` would not let through. */
function send(
  { port }: RunningKeyServer,
  { path = "/key-service", method = "POST", headers = {}, body = JSON.stringify(DOCUMENT) }: Sent = {},
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; document: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { port, path, method, headers: { "content-type": "application/json", ...headers } },
      (response) => {
        let text = ""
        response.setEncoding("utf8")
        response.on("data", (chunk: string) => {
          text += chunk
        })
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            document: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
          }),
        )
      },
    )
    outgoing.on("error", reject)
    outgoing.end(body)
  })
}

describe("HSM service over HTTP", () => {
  it("answers the dialogue of a driver", async () => {
    const body = JSON.stringify({
      ...DOCUMENT,
      step: "iUnblockPIN_HSM_Step2",
      output: "01|0090|C1C2C3C4C5C6C7C8|8424|",
    })
    const { status, document } = await send(await start(), { path: "/dialogue", body })
    expect({ status, document }).toEqual({ status: 200, document: { ok: true, input: "84240000045F70B247" } })
  })

  it("lets nobody keep an answer", async () => {
    expect((await send(await start())).headers["cache-control"]).toBe("no-store")
  })

  it.each([
    ["another path", { path: "/" }, 404],
    ["another method", { method: "GET", body: "" }, 405],
    ["another type of body", { headers: { "content-type": "text/plain" } }, 415],
    ["another site's name for this machine", { headers: { host: "attacker.example:8585" } }, 403],
    ["a page of another origin", { headers: { origin: "https://attacker.example" } }, 403],
    ["a body that is too long", { body: `"${"0".repeat(20_000)}"` }, 413],
  ])("rejects %s", async (_, sent, expected) => {
    const events: KeyServerRejection[] = []
    const { status, document } = await send(await start({ onEvent: (event) => events.push(event) }), sent)
    expect(status).toBe(expected)
    expect(document.ok).toBe(false)
    expect(events).toMatchObject([{ type: "rejected", status: expected }])
  })

  it.each([
    ["body", "{"],
    ["body", ""],
    ["body", "[1]"],
    ["sjs1", JSON.stringify({ ...DOCUMENT, sjs1: "11" })],
  ])("answers 400 and names %s (%s)", async (field, body) => {
    const { status, document } = await send(await start(), { body })
    expect(status).toBe(400)
    expect(document).toMatchObject({ ok: false, code: "INVALID_INPUT", field })
  })

  it("answers a page of an allowed origin", async () => {
    const server = await start({ allowedOrigins: ["https://kiosk.example"], allowedHosts: ["hsm.example"] })
    const headers = { origin: "https://kiosk.example", host: "HSM.example:8585" }
    const answer = await send(server, { headers })
    expect(answer.status).toBe(200)
    expect(answer.headers["access-control-allow-origin"]).toBe("https://kiosk.example")
    expect((await send(server, { method: "OPTIONS", headers, body: "" })).status).toBe(204)
  })

  it("closes on a request that does not end", async () => {
    const { port } = await start({ requestMilliseconds: 100 })
    const socket = connect(port, "127.0.0.1")
    socket.write("POST /key-service HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{")
    await new Promise<void>((resolve) => {
      socket.on("error", () => undefined)
      socket.on("close", () => resolve())
      socket.resume()
    })
  })

  it("logs no secret: neither keys, nor PINs, nor what was made", async () => {
    const log: (KeyServerEvent | KeyServerRejection)[] = []
    const note = (event: KeyServerEvent | KeyServerRejection) => log.push(event)
    const server = await start({ keys: createKeyServer({ onEvent: note }), onEvent: note })
    const dialogue = { ...DOCUMENT, step: "iReloadPIN_HSM_Step2" }
    const right = { ...dialogue, output: "01|0090|C1C2C3C4C5C6C7C8|8424|918273|" }
    const wrong = { ...dialogue, output: "01|0090|C1C2C3C4C5C6C7C8|0000|918273|" }
    for (const body of [right, wrong].map((document) => JSON.stringify(document)))
      await send(server, { path: "/dialogue", body })
    await send(server, { body: "918273 is no JSON" })
    expect(log).toHaveLength(3)
    expect(JSON.stringify(log)).not.toMatch(/918273|C1C2C3C4|D3C829/)
  })

  it("says when its address is taken", async () => {
    const { port } = await start()
    await expect(startKeyServer({ port })).rejects.toMatchObject({ code: "CANNOT_LISTEN" })
  })
})

describe("a back office that does not answer as one", () => {
  const ask = {
    key: keyNamed("IRK"),
    algorithm: "3des",
    factors,
    factor: new Uint8Array(8),
    original: new Uint8Array(8),
  } as const

  it("is not there", async () => {
    const server = await startKeyServer()
    await server.close()
    expect(await hsmKeyService(server.url).internalAuthentication(ask)).toMatchObject({
      ok: false,
      code: "KEY_SERVICE_UNREACHABLE",
    })
  })

  it("is another service", async () => {
    const { url } = await start()
    expect(await hsmKeyService(`${url}/elsewhere/`).internalAuthentication(ask)).toMatchObject({
      ok: false,
      code: "KEY_SERVICE_UNREACHABLE",
    })
  })

  it("refuses: the refusal comes through", async () => {
    const { url } = await start({ keys: createKeyServer({ regions: ["11"] }) })
    const answer = await hsmKeyService(url).internalAuthentication(ask)
    expect(answer).toMatchObject({ ok: false, code: "KEY_UNKNOWN", message: expect.stringContaining("320800") })
  })

  it.each(["", "localhost:8585", "ftp://localhost", "hsm"])("needs a URL of http (%j)", (url) => {
    expect(() => hsmKeyService(url)).toThrow(/^url: /)
  })

  it("rejects arguments of wrong length like every key service", async () => {
    const keys = hsmKeyService((await start()).url)
    await expect(keys.internalAuthentication({ ...ask, factor: hex("11") })).rejects.toThrow(/^factor: /)
  })
})
