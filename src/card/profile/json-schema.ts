import { z } from "zod"
import { cardKinds, kindNamed } from "./kinds.js"

type JsonSchema = { [key: string]: unknown }

/**
 * The JSON Schema of a profile file, for editors: for each kind of card a whole profile, or one that extends another and
 * may leave out everything else. `card` chooses the kind; without it a profile is checked as a social security card.
 * `profiles/profile.schema.json` is this; a test keeps it up to date.
 */
export function profileJsonSchema(): JsonSchema {
  const [standard, ...others] = cardKinds.map((card) => [card, kindJsonSchema(card)] as const)
  const chosen = others.reduceRight<JsonSchema>(
    (otherwise, [card, { rule }]) => ({
      if: { type: "object", required: ["card"], properties: { card: { const: card } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: rule,
      else: otherwise,
    }),
    standard![1].rule,
  )
  const definitions = Object.assign({}, ...[standard!, ...others].map(([, kind]) => kind.definitions)) as JsonSchema
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "shebao card profile",
    ...chosen,
    ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
  }
}

/** A kind's rule, and the definitions that it refers to. */
function kindJsonSchema(card: string): { rule: JsonSchema; definitions: JsonSchema } {
  const { $schema: _, $defs = {}, ...whole } = z.toJSONSchema(kindNamed(card).schema, { io: "input" }) as JsonSchema
  const variants = (whole.oneOf ?? whole.anyOf ?? [whole]) as JsonSchema[]
  const base = { type: "string", description: "Name of a bundled profile, or a JSON file relative to this one" }
  const rule = {
    if: { type: "object", required: ["extends"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      type: "object",
      properties: { extends: base, ...(withoutRequired(allProperties(variants)) as JsonSchema) },
      additionalProperties: false,
    },
    else: whole,
  }
  return { rule, definitions: $defs as JsonSchema }
}

/** What any variant of a kind may have: only the base of a profile tells which variant it is. */
function allProperties(variants: readonly JsonSchema[]): JsonSchema {
  const merged: JsonSchema = {}
  for (const { properties } of variants)
    for (const [name, schema] of Object.entries(properties as JsonSchema)) {
      const known = merged[name]
      const isSame = known === undefined || JSON.stringify(known) === JSON.stringify(schema)
      merged[name] = isSame ? schema : { anyOf: [known, schema] }
    }
  return merged
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
