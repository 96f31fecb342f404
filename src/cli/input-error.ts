import { type InputError, wrongInput } from "../apdu/index.js"
import type { Text } from "./language.js"

/** An error about what a person gave, told in both languages. */
export function inputError(
  field: string,
  { en, zh }: Text,
  options: { readonly code?: string; readonly cause?: unknown } = {},
): InputError {
  return wrongInput(field, zh, en, options)
}
