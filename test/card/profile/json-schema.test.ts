import { describe, expect, it } from "vitest"
import { profileJsonSchema, profileJsonSchemaText } from "../../../src/card/profile/index.js"

describe("the JSON Schema of profiles", () => {
  // After a change of the schema: npx vitest run test/card/profile/json-schema.test.ts -u
  it("is written to profiles/profile.schema.json and up to date", async () => {
    await expect(profileJsonSchemaText()).toMatchFileSnapshot("../../../profiles/profile.schema.json")
  })

  it("demands everything of a whole profile and nothing of one that extends another", () => {
    const schema = ruleOf("social-security")
    expect(schema.if).toEqual({ type: "object", required: ["extends"] })
    const [person, employer] = schema.else.oneOf!
    expect(person!.required).toContain("holder")
    expect(person!.properties.holder!.required).toContain("name")
    expect(employer!.required).toContain("employer")
    expect(person!.properties).not.toHaveProperty("extends")
    expect(schema.then.required).toBeUndefined()
    expect(schema.then.properties.employer!.required).toBeUndefined()
    expect(schema.then.properties.holder!.required).toBeUndefined()
    expect(schema.then.properties).toHaveProperty("extends")
  })

  it("has a rule for every kind of card, and for one that says nothing", () => {
    expect(ruleOf("iso").else.required).toContain("root")
    expect(ruleOf("iso").then.required).toBeUndefined()
    expect(ruleOf(undefined)).toEqual(ruleOf("social-security"))
  })

  it("defines everything that it refers to", () => {
    const { $defs } = profileJsonSchema() as { $defs: object }
    const references = [...profileJsonSchemaText().matchAll(/"#\/\$defs\/([^"]+)"/g)].map(([, name]) => name)
    expect(references).toContain("isoDirectory")
    for (const name of references) expect($defs).toHaveProperty(name!)
  })

  it("forbids unknown fields", () => {
    const { then: extended, else: whole } = ruleOf("social-security")
    for (const variant of [extended, ...whole.oneOf!]) expect(variant.additionalProperties).toBe(false)
    expect(ruleOf("iso").else.additionalProperties).toBe(false)
  })
})

interface ObjectSchema {
  readonly required?: string[]
  readonly properties: Record<string, { required?: string[] }>
  readonly additionalProperties: unknown
  readonly oneOf?: readonly ObjectSchema[]
}

interface Rule {
  readonly if: { readonly required: string[]; readonly properties?: { readonly card: { readonly const: string } } }
  readonly then: ObjectSchema
  readonly else: ObjectSchema
}

/** The rule that the chain of conditions chooses for a value of `card`. */
function ruleOf(card: string | undefined): Rule {
  let rule = profileJsonSchema() as unknown as Rule
  for (;;) {
    const chosen = rule.if.properties?.card.const
    if (chosen === undefined) return rule
    rule = (chosen === card ? rule.then : rule.else) as unknown as Rule
  }
}
