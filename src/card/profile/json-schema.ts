import { z } from "zod"
import { profileSchema } from "./schema.js"

type JsonSchema = { [key: string]: unknown }

/**
 * The JSON Schema of a profile file, for editors: a whole profile, or one that extends another and may leave out
 * everything else. `profiles/profile.schema.json` is this, written by `scripts/write-profile-schema.ts`.
 */
export function profileJsonSchema(): JsonSchema {
  const { $schema, ...whole } = z.toJSONSchema(profileSchema, { io: "input" }) as JsonSchema
  const { properties, ...rest } = withoutRequired(whole) as JsonSchema
  const base = { type: "string", description: "Name of a bundled profile, or a JSON file relative to this one" }
  return {
    $schema,
    title: "shebao card profile",
    if: { type: "object", required: ["extends"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { ...rest, properties: { extends: base, ...(properties as JsonSchema) } },
    else: whole,
  }
}

/** The schema as the text of its file. */
export function profileJsonSchemaText(): string {
  return `${JSON.stringify(profileJsonSchema(), undefined, 2)}\n`
}

/** The same schema with nothing mandatory, for profiles whose base gives the rest. */
function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired)
  if (typeof schema !== "object" || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => key !== "required" || !Array.isArray(value))
      .map(([key, value]) => [key, withoutRequired(value)]),
  )
}
