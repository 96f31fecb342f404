/** An object of a JSON file. */
export type JsonObject = { readonly [key: string]: unknown }

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Objects merge field by field; lists and single values replace (domain-rules §16). A field that is undefined says nothing. */
export function merge(base: JsonObject, own: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(own)) {
    if (value === undefined) continue
    const before = merged[key]
    merged[key] = isObject(before) && isObject(value) ? merge(before, value) : value
  }
  return merged
}
