import type { z } from "zod"

/** What a handler gets. */
export interface RouteRequest<Body = unknown> {
  /** The body, checked by the route's schema where it has one. */
  readonly body: Body
  /** Values of the `{names}` in the path. */
  readonly parameters: Readonly<Record<string, string>>
  /** Who asks, as the sender authenticated: the name of a token; undefined when the server asks for none. */
  readonly caller: string | undefined
}

/** One operation that a server offers. */
export interface Route {
  readonly method: "GET" | "POST"
  /** Fixed parts and `{names}`: `/medical/withdrawals/{id}/verify`. */
  readonly path: string
  /** One line for the description. */
  readonly summary: string
  /** Form of the body; a body that is not of it is 400 and names the field. */
  readonly body?: z.ZodType
  /** Form of the answer, for the description. */
  readonly answer?: z.ZodType
  /** Anybody may ask, with no token: the description, whether the server lives. */
  readonly isOpen?: boolean
  /** A refusal of the house is an answer too, with `ok: false`. @throws {InputError} becomes 400 */
  handle(request: RouteRequest): Promise<object> | object
}

/** A route whose handler knows the type of its body. */
export function route<Schema extends z.ZodType>(
  definition: Omit<Route, "handle" | "body"> & {
    readonly body: Schema
    handle(request: RouteRequest<z.output<Schema>>): Promise<object> | object
  },
): Route {
  return definition as unknown as Route
}

/** A route that matches, and what its path says. */
interface Match {
  readonly route: Route
  readonly parameters: Readonly<Record<string, string>>
}

export interface Router {
  /** `methods`: those that the path has when it has none of this method. */
  find(method: string, path: string): Match | { readonly methods: readonly string[] }
}

/**
 * Looks routes up by method and path.
 *
 * @throws {RangeError} `routes` when two have the same method and path
 */
export function createRouter(routes: readonly Route[]): Router {
  const patterns = routes.map((one) => ({ route: one, parts: one.path.split("/") }))
  const names = routes.map(({ method, path }) => `${method} ${path.replace(/\{[^}]*\}/g, "{}")}`)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new RangeError(`routes: expected each once, got ${twice} twice`)
  return {
    find(method, path) {
      const parts = path.split("/")
      const methods: string[] = []
      for (const pattern of patterns) {
        const parameters = matchParts(pattern.parts, parts)
        if (!parameters) continue
        if (pattern.route.method === method) return { route: pattern.route, parameters }
        methods.push(pattern.route.method)
      }
      return { methods }
    },
  }
}

function matchParts(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined
  const parameters: Record<string, string> = {}
  for (let i = 0; i < pattern.length; i++) {
    const name = /^\{(.+)\}$/.exec(pattern[i]!)?.[1]
    if (name === undefined) {
      if (pattern[i] !== parts[i]) return undefined
    } else {
      const value = decoded(parts[i]!)
      if (!value) return undefined
      parameters[name] = value
    }
  }
  return parameters
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
