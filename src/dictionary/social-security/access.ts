import { InputError } from "../../apdu/index.js"

/**
 * An access rule as alternatives, each a set of conditions that must all hold: `free` is one alternative without
 * conditions, `never` has no alternative. A condition is `PIN` or a key name.
 */
export type AccessRule = readonly (readonly string[])[]

/**
 * Reads an access expression (card-structure §1.3): `free`, `never`, `PIN`, a key name, `A|B` either, `A+B` both;
 * `+` binds tighter. As in profiles, empty text means free and `FF` forbidden.
 *
 * @param field what to call the expression in an error message
 * @throws {InputError} when a name is missing or malformed
 * @example parseAccess("PIN|RK1DF01") // [["PIN"], ["RK1DF01"]]
 */
export function parseAccess(expression: string, field = "access"): AccessRule {
  const text = expression.trim()
  if (text === "" || text === "free") return [[]]
  if (text === "never" || text === "FF") return []
  return text.split("|").map((alternative) =>
    alternative.split("+").map((part) => {
      const name = part.trim()
      if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name) || name === "free" || name === "never" || name === "FF")
        throw new InputError(
          field,
          `expected free, never, PIN, key names, and | or + between them, got ${JSON.stringify(expression)}`,
        )
      return name
    }),
  )
}
