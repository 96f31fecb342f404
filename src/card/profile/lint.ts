import { InputError } from "../../apdu/index.js"
import { profileAtr } from "./atr.js"
import { profileToSpec } from "./compile.js"
import { type Finding, findingOf } from "./finding.js"
import type { LintOptions } from "./kind.js"
import { kindOf, type Profile } from "./kinds.js"
import { lintAtr } from "./lint-atr.js"
import { lintCapabilities } from "./lint-capabilities.js"

export type { Finding } from "./finding.js"
export type { LintOptions } from "./kind.js"

/**
 * Looks for everything that is wrong or odd in a profile beyond its schema: check digits, dates, code lists, the answer
 * to reset, sizes and GBK, fields that contradict one another.
 *
 * @returns errors first; nothing for a good profile. Personal values are not repeated.
 * @example lintProfile(loadProfile("employee")) // []
 * @example lintProfile(loadProfile("employee-expired"), { today: "20260101" }) // two warnings
 */
export function lintProfile(profile: Profile, options: LintOptions = {}): Finding[] {
  const findings = [...(kindOf(profile).lint?.(profile, options) ?? []), ...lintAnswerToReset(profile)]
  const contents = attempt(() => profileToSpec(profile))
  if ("value" in contents) findings.push(...lintCapabilities(contents.value))
  else if (!isKnown(findings, contents.finding)) findings.push(contents.finding)
  return findings.sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"))
}

function lintAnswerToReset(profile: Profile): Finding[] {
  const atr = attempt(() => profileAtr(profile))
  return "finding" in atr ? [atr.finding] : lintAtr(atr.value, profile.atr.hex === undefined ? "atr" : "atr.hex")
}

/** True when a more exact finding tells of the same fault. */
function isKnown(findings: readonly Finding[], { field }: Finding): boolean {
  return findings.some(
    (found) => found.severity === "error" && (found.field === field || found.field === `${field}.hex`),
  )
}

/** What only putting the card together shows: a value that does not fit, or is not in GBK; an unknown field. */
function attempt<T>(make: () => T): { readonly value: T } | { readonly finding: Finding } {
  try {
    return { value: make() }
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    return { finding: findingOf(cause) }
  }
}
