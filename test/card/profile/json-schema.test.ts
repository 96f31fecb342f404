import { describe, expect, it } from "vitest"
import { profileJsonSchema, profileJsonSchemaText } from "../../../src/card/profile/index.js"

describe("the JSON Schema of profiles", () => {
  // After a change of the schema: npx vitest run test/card/profile/json-schema.test.ts -u
  it("is written to profiles/profile.schema.json and up to date", async () => {
    await expect(profileJsonSchemaText()).toMatchFileSnapshot("../../../profiles/profile.schema.json")
  })

  it("demands everything of a whole profile and nothing of one that extends another", () => {
    const schema = profileJsonSchema() as {
      if: unknown
      then: { required?: string[]; properties: Record<string, { required?: string[] }> }
      else: { required: string[]; properties: Record<string, { required?: string[] }> }
    }
    expect(schema.if).toEqual({ type: "object", required: ["extends"] })
    expect(schema.else.required).toContain("holder")
    expect(schema.else.properties.holder!.required).toContain("name")
    expect(schema.else.properties).not.toHaveProperty("extends")
    expect(schema.then.required).toBeUndefined()
    expect(schema.then.properties.holder!.required).toBeUndefined()
    expect(schema.then.properties).toHaveProperty("extends")
  })

  it("forbids unknown fields", () => {
    const { else: whole } = profileJsonSchema() as { else: { additionalProperties: unknown } }
    expect(whole.additionalProperties).toBe(false)
  })
})
