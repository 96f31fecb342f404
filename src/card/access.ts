import { InputError } from "../apdu/index.js"
import type { AccessRule, Directory, Secret } from "./layout.js"
import type { Session } from "./session.js"

/** True when the security state satisfies the rule. */
export function satisfies(session: Session, rule: AccessRule): boolean {
  if (rule.free) return true
  for (const [environment, local] of rule.alternatives)
    if ((session.environmentBits & environment) === environment && (session.localBits & local) === local) return true
  return false
}

/**
 * Compiles an access expression for files of a directory (card-structure §1.3): `free`, `never`, `PIN`, a key name, `A|B`
 * either, `A+B` both; `+` binds tighter; empty text means free, `FF` never. Of two operands the left one is looked for in
 * the environment first and the right one in the directory first.
 *
 * @param field what to call the expression in an error message
 * @throws {InputError} when a name is unknown here, or names a key that nobody can authenticate with
 */
export function compileAccess(expression: string, directory: Directory, field: string): AccessRule {
  const text = expression.trim()
  if (text === "" || text === "free") return { text, alternatives: [[0, 0]], free: true }
  if (text === "never" || text === "FF") return { text, alternatives: [], free: false }
  let position = 0
  const alternatives = text.split("|").map((alternative) => {
    let [environment, local] = [0, 0]
    for (const name of alternative.split("+")) {
      const secret = findSecret(name.trim(), directory, position++ === 0 && /[|+]/.test(text))
      if (secret === undefined) throw new InputError(field, unknownName(name.trim(), directory))
      if (secret.bit === 0) throw new InputError(field, `expected a key of use "external", got ${secret.name}`)
      if (secret.local) local |= secret.bit
      else environment |= secret.bit
    }
    return [environment, local] as const
  })
  return { text, alternatives, free: false }
}

function findSecret(name: string, directory: Directory, environmentFirst: boolean): Secret | undefined {
  const { environment } = directory
  if (name === "PIN") return environment.pin
  const places = environmentFirst ? [environment, directory] : [directory, environment]
  for (const { keys } of places) {
    const key = keys.find((candidate) => candidate.name === name)
    if (key) return key
  }
  return undefined
}

function unknownName(name: string, directory: Directory): string {
  const { environment } = directory
  const known = new Set([...(environment.pin ? ["PIN"] : []), ...environment.keys.map((key) => key.name)])
  for (const key of directory.keys) known.add(key.name)
  return `expected free, never, or one of ${[...known].join(", ") || "no key at all"}, got ${JSON.stringify(name)}`
}

/**
 * The key that a refused rule asks for: the first one that is not satisfied yet.
 *
 * Serves the EXTERNAL AUTHENTICATE with P2 = 00 of some kiosks (card-commands §6.3).
 */
export function missingKey(session: Session, rule: AccessRule): Secret | undefined {
  const { directory } = session
  for (const [environment, local] of rule.alternatives) {
    const missing =
      directory.environment.keys.find(
        (key) => !key.local && (key.bit & environment & ~session.environmentBits) !== 0,
      ) ?? directory.keys.find((key) => key.local && (key.bit & local & ~session.localBits) !== 0)
    if (missing) return missing
  }
  return undefined
}
