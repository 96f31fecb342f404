import { KEY_SERVICE_PATH } from "../../dictionary/index.js"
import {
  type HttpRejection,
  type HttpServerOptions,
  type Route,
  type RunningHttpServer,
  startHttpServer,
} from "../http/index.js"
import { createKeyServer, type KeyServer, type KeyServerEvent } from "./key-server.js"

/** Where the dialogue of drivers is answered. */
export const DIALOGUE_PATH = "/dialogue"

/** How the HSM service is served; its bodies have at most 16 KiB by default. */
export interface KeyServerHttpOptions extends Omit<HttpServerOptions, "routes" | "onEvent"> {
  /** Default: one with the published test keys. */
  readonly keys?: KeyServer
  readonly onEvent?: (event: KeyServerRejection) => void
}

/** A request that did not reach a key. */
export type KeyServerRejection = HttpRejection

export type { KeyServerEvent }

export type RunningKeyServer = RunningHttpServer

/** The HSM service's routes, to be served alone or beside others. Both check the form of what they get themselves. */
export function keyRoutes(keys: KeyServer): Route[] {
  return [
    {
      method: "POST",
      path: KEY_SERVICE_PATH,
      summary: "Works with a key of a card: proof, external authentication, secured command",
      handle: ({ body }) => keys.call(body),
    },
    {
      method: "POST",
      path: DIALOGUE_PATH,
      summary: "Answers the step of a driver with the input of the next",
      handle: ({ body }) => keys.dialogue(body),
    },
  ]
}

/**
 * Puts the HSM service behind HTTP: `POST /key-service` and `POST /dialogue` with a JSON object each. A request that is
 * not of its form is 400 and names the field; a refusal is 200 with `ok: false`.
 *
 * @throws {ShebaoError} `CANNOT_LISTEN` when the address is not to be had
 * @example const server = await startKeyServer({ port: 8585 })
 */
export function startKeyServer(options: KeyServerHttpOptions = {}): Promise<RunningKeyServer> {
  const { keys = createKeyServer(), onEvent, maximumBody = 16 * 1024, ...rest } = options
  return startHttpServer({
    ...rest,
    maximumBody,
    routes: keyRoutes(keys),
    ...(onEvent && {
      onEvent: (event) => {
        if (event.type === "rejected") onEvent(event)
      },
    }),
  })
}
