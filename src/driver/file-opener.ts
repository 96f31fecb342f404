import { SW } from "../apdu/index.js"
import { type CardKeyService, type DirectoryName, keyNamed, parseAccess } from "../dictionary/index.js"
import { socialSecurityClient } from "../terminal/index.js"
import { authenticate, type Subject } from "./card-work.js"
import { type Answer, refusedWith } from "./codes.js"
import { askAndVerifyPin } from "./pin-entry.js"
import type { DriverSettings } from "./settings.js"

/** Which of the alternatives `PIN|KEY` a caller chose with iAuthType (driver-api §2). */
export type Preference = "pin" | "key"

/** Satisfies the access rules of files one after the other, and keeps in mind what the card has accepted. */
export interface FileOpener {
  /** Makes a directory current, unless it is; keys of the one before are gone. */
  enter(directory: DirectoryName): Promise<Answer>
  /** Does what a rule asks for; its directory must be current. */
  satisfy(rule: string): Promise<Answer>
}

export interface FileOpenerOptions {
  readonly preference: Preference
  readonly keys: CardKeyService | undefined
  /** Directory that is current already, and a key that the card has accepted there. */
  readonly current?: DirectoryName
  readonly authenticated?: string
}

const PIN = "PIN"

export function fileOpener(subject: Subject, settings: DriverSettings, options: FileOpenerOptions): FileOpener {
  const { preference, keys, authenticated } = options
  const satisfied = new Set<string>(authenticated === undefined ? [] : [authenticated])
  let { current } = options

  async function meet(condition: string): Promise<Answer> {
    const met =
      condition === PIN ? await askAndVerifyPin(subject.card, settings) : await authenticate(subject, condition, keys)
    if (met.ok) satisfied.add(condition)
    return met
  }

  return {
    async enter(directory) {
      if (directory === current) return { ok: true }
      const selected = await socialSecurityClient(subject.card).selectDirectory(directory)
      if (!selected.ok) return refusedWith(selected.statusWord)
      for (const name of satisfied) if (name !== PIN && keyNamed(name).directory !== "SSSE") satisfied.delete(name)
      current = directory
      return selected
    },
    async satisfy(rule) {
      const wanted = chooseAlternative(rule, preference, satisfied)
      if (!wanted) return refusedWith(SW.SECURITY_STATUS_NOT_SATISFIED)
      for (const condition of wanted) {
        const met = await meet(condition)
        if (!met.ok) return met
      }
      return { ok: true }
    },
  }
}

/**
 * The conditions of a rule that are still to be met: of the alternative that is met already, else of the one that the caller
 * prefers.
 *
 * @returns undefined for a rule that nothing satisfies
 */
export function chooseAlternative(
  rule: string,
  preference: Preference,
  satisfied: ReadonlySet<string> = new Set(),
): readonly string[] | undefined {
  const alternatives = parseAccess(rule)
  const missing = alternatives.map((conditions) => conditions.filter((name) => !satisfied.has(name)))
  const open = missing.find((conditions) => conditions.length === 0)
  if (open) return open
  const preferred = alternatives.findIndex((conditions) => conditions.includes(PIN) === (preference === "pin"))
  return missing[preferred === -1 ? 0 : preferred]
}
