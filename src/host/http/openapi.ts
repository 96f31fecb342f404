import { z } from "zod"
import type { Route } from "./route.js"

/** What a description says about the service as a whole. */
export interface OpenApiInfo {
  readonly title: string
  readonly version: string
  readonly description?: string
}

type Json = { readonly [key: string]: unknown }

/** The JSON Schema of what a sender writes, without the dialect's name, which the document gives once. */
function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json
  return rest
}

const json = (schema: Json) => ({ "application/json": { schema } })

/** What every operation may answer besides its own answer. */
const FAILURE = {
  type: "object",
  required: ["ok", "code", "message"],
  properties: {
    ok: { const: false },
    code: { type: "string" },
    message: { type: "string" },
    field: { type: "string", description: "Path of the field that is not of its form" },
  },
}

function operation({ summary, path, body, answer, isOpen }: Route): Json {
  const parameters = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }))
  return {
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: json(schemaOf(body, "input")) } }),
    ...(isOpen && { security: [] }),
    responses: {
      "200": {
        description: "Done, or refused by a rule of the house",
        content: json(answer ? schemaOf(answer, "output") : { type: "object" }),
      },
      default: { description: "Not of its form, not allowed, or a fault", content: json(FAILURE) },
    },
  }
}

/**
 * Describes routes as OpenAPI 3.1; the schemas are those that the server checks with.
 *
 * @example openApiDocument({ title: "shebao", version: "0.1.0" }, routes).openapi // "3.1.0"
 */
export function openApiDocument(info: OpenApiInfo, routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    const operations = (paths[route.path] ??= {})
    operations[route.method.toLowerCase()] = operation(route)
  }
  return {
    openapi: "3.1.0",
    info,
    security: [{ bearer: [] }, {}],
    components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    paths,
  }
}

/** Routes that tell about the others: the description, and that the server lives. */
export function aboutRoutes(info: OpenApiInfo, routes: readonly Route[]): Route[] {
  const about: Route[] = [
    {
      method: "GET",
      path: "/openapi.json",
      summary: "This description",
      isOpen: true,
      handle: () => openApiDocument(info, [...routes, ...about]),
    },
    {
      method: "GET",
      path: "/health",
      summary: "Whether the service lives",
      isOpen: true,
      handle: () => ({ ok: true }),
    },
  ]
  return about
}
